import type { CompareData, RecallRow } from '../../../answers/recall.ts';
import { t } from '../../../base/texts.ts';
import type { RecallQuery } from '../../../domain/query.ts';
import { differenceLines, likeness } from './compare-sentences.ts';
import { figure, instant } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { rankArrow, table, type Column } from '../../text/table.ts';
import { didIt, sentence } from '../../text/sentences.ts';

/** What this query leaves out and the other does not: channels and feature groups. */
const withoutOf = (query: RecallQuery, other: RecallQuery): string[] => {
  const left = [
    ...query.disabled.filter((channel) => !other.disabled.includes(channel)),
    ...Object.keys(query.weights).filter((group) => query.weights[group] === 0 && other.weights[group] !== 0),
  ];
  return left.length === 0 ? [] : [t('without {removed}', { removed: left.join(', ') })];
};

const nameOf = (query: RecallQuery, other: RecallQuery): string => {
  const parts = [
    ...(query.userId === other.userId ? [] : [query.userId]),
    ...(query.mode === other.mode && query.userId !== other.userId ? [] : [query.mode]),
    ...(query.asOf === other.asOf ? [] : [instant(query.asOf)]),
    ...(query.mode === other.mode ? withoutOf(query, other) : []),
  ];
  return parts.join(' ');
};

/** Names for the two lists: what differs between their queries, `a` and `b` where that is something finer. */
const names = ({ queries: { a, b } }: CompareData): readonly [string, string] => {
  const [left, right] = [nameOf(a, b), nameOf(b, a)];
  return left === right ? [`${left} (a)`, `${right} (b)`] : [left, right];
};

const headline = (data: CompareData): string => {
  const [a, b] = names(data);
  const { overlap, truth } = data;
  const shares = likeness(overlap, [a, data.a.length], [b, data.b.length]);
  if (truth.a.engaged === 0 && truth.b.engaged === 0) return shares;
  return `${shares} ${t('Engaged ads recalled: {a} against {b}.', { a: truth.a.recalled, b: truth.b.recalled })}`;
};

interface Pair {
  readonly rank: number;
  readonly left: RecallRow | null;
  readonly right: RecallRow | null;
}

const joined = ({ a, b }: CompareData): Pair[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => ({
    rank: i + 1,
    left: a[i] ?? null,
    right: b[i] ?? null,
  }));

const side = (row: RecallRow | null, ascii: boolean): Line => {
  if (row === null) return [];
  return row.engagement === null
    ? [span(row.title === '' ? row.adId : row.title)]
    : [
        span(`${ascii ? '*' : '✓'} `, 'good'),
        span(row.title === '' ? row.adId : row.title),
        span(` ${didIt(row.engagement.kind)}`, 'good'),
      ];
};

/** Both lists side by side, rank by rank; the arrows tell where each ad of the right list came from. */
export const compareView = (data: CompareData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const ascii = options.ascii === true;
  const [a, b] = names(data);
  const rankInA = new Map(data.a.map((row) => [row.adId, row.rank]));
  const inB = new Set(data.b.map((row) => row.adId));
  const columns: ReadonlyArray<Column<Pair>> = [
    { title: '#', align: 'right', cell: (p) => String(p.rank) },
    { title: a, min: 10, flex: 1, cell: (p) => side(p.left, ascii) },
    { title: '', cell: (p) => (p.left !== null && !inB.has(p.left.adId) ? rankArrow(1, null, ascii) : '') },
    { title: b, min: 10, flex: 1, cell: (p) => side(p.right, ascii) },
    {
      title: '',
      cell: (p) => (p.right === null ? '' : rankArrow(rankInA.get(p.right.adId) ?? null, p.right.rank, ascii)),
    },
    { title: t('score'), align: 'right', drop: 1, cell: (p) => (p.right === null ? '' : figure(p.right.score)) },
  ];
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...differenceLines(data, [a, b], width),
      blank,
      ...table(columns, joined(data), width),
    ],
    width,
    height,
  );
};
