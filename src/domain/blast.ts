import type { UserId } from './ids.ts';
import { pairedBootstrap, signFlipTest, type PairedBootstrap, type SignFlip } from './significance.ts';

/** The effect of a change on one user's list. */
export interface BlastRow {
  readonly userId: UserId;
  readonly asOf: number;
  /** Any ad entered, left or moved. */
  readonly changed: boolean;
  readonly entered: readonly string[];
  readonly left: readonly string[];
  readonly moved: number;
  readonly rbo: number;
  readonly jaccard: number;
  /** Ads really engaged with after as-of, and how many of them either list holds. */
  readonly engaged: number;
  readonly hitsBefore: number;
  readonly hitsAfter: number;
  /** Why the user could not be answered; the rest is then empty. */
  readonly failed: string | null;
}

export interface AdShift {
  readonly adId: string;
  readonly gained: number;
  readonly lost: number;
  readonly net: number;
}

/** Recall of engaged ads on two sides, over the users who engaged with any. */
export interface PairedRecall {
  readonly users: number;
  readonly bootstrap: PairedBootstrap;
  readonly test: SignFlip;
}

export interface BlastSummary {
  readonly users: number;
  readonly failed: number;
  readonly changed: number;
  readonly shareChanged: number;
  /** Users some ad entered or left for: the set differs, not the order alone. */
  readonly shareSetChanged: number;
  readonly meanRbo: number;
  readonly meanJaccard: number;
  readonly entered: number;
  readonly left: number;
  /** Impressions = places in a list. Largest net gain and loss first, ties by ad id. */
  readonly gains: readonly AdShift[];
  readonly losses: readonly AdShift[];
  /**
   * Over users who engaged with anything: mean share of their engaged ads in the list, paired; null where no user did.
   */
  readonly recall: PairedRecall | null;
}

const mean = (values: readonly number[], empty: number): number =>
  values.length === 0 ? empty : values.reduce((sum, x) => sum + x, 0) / values.length;

const shiftsOf = (rows: readonly BlastRow[]): AdShift[] => {
  const counts = new Map<string, { gained: number; lost: number }>();
  const add = (adId: string, gained: number, lost: number): void => {
    const now = counts.get(adId) ?? { gained: 0, lost: 0 };
    counts.set(adId, { gained: now.gained + gained, lost: now.lost + lost });
  };
  for (const { entered, left } of rows) {
    for (const adId of entered) add(adId, 1, 0);
    for (const adId of left) add(adId, 0, 1);
  }
  return [...counts].map(([adId, { gained, lost }]) => ({ adId, gained, lost, net: gained - lost }));
};

const byNet =
  (sign: 1 | -1) =>
  (a: AdShift, b: AdShift): number =>
    sign * (b.net - a.net) || (a.adId < b.adId ? -1 : 1);

/** One user's engaged ads: how many, and how many either list holds. */
export type EngagedHits = Pick<BlastRow, 'engaged' | 'hitsBefore' | 'hitsAfter'>;

/** Mean share of a user's engaged ads in the list before and after, over users who engaged with any; null: nobody did. */
export const pairedRecall = (
  rows: readonly EngagedHits[],
  { seed, resamples }: { readonly seed: number; readonly resamples?: number },
): PairedRecall | null => {
  const engaged = rows.filter((row) => row.engaged > 0);
  if (engaged.length === 0) return null;
  const before = Float64Array.from(engaged, (row) => row.hitsBefore / row.engaged);
  const after = Float64Array.from(engaged, (row) => row.hitsAfter / row.engaged);
  return {
    users: engaged.length,
    bootstrap: pairedBootstrap(before, after, { seed, ...(resamples === undefined ? {} : { resamples }) }),
    test: signFlipTest(
      after.map((x, i) => x - (before[i] ?? 0)),
      { seed },
    ),
  };
};

/** The change over all users; `top` ads on either side. The order of the rows does not matter but for rounding. */
export const summariseBlast = (all: readonly BlastRow[], options: { top: number; seed: number }): BlastSummary => {
  const rows = all.filter((row) => row.failed === null);
  const shifts = shiftsOf(rows);
  const share = (holds: (row: BlastRow) => boolean): number => rows.filter(holds).length / Math.max(1, rows.length);
  return {
    users: rows.length,
    failed: all.length - rows.length,
    changed: rows.filter((row) => row.changed).length,
    shareChanged: share((row) => row.changed),
    shareSetChanged: share((row) => row.entered.length + row.left.length > 0),
    meanRbo: mean(
      rows.map((row) => row.rbo),
      1,
    ),
    meanJaccard: mean(
      rows.map((row) => row.jaccard),
      1,
    ),
    entered: rows.reduce((sum, row) => sum + row.entered.length, 0),
    left: rows.reduce((sum, row) => sum + row.left.length, 0),
    gains: shifts
      .filter((s) => s.net > 0)
      .sort(byNet(1))
      .slice(0, options.top),
    losses: shifts
      .filter((s) => s.net < 0)
      .sort(byNet(-1))
      .slice(0, options.top),
    recall: pairedRecall(rows, options),
  };
};
