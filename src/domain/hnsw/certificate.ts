/**
 * The smallest breadth at which an ad is found: found at `foundAt`, not at `notFoundAt` = foundAt − 1 (null: foundAt
 * is the least breadth there is).
 */
export interface EfCertificate {
  readonly foundAt: number;
  readonly notFoundAt: number | null;
  /**
   * false: exact ties make the search depend on ef in both directions, and not every smaller ef was run; absent or true:
   * no smaller ef finds it.
   */
  readonly certain?: boolean;
}

/**
 * Doubles ef from `least` until `isFound(ef)`, then bisects; both ends were seen by running `isFound`.
 * A best-first search with a larger ef expands the same nodes in the same order and goes on, so for an ad
 * of the exact top k `isFound` never turns false again, and any other ad is in the list from the ef at which it is
 * visited until enough nearer ones are: a certificate is of the smallest ef. Exact ties break that (engine/ef-certificate).
 * Null when not found at `most` either.
 */
export const smallestEf = async (
  isFound: (ef: number) => boolean | Promise<boolean>,
  least: number,
  most: number,
): Promise<EfCertificate | null> => {
  if (await isFound(least)) return { foundAt: least, notFoundAt: null };
  let below = least;
  let above = least;
  do {
    if (above >= most) return null;
    below = above;
    above = Math.min(most, above * 2);
  } while (!(await isFound(above)));
  while (above - below > 1) {
    const middle = below + Math.floor((above - below) / 2);
    if (await isFound(middle)) above = middle;
    else below = middle;
  }
  return { foundAt: above, notFoundAt: below };
};
