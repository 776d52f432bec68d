/** What was claimed and checked, by kind; a refuted claim keeps what is needed to see it again. */
export interface Refuted {
  readonly kind: string;
  readonly world: string;
  readonly command: string;
  readonly why: string;
}

export interface Tally {
  check(
    kind: string,
    holds: boolean,
    at: { readonly world: string; readonly command: string },
    why: () => string,
  ): void;
  readonly counts: ReadonlyMap<string, number>;
  readonly refuted: readonly Refuted[];
}

export const createTally = (): Tally => {
  const counts = new Map<string, number>();
  const refuted: Refuted[] = [];
  return {
    counts,
    refuted,
    check: (kind, holds, { world, command }, why) => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (!holds) refuted.push({ kind, world, command, why: why() });
    },
  };
};
