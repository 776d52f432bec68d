import { t } from '../../base/texts.ts';
import type { CalendarEntry } from '../../domain/inputs.ts';
import type { TimelinePoint, TimelineProbe } from '../../engine/timeline.ts';
import { fitCells } from './cells.ts';
import { figure, utcShort } from './figures.ts';
import { blank, span, type Line } from './line.ts';
import { sparkline } from './sparkline.ts';

export interface PlotInput {
  readonly points: readonly TimelineProbe[];
  readonly bands: readonly CalendarEntry[];
  readonly k: number;
  /** Instants of the user's behaviours. */
  readonly events: readonly number[];
}

const margin = 8;
const rows = 8;

/** The first rank of each row, by logarithm from rank 1 to k; in a short list a rank has one row and no row is without a rank. */
const firstRanks = (k: number): number[] =>
  [...new Set(Array.from({ length: rows }, (_, row) => Math.ceil((k + 1) ** (row / rows) - 1e-9)))].filter(
    (rank) => rank <= Math.max(1, k),
  );
/** Which row shows a rank; the one after the last shows everything below k. */
const rowOf = (rank: number, k: number, first: readonly number[]): number =>
  rank > k ? first.length : first.findLastIndex((from) => from <= rank);

/** A column a step, with the probes that follow it before the next: time runs evenly. */
const bySteps = (points: readonly TimelineProbe[]): TimelineProbe[][] => {
  const groups: TimelineProbe[][] = [];
  for (const point of points) {
    const last = groups.at(-1);
    if (last === undefined || point.by === 'step') groups.push([point]);
    else last.push(point);
  }
  return groups;
};

/** Steps that share a column where the width has no room for each; the best rank stands for all, so that a short visit is seen. */
const columns = (points: readonly TimelineProbe[], width: number): TimelineProbe[][] => {
  const steps = bySteps(points);
  const size = Math.max(1, Math.ceil(steps.length / Math.max(1, width)));
  return Array.from({ length: Math.ceil(steps.length / size) }, (_, i) => steps.slice(i * size, (i + 1) * size).flat());
};

const best = (points: readonly TimelinePoint[], rank: (p: TimelinePoint) => number | null): number | null =>
  points.reduce<number | null>((top, p) => {
    const r = rank(p);
    return r !== null && (top === null || r < top) ? r : top;
  }, null);

const label = (content: string): string => `${fitCells(content, margin - 1, 'right')} `;

const rankRows = ({ points, k }: PlotInput, groups: readonly TimelinePoint[][], ascii: boolean): Line[] => {
  const [inList, below, none] = ascii ? ['#', '.', ' '] : ['●', '·', ' '];
  const first = firstRanks(k);
  const marks = groups.map((group) => {
    const listed = best(group, (p) => p.listRank);
    const exact = best(group, (p) => p.exactRank);
    return listed === null
      ? { row: exact === null ? -1 : rowOf(exact, k, first), mark: below }
      : { row: rowOf(listed, k, first), mark: inList };
  });
  const last = points.some((p) => p.listRank === null && p.exactRank !== null) ? first.length + 1 : first.length;
  return Array.from({ length: last }, (_, row): Line => [
    span(label(row === first.length ? `> ${k}` : `#${first[row] ?? ''}`), 'dim'),
    span(marks.map((m) => (m.row === row ? m.mark : none)).join(''), row === first.length ? 'dim' : 'accent'),
  ]);
};

const scoreRow = (groups: readonly TimelinePoint[][], ascii: boolean): Line => {
  const scores = groups.map((group) => Math.max(...group.map((p) => p.modelScore ?? Number.NEGATIVE_INFINITY)));
  const finite = scores.filter(Number.isFinite);
  if (finite.length === 0) return blank;
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return [
    span(label(t('score')), 'dim'),
    span(
      sparkline(
        scores.map((s) => (Number.isFinite(s) ? s - low : 0)),
        ascii,
      ),
    ),
    span(`  ${t('{from} to {to}', { from: figure(low), to: figure(high) })}`, 'dim'),
  ];
};

/** The part of [from, until) that each column covers. */
const spansOf = (groups: readonly TimelinePoint[][]): ReadonlyArray<readonly [number, number]> =>
  groups.map((group, i) => [group[0]?.at ?? 0, groups[i + 1]?.[0]?.at ?? (group.at(-1)?.at ?? 0) + 1]);

const carrierRow = (groups: readonly TimelinePoint[][]): Line => [
  span(label(t('by')), 'dim'),
  span(groups.map((group) => group.find((p) => p.listRank !== null)?.carriedBy?.charAt(0) ?? ' ').join(''), 'good'),
];

/** Rank by logarithm (a dot where the ad is outside the list), score, carrying group, behaviours, promotion band, time. */
export const plotLines = (input: PlotInput, width: number, ascii: boolean): Line[] => {
  const { points, bands, events } = input;
  if (points.length === 0 || width < margin + 8) return [];
  const groups = columns(points, width - margin - 20);
  const spans = spansOf(groups);
  const [promo, event] = ascii ? ['=', '|'] : ['▀', '╵'];
  const row = (name: string, mark: string, covers: (from: number, until: number) => boolean): Line => [
    span(label(name), 'dim'),
    span(spans.map(([from, until]) => (covers(from, until) ? mark : ' ')).join(''), 'warn'),
  ];
  const first = utcShort(points[0]?.at ?? null);
  const last = utcShort(points.at(-1)?.at ?? null);
  return [
    ...rankRows(input, groups, ascii),
    scoreRow(groups, ascii),
    carrierRow(groups),
    ...(events.length === 0
      ? []
      : [row(t('acts'), event, (from, until) => events.some((at) => at >= from && at < until))]),
    ...bands.map((band) => row(band.value, promo, (from, until) => band.from < until && from < band.until)),
    [
      span(label(t('UTC')), 'dim'),
      span(
        groups.length >= first.length + last.length + 2
          ? `${first}${' '.repeat(groups.length - first.length - last.length)}${last}`
          : t('{from} to {to}', { from: first, to: last }),
        'dim',
      ),
    ],
  ];
};
