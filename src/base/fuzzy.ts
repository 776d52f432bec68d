import { cleanup, go, single } from 'fuzzysort';

/** Texts that fuzzysort has prepared for comparing, and keeps without a limit, before they are let go. */
const mostPrepared = 4_000;
let prepared = 0;

const count = (texts: number): void => {
  prepared += texts;
  if (prepared <= mostPrepared) return;
  cleanup();
  prepared = texts;
};

/** How well the letters of `word`, in order, match `text`: 0 (not at all) to 1. */
export const fuzzyScore = (word: string, text: string): number => {
  count(1);
  return single(word, text)?.score ?? 0;
};

export interface FuzzyOptions<T> {
  readonly keys: ReadonlyArray<(keyof T & string) | ((item: T) => string)>;
  /** From which score an item is in. */
  readonly threshold: number;
  readonly limit: number;
}

/** The items that match, best first. */
export const fuzzyFind = <T>(typed: string, items: readonly T[], { keys, ...options }: FuzzyOptions<T>): T[] => {
  count(items.length * keys.length);
  return go(typed, items, { keys: [...keys], ...options }).map(({ obj }) => obj);
};
