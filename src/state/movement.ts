import type { ListedAd, RecallAnswer } from './data.ts';

/** One ad against the baseline; null = not in that list. */
export interface Move {
  readonly adId: string;
  readonly title: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly scoreFrom: number | null;
  readonly scoreTo: number | null;
}

export interface Movement {
  readonly entered: readonly Move[];
  readonly left: readonly Move[];
  /** Ads in both lists at another rank, largest shift first. */
  readonly moved: readonly Move[];
  readonly common: number;
}

const shift = (m: Move): number => Math.abs((m.from ?? 0) - (m.to ?? 0));
const byId = (a: Move, b: Move): number => (a.adId < b.adId ? -1 : a.adId > b.adId ? 1 : 0);

const cache = new WeakMap<RecallAnswer, WeakMap<RecallAnswer, Movement>>();

const compute = (a: readonly ListedAd[], b: readonly ListedAd[]): Movement => {
  const before = new Map(a.map((ad) => [ad.adId, ad]));
  const after = new Map(b.map((ad) => [ad.adId, ad]));
  const both: Move[] = [];
  const entered: Move[] = [];
  for (const ad of b) {
    const was = before.get(ad.adId);
    const move = { adId: ad.adId, title: ad.title, from: was?.rank ?? null, to: ad.rank, scoreFrom: was?.score ?? null, scoreTo: ad.score };
    (was === undefined ? entered : both).push(move);
  }
  const left = a.filter((ad) => !after.has(ad.adId)).map((ad) => ({ adId: ad.adId, title: ad.title, from: ad.rank, to: null, scoreFrom: ad.score, scoreTo: null }));
  const moved = both.filter((m) => m.from !== m.to).sort((x, y) => shift(y) - shift(x) || byId(x, y));
  return { entered, left, moved, common: both.length };
};

/** What changed from list `a` to list `b`: entered by new rank, left by old rank, moved by size. */
export const movementOf = (a: RecallAnswer, b: RecallAnswer): Movement => {
  const known = cache.get(a)?.get(b);
  if (known !== undefined) return known;
  const movement = compute(a.ads, b.ads);
  const inner = cache.get(a) ?? new WeakMap<RecallAnswer, Movement>();
  inner.set(b, movement);
  cache.set(a, inner);
  return movement;
};
