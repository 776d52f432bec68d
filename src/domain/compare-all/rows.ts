import type { UserId } from '../ids.ts';
import { hitAtK, intraListDiversity, ndcgAtK, noveltyBits, recallAtK, reciprocalRank, shareOf } from '../metrics.ts';

/** One side's list for one user, and its metrics in the order of `userMetrics(k)`; null = cannot be measured. */
export interface SideRow {
  /** Ordinals, best first. */
  readonly ads: readonly number[];
  /** One digit an ad: the channel that placed it, by its index in `channelNames`. */
  readonly via: string;
  /** Ranks of the engaged ads in the list, ascending. */
  readonly hits: readonly number[];
  readonly values: ReadonlyArray<number | null>;
}

/** One user's two lists. Plain JSON: it crosses threads and lies in the resumable file. */
export interface CompareRow {
  readonly userId: UserId;
  readonly asOf: number;
  /** Ads engaged with after as-of; 0: the user counts for no metric of relevance. */
  readonly engaged: number;
  readonly rbo: number;
  readonly segments: ReadonlyArray<readonly [field: string, value: string]>;
  readonly a: SideRow;
  readonly b: SideRow;
  /** Why the user could not be answered; the rest is then empty. */
  readonly failed: string | null;
}

export const emptySide: SideRow = { ads: [], via: '', hits: [], values: [] };

/** Cut-offs that recall is measured at: 20, 50 and 100 below k, and k. */
export const cutoffsOf = (k: number): number[] => [...[20, 50, 100].filter((cut) => cut < k), k];

/** Names of the metrics that every user has a value of, in order. Novelty in bits, the others without a unit. */
export const userMetrics = (k: number): string[] => [
  ...cutoffsOf(k).map((cut) => `recall@${cut}`),
  `hit-rate@${k}`,
  `ndcg@${k}`,
  `mrr@${k}`,
  'novelty',
  'diversity',
  'head-share',
  'tail-share',
  'cold-share',
];

/**
 * Popularity of the catalogue before as-of. Ads by descending count: the head is the fewest ads that hold
 * half of all behaviours, the tail those past four fifths of them, cold are the ads without any.
 */
export interface AdStanding {
  readonly counts: Uint32Array;
  readonly total: number;
  /** By ordinal: 0 cold, 1 tail, 2 middle, 3 head. */
  readonly part: Uint8Array;
}

export const cold = 0;
export const tail = 1;
export const middle = 2;
export const head = 3;

/** Ties in count go by ordinal, so that the parts are the same everywhere. */
export const standingOf = (counts: Uint32Array): AdStanding => {
  const touched = Array.from(counts.keys())
    .filter((ordinal) => (counts[ordinal] ?? 0) > 0)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  const total = touched.reduce((sum, ordinal) => sum + (counts[ordinal] ?? 0), 0);
  const part = new Uint8Array(counts.length);
  let before = 0;
  for (const ordinal of touched) {
    part[ordinal] = before < total * 0.5 ? head : before < total * 0.8 ? middle : tail;
    before += counts[ordinal] ?? 0;
  }
  return { counts, total, part };
};

export interface ListToMeasure {
  readonly adIds: readonly string[];
  readonly ordinals: readonly number[];
  /** Rows of the list's ads, n×dim, of any length; null without vectors. */
  readonly rows: Float32Array | null;
  readonly dim: number;
}

/** The metrics of one list (formulas: domain/metrics), in the order of `userMetrics(k)`. */
export const valuesOf = (
  list: ListToMeasure,
  relevant: ReadonlySet<string>,
  k: number,
  standing: AdStanding,
): Array<number | null> => {
  const { adIds, ordinals, rows, dim } = list;
  const share = (part: number): number | null => shareOf(ordinals, (ordinal) => standing.part[ordinal] === part);
  return [
    ...cutoffsOf(k).map((cut) => recallAtK(adIds, relevant, cut)),
    hitAtK(adIds, relevant, k),
    ndcgAtK(adIds, relevant, k),
    reciprocalRank(adIds, relevant, k),
    noveltyBits(ordinals, (ordinal) => standing.counts[ordinal] ?? 0, standing.total, standing.counts.length),
    rows === null ? null : intraListDiversity(rows, dim),
    share(head),
    share(tail),
    share(cold),
  ];
};
