/** The project's orders: by code unit, never by locale; scores best first, ties by ad id. */

/** Code-unit order of two strings, for `sort`. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Something with a score and the dense ordinal of an ad. Order by ordinal is code-unit order by ad id. */
export interface Scored {
  readonly ordinal: number;
  readonly score: number;
}

/** Higher score first; equal scores by ad id (= ordinal). */
export const byScoreThenId = (a: Scored, b: Scored): number => b.score - a.score || a.ordinal - b.ordinal;
