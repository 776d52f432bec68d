/** The sets of parts that each make something happen, and how many trials it took to know. */
export interface MinimalSets<T> {
  /** No proper subset of one works; the smallest first. Empty where not even all parts together do. */
  readonly sets: ReadonlyArray<readonly T[]>;
  readonly trials: number;
}

/** All choices of `size` of the parts, in their order. */
export const choices = <T>(parts: readonly T[], size: number): T[][] => {
  if (size === 0) return [[]];
  return parts.flatMap((part, i) => choices(parts.slice(i + 1), size - 1).map((rest) => [part, ...rest]));
};

/**
 * All minimal sets of parts with which `works` is true: singles, then pairs, then larger sets, each in the order of the
 * parts; a set that contains one already found is not tried. At most 2^parts trials; all together are tried first.
 */
export const minimalSets = async <T>(
  parts: readonly T[],
  works: (set: readonly T[]) => Promise<boolean>,
): Promise<MinimalSets<T>> => {
  let trials = 1;
  if (!(await works(parts))) return { sets: [], trials };
  const sets: Array<readonly T[]> = [];
  for (let size = 1; size < parts.length; size += 1) {
    for (const set of choices(parts, size)) {
      if (sets.some((found) => found.every((part) => set.includes(part)))) continue;
      trials += 1;
      if (await works(set)) sets.push(set);
    }
  }
  return { sets: sets.length === 0 ? [parts] : sets, trials };
};
