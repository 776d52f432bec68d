import { jaccard, rbo } from '../domain/rank-similarity.ts';
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

/** How alike two lists are: RBO extrapolated at p = 0.9. */
export interface Overlap { readonly rbo: number; readonly jaccard: number }

export interface Movement {
  readonly entered: readonly Move[];
  readonly left: readonly Move[];
  /** Ads in both lists at another rank, largest shift first. */
  readonly moved: readonly Move[];
  readonly common: number;
  readonly overlap: Overlap;
  /** Ads that came and went by the channel that placed them, most first. */
  readonly channels: ReadonlyArray<{ readonly channel: string; readonly entered: number; readonly left: number }>;
}

const shift = (m: Move): number => Math.abs((m.from ?? 0) - (m.to ?? 0));
const byId = (a: Move, b: Move): number => (a.adId < b.adId ? -1 : a.adId > b.adId ? 1 : 0);

const channelsOf = (came: readonly ListedAd[], went: readonly ListedAd[]): Movement['channels'] =>
  [...new Set([...came, ...went].map((ad) => ad.via))]
    .map((channel) => ({ channel, entered: came.filter((ad) => ad.via === channel).length, left: went.filter((ad) => ad.via === channel).length }))
    .sort((x, y) => y.entered + y.left - x.entered - x.left || (x.channel < y.channel ? -1 : 1));

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
  const went = a.filter((ad) => !after.has(ad.adId));
  const left = went.map((ad) => ({ adId: ad.adId, title: ad.title, from: ad.rank, to: null, scoreFrom: ad.score, scoreTo: null }));
  const moved = both.filter((m) => m.from !== m.to).sort((x, y) => shift(y) - shift(x) || byId(x, y));
  const ids = [[...before.keys()], [...after.keys()]] as const;
  return {
    entered, left, moved, common: both.length,
    overlap: { rbo: rbo(...ids), jaccard: jaccard(...ids) }, channels: channelsOf(b.filter((ad) => !before.has(ad.adId)), went),
  };
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
