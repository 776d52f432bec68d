import { isSolo } from '../../domain/channels.ts';
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

/** A longer list is a search of many milliseconds (seconds over a million ads): few of them are run. */
const long = 2048;

/** Runs the lists of these lengths until one holds the ad: the last that lacks it and the first that does not. */
const bracket = async (
  holds: (k: number) => Promise<boolean>,
  lacking: number,
  lengths: readonly number[],
): Promise<{ readonly lacks: number; readonly holds: number } | null> => {
  let lacks = lacking;
  for (const k of lengths) {
    if (await holds(k)) return { lacks, holds: k };
    lacks = k;
  }
  return null;
};

/**
 * Lengths to try beyond `lacking`, up to `most`: from the ad's rank on, each a quarter longer. In a merge no rank says
 * where to begin, and an ad can come and go: the next 64 are all tried first.
 */
const lengthsBeyond = (lacking: number, rank: number, most: number): number[] => {
  const lengths = Number.isFinite(rank)
    ? []
    : Array.from({ length: Math.min(oneByOne, most - lacking - 1) }, (_, i) => lacking + 1 + i);
  let k = Math.max((lengths.at(-1) ?? lacking) + 1, Number.isFinite(rank) ? rank : 0);
  for (; k < most; k = Math.ceil(1.25 * k)) lengths.push(k);
  return [...lengths, most];
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
 * Narrows a bracket of long lists in few runs: a list that holds the ad at some place is followed by one of that length. It
 * ends at a list that holds the ad where the one before it does not.
 */
const followed = async (
  placeIn: (k: number) => Promise<number>,
  wide: { readonly lacks: number; readonly holds: number },
): Promise<number> => {
  let { lacks, holds } = wide;
  while (holds - lacks > 1) {
    const place = await placeIn(holds);
    const inside = place > lacks ? Math.min(place, holds - 1) : lacks + Math.floor((holds - lacks) / 2);
    if ((await placeIn(inside)) > 0) holds = inside;
    else lacks = inside;
  }
  return holds;
};

/**
 * The smallest k that brings the ad in, up to `most`; null where no list that was run holds it. A list of one channel
 * only appends up to ef, so the ad's place in the list of ef is its k; that list and the one before it are run. Beyond
 * ef each k is a search of its own breadth, and in a merge a longer list reads its channels deeper: whether the ad is in
 * is not monotone in k. There the last 64 lists below the bisected one are all run (of lists longer than 2,048 the one
 * before it alone), and where that is not every list, `certain` is false.
 */
export const smallestList = async (
  core: EngineCore,
  { query, ordinal, before, signal }: Pick<RepairQuestion, 'query' | 'ordinal' | 'before' | 'signal'>,
  rank: number,
  most: number,
): Promise<{ readonly list: SmallestList | null; readonly tried: number }> => {
  const places = new Map<number, number>();
  const placeIn = async (k: number): Promise<number> => {
    const seen = places.get(k);
    if (seen !== undefined) return seen;
    throwIfAborted(signal);
    const place = (await recallAds(core, { ...query, k })).findIndex((ad) => ad.ordinal === ordinal) + 1;
    places.set(k, place);
    return place;
  };
  const holds = async (k: number): Promise<boolean> => (await placeIn(k)) > 0;
  if (most <= query.k) return { list: null, tried: places.size };
  const appends = !isSolo(query.mode) ? 0 : before.ann === null || before.ann.method === 'exact-scan' ? most : query.ef;
  const nested = Math.min(most, appends);
  const place = nested > query.k ? await placeIn(nested) : 0;
  if (place > query.k && (await holds(place)) && (place - 1 === query.k || !(await holds(place - 1))))
    return {
      list: { k: place, certain: true, ran: { from: Math.max(query.k, place - 1), to: place } },
      tried: places.size,
    };
  // No list up to here holds it.
  const lacking = place === 0 ? Math.max(query.k, nested) : query.k;
  const wide =
    place > 0
      ? { lacks: lacking, holds: nested }
      : await bracket(
          holds,
          lacking,
          lacking >= most ? [] : lengthsBeyond(lacking, isSolo(query.mode) ? rank : Infinity, most),
        );
  if (wide === null) return { list: null, tried: places.size };
  if (wide.holds > long) {
    const k = await followed(placeIn, wide);
    return {
      list: { k, certain: k === lacking + 1, ran: { from: Math.max(lacking + 1, k - 1), to: k } },
      tried: places.size,
    };
  }
  const works = await bisected(holds, wide);
  const from = Math.max(lacking + 1, works - oneByOne);
  let k = from;
  while (k < works && !(await holds(k))) k += 1;
  // Found nearer than the bracket reached: the few lists that the bisection passed over make it certain.
  const passedOver = k - lacking <= oneByOne ? from - lacking - 1 : 0;
  for (let i = 1; i <= passedOver; i += 1)
    if (await holds(lacking + i))
      return {
        list: { k: lacking + i, certain: true, ran: { from: lacking + 1, to: lacking + i } },
        tried: places.size,
      };
  const first = from - passedOver;
  return { list: { k, certain: first === lacking + 1, ran: { from: first, to: k } }, tried: places.size };
};
