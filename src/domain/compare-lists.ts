import { jaccard, kendallTauOfCommon, rbo } from './rank-similarity.ts';
import type { Candidate, RecallResult } from './result.ts';

type Ranked = Pick<Candidate, 'adId' | 'rank'>;

/** An ad with its rank in either list; null = not there. */
export interface Movement {
  readonly adId: string;
  readonly from: number | null;
  readonly to: number | null;
}

export interface ListComparison {
  readonly overlap: {
    readonly jaccard: number;
    /** Extrapolated, p = 0.9. */
    readonly rbo: number;
    /** τ-b of the common ads' ranks; null below two of them. */
    readonly kendallTau: number | null;
    /** Ads in both. */
    readonly common: number;
  };
  /** In b only, by rank in b. */
  readonly entered: readonly Movement[];
  /** In a only, by rank in a. */
  readonly left: readonly Movement[];
  /** In both at another rank, by rank in b. */
  readonly moved: readonly Movement[];
}

/** Movements of ads between two lists, of either grain. */
interface Moves<M> {
  readonly entered: readonly M[];
  readonly left: readonly M[];
  readonly moved: readonly M[];
}

/** The same movements with the title of each ad, from the rows of the two lists. */
export const withTitles = <M extends { readonly adId: string }, Rest extends object>(
  { entered, left, moved, ...rest }: Moves<M> & Rest,
  ...lists: ReadonlyArray<ReadonlyArray<{ readonly adId: string; readonly title: string }>>
): Omit<Moves<M> & Rest, keyof Moves<M>> & Moves<M & { readonly title: string }> => {
  const titles = new Map(lists.flat().map((row) => [row.adId, row.title]));
  const titled = (moves: readonly M[]): Array<M & { readonly title: string }> =>
    moves.map((move) => ({ ...move, title: titles.get(move.adId) ?? '' }));
  return { ...rest, entered: titled(entered), left: titled(left), moved: titled(moved) };
};

/** Compares list a with list b: how similar they are, and the ads that entered, left or moved. */
export const compareLists = (a: readonly Ranked[], b: readonly Ranked[]): ListComparison => {
  const inA = new Map(a.map(({ adId, rank }) => [adId, rank]));
  const inB = new Map(b.map(({ adId, rank }) => [adId, rank]));
  const ids = [[...inA.keys()], [...inB.keys()]] as const;
  const toB = b.map(({ adId, rank }): Movement => ({ adId, from: inA.get(adId) ?? null, to: rank }));
  return {
    overlap: {
      jaccard: jaccard(...ids),
      rbo: rbo(...ids),
      kendallTau: kendallTauOfCommon(...ids),
      common: toB.filter((m) => m.from !== null).length,
    },
    entered: toB.filter((movement) => movement.from === null),
    left: a.filter(({ adId }) => !inB.has(adId)).map(({ adId, rank }) => ({ adId, from: rank, to: null })),
    moved: toB.filter(({ from, to }) => from !== null && from !== to),
  };
};

/** `compareLists` of two results. */
export const compareResults = (
  a: Pick<RecallResult, 'candidates'>,
  b: Pick<RecallResult, 'candidates'>,
): ListComparison => compareLists(a.candidates, b.candidates);
