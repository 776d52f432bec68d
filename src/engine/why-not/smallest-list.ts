import { recallAds } from '../retrieve.ts';
import type { EngineCore } from '../core.ts';
import { throwIfAborted } from '../interrupt.ts';
import type { RepairQuestion } from './candidate.ts';

/** The shortest longer list that holds the ad. */
export interface SmallestList {
  readonly k: number;
  /** Every list longer than the query's and shorter than `k` is known to lack the ad. */
  readonly certain: boolean;
  /** The shortest and the longest of the lists run without a gap up to `k`. */
  readonly ran: { readonly from: number; readonly to: number };
}

/** So many lists are run one by one; over a wider range the search bisects first. */
const oneByOne = 64;

/** Probes k from `guess` on, doubling, until a list holds the ad: the last k that lacks it and the first that does not. */
const bracket = async (
  holds: (k: number) => Promise<boolean>,
  lacking: number,
  guess: number,
  most: number,
): Promise<{ readonly lacks: number; readonly holds: number } | null> => {
  let lacks = lacking;
  for (let k = Math.min(most, Math.max(lacking + 1, guess)); ; k = Math.min(most, 2 * k)) {
    if (await holds(k)) return { lacks, holds: k };
    if (k >= most) return null;
    lacks = k;
  }
};

/** Narrows a bracket to `oneByOne` lists. */
const bisected = async (
  holds: (k: number) => Promise<boolean>,
  wide: { readonly lacks: number; readonly holds: number },
): Promise<number> => {
  let { lacks, holds: works } = wide;
  while (works - lacks > oneByOne) {
    const middle = lacks + Math.floor((works - lacks) / 2);
    if (await holds(middle)) works = middle;
    else lacks = middle;
  }
  return works;
};

/**
 * The smallest k that brings the ad in, up to `most`; null where no list that was run holds it. Up to ef a longer list
 * only appends, so the ad's place in the list of ef is its k; that list and the one before it are run. Beyond ef each k
 * is a search of its own breadth, and whether it finds the ad is not monotone in k: the last 64 lists below the bisected
 * one are all run, and where that is not every list, `certain` is false.
 */
export const smallestList = async (
  core: EngineCore,
  { query, ordinal, before, signal }: Pick<RepairQuestion, 'query' | 'ordinal' | 'before' | 'signal'>,
  rank: number,
  most: number,
): Promise<{ readonly list: SmallestList | null; readonly tried: number }> => {
  let tried = 0;
  const placeIn = async (k: number): Promise<number> => {
    throwIfAborted(signal);
    tried += 1;
    return (await recallAds(core, { ...query, k })).findIndex((ad) => ad.ordinal === ordinal) + 1;
  };
  const holds = async (k: number): Promise<boolean> => (await placeIn(k)) > 0;
  if (most <= query.k) return { list: null, tried };
  const nested = before.ann?.method === 'hnsw' ? Math.min(most, query.ef) : most;
  const place = nested > query.k ? await placeIn(nested) : 0;
  if (place > query.k && (await holds(place)) && (place - 1 === query.k || !(await holds(place - 1))))
    return { list: { k: place, certain: true, ran: { from: Math.max(query.k, place - 1), to: place } }, tried };
  // No list up to here holds it.
  const lacking = place === 0 ? Math.max(query.k, nested) : query.k;
  const guess = Number.isFinite(rank) ? rank : 2 * lacking;
  const wide = place > 0 ? { lacks: lacking, holds: nested } : await bracket(holds, lacking, guess, most);
  if (wide === null) return { list: null, tried };
  const works = await bisected(holds, wide);
  const from = Math.max(lacking + 1, works - oneByOne);
  let k = from;
  while (k < works && !(await holds(k))) k += 1;
  return { list: { k, certain: from === lacking + 1, ran: { from, to: k } }, tried };
};
