/** A set of parts that makes something happen, and how many trials it took to know. */
export interface Smallest<T> {
  readonly set: readonly T[] | null;
  readonly trials: number;
}

/** All choices of `size` of the parts, in their order. */
export const choices = <T>(parts: readonly T[], size: number): T[][] => {
  if (size === 0) return [[]];
  return parts.flatMap((part, i) => choices(parts.slice(i + 1), size - 1).map((rest) => [part, ...rest]));
};

/**
 * The smallest set of parts with which `works` is true: singles, then pairs, then larger sets, each in the order of
 * the parts. Null when not even all of them together do. At most 2^parts trials; all together are tried first.
 */
export const smallestSet = async <T>(
  parts: readonly T[],
  works: (set: readonly T[]) => Promise<boolean>,
): Promise<Smallest<T>> => {
  let trials = 1;
  if (!(await works(parts))) return { set: null, trials };
  for (let size = 1; size < parts.length; size += 1) {
    for (const set of choices(parts, size)) {
      trials += 1;
      if (await works(set)) return { set, trials };
    }
  }
  return { set: parts, trials };
};
