import { byCodeUnit } from '../base/order.ts';
import type { RecallRow } from '../answers/recall.ts';

/** The columns of the recalled list, in the order they stand in. */
export const columnNames = [
  'rank',
  'ad',
  'moved',
  'score',
  'model',
  'via',
  'from',
  'category',
  'brand',
  'price',
  'id',
  'engaged',
] as const;
export type ColumnName = (typeof columnNames)[number];

export const isColumn = (name: unknown): name is ColumnName => columnNames.some((column) => column === name);

/** `reverse`: the last first. */
export interface Sort {
  readonly by: ColumnName;
  readonly reverse: boolean;
}

type Key = string | number | null;

/** What a column sorts by: figures largest first, texts in code-unit order, ranks from 1; what moved up furthest first. */
const keys: Readonly<Record<ColumnName, (ad: RecallRow, before: ReadonlyMap<string, number> | null) => Key>> = {
  rank: (ad) => ad.rank,
  ad: (ad) => (ad.title === '' ? ad.adId : ad.title),
  moved: (ad, before) => (before === null ? null : -((before.get(ad.adId) ?? Number.MAX_SAFE_INTEGER) - ad.rank)),
  score: (ad) => -ad.score,
  model: (ad) => (ad.modelScore === null ? null : -ad.modelScore),
  via: (ad) => ad.via,
  from: (ad) => -ad.channels.length,
  category: (ad) => ad.category,
  brand: (ad) => ad.brand,
  price: (ad) => ad.price,
  id: (ad) => ad.adId,
  engaged: (ad) => ad.engagement?.kind ?? null,
};

const compare = (a: Key, b: Key): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return typeof a === 'number' && typeof b === 'number' ? a - b : byCodeUnit(String(a), String(b));
};

/** A copy in order of a column; ties keep the order of the ranks, and rows without a value stand last either way. */
export const sorted = (
  ads: readonly RecallRow[],
  sort: Sort | null,
  before: ReadonlyMap<string, number> | null,
): readonly RecallRow[] => {
  if (sort === null) return ads;
  const key = keys[sort.by];
  const sign = sort.reverse ? -1 : 1;
  return [...ads].sort((a, b) => {
    const [x, y] = [key(a, before), key(b, before)];
    return (x === null || y === null ? compare(x, y) : sign * compare(x, y)) || a.rank - b.rank;
  });
};
