import type { AppState } from '../../state/state.ts';
import { utcShort } from '../text/figures.ts';
import { span, type Line } from '../text/line.ts';
import { sparkline } from '../text/sparkline.ts';

const day = 86_400_000;

interface Window {
  readonly from: number;
  readonly until: number;
}

/** Sixty days around as-of, no further than the behaviours and promotions reach. */
const windowOf = (
  eventTimes: readonly number[],
  calendar: ReadonlyArray<{ from: number; until: number }>,
  asOf: number,
): Window => {
  const near = calendar.filter(
    (entry) => Math.abs(entry.from - asOf) < 45 * day || Math.abs(entry.until - asOf) < 45 * day,
  );
  const first = Math.min(asOf, ...eventTimes, ...near.map((e) => e.from));
  const last = Math.max(asOf, ...eventTimes, ...near.map((e) => e.until));
  const from = Math.max(first, asOf - 45 * day);
  return { from, until: Math.max(from + day, Math.min(last, asOf + 30 * day)) + 1 };
};

/** What the strip is laid out from. */
export interface StripRead {
  readonly eventTimes: AppState['eventTimes'];
  readonly calendar: ReadonlyArray<{ readonly value: string; readonly from: number; readonly until: number }>;
  /** null: nothing was asked yet. */
  readonly asOf: number | null;
}

/**
 * The user's behaviours over time, later ones too, with the promotions as bands and as-of as a mark:
 * where a step in time leads. Three lines; none without behaviours.
 */
export const stripLines = ({ eventTimes, calendar, asOf }: StripRead, width: number, ascii: boolean): Line[] => {
  if (asOf === null || eventTimes.length === 0 || width < 24) return [];
  const { from, until } = windowOf(eventTimes, calendar, asOf);
  const cells = width - 1;
  const cellOf = (at: number): number =>
    Math.max(0, Math.min(cells - 1, Math.floor(((at - from) / (until - from)) * cells)));
  const counts = Array.from({ length: cells }, () => 0);
  for (const at of eventTimes) if (at >= from && at < until) counts[cellOf(at)] = (counts[cellOf(at)] ?? 0) + 1;
  const cursor = cellOf(asOf);
  const spark = sparkline(counts, ascii);
  const bands = Array.from({ length: cells }, (): string => (ascii ? '.' : '·'));
  for (const entry of calendar.filter((e) => e.value !== '' && e.until > from && e.from < until)) {
    const [a, b] = [cellOf(entry.from), cellOf(entry.until - 1)];
    for (let i = a; i <= b; i++) bands[i] = entry.value.charAt(i - a) || (ascii ? '=' : '▀');
  }
  bands[cursor] = ascii ? '^' : '▲';
  const stops = `${utcShort(from)}${' '.repeat(Math.max(1, cells - 22))}${utcShort(until)}`;
  return [
    [span(' '), span(spark.slice(0, cursor), 'accent'), span(spark.slice(cursor), 'dim')],
    [
      span(' '),
      span(bands.slice(0, cursor).join(''), 'warn'),
      span(bands[cursor] ?? '', 'bold'),
      span(bands.slice(cursor + 1).join(''), 'warn'),
    ],
    [span(` ${stops}`, 'dim')],
  ];
};
