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
  /** A repair was offered as the smallest, and every smaller one was run and fails. */
  proveMinimal(): void;
  readonly minimal: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly refuted: readonly Refuted[];
}

export const createTally = (): Tally => {
  const counts = new Map<string, number>();
  const refuted: Refuted[] = [];
  let minimal = 0;
  return {
    counts,
    get minimal() {
      return minimal;
    },
    proveMinimal: () => {
      minimal += 1;
    },
    refuted,
    check: (kind, holds, { world, command }, why) => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (!holds) refuted.push({ kind, world, command, why: why() });
    },
  };
};
