import { pairedRecall } from '../blast.ts';
import type { PairedRecall } from '../blast.ts';
import type { UserId } from '../ids.ts';

/** What one user's list holds of the ads in question, under the query and under each change; plain JSON. */
export interface ChangeRow {
  readonly userId: UserId;
  /** Why the query itself could not be answered; the rest is then empty. */
  readonly failed: string | null;
  /** Ads really engaged with after as-of. */
  readonly engaged: number;
  readonly before: ListFigures;
  /** One a change, in their order; null: the change could not be answered for this user. */
  readonly after: ReadonlyArray<ListFigures | null>;
}

export interface ListFigures {
  /** Ads in question that are in the list. */
  readonly ads: number;
  /** Engaged ads in the list. */
  readonly hits: number;
  /** Places of the list. */
  readonly places: number;
}

/** How often each ad left a list under one change. */
export type Departures = ReadonlyArray<readonly [adId: string, users: number]>;

export interface ChangeBatch {
  readonly rows: readonly ChangeRow[];
  /** One a change, summed over the rows. */
  readonly left: readonly Departures[];
}

/** The effect of one change over all users, as it was run. */
export interface Gain {
  /** Users with at least one of the ads in their list, before and after. */
  readonly reached: { readonly before: number; readonly after: number };
  /** Users who had none and have one now; users who had one and have none now. after = before + regained − lost. */
  readonly regained: number;
  readonly lost: number;
  /** Pairs (user, ad) in the list, before and after. */
  readonly pairs: { readonly before: number; readonly after: number };
  /** Places of ads that left a list, of all places before; the ads that left most lists first. */
  readonly displaced: {
    readonly places: number;
    readonly share: number;
    readonly ads: ReadonlyArray<{ readonly adId: string; readonly users: number }>;
  };
  /** Mean share of a user's engaged ads in their list, paired; null where no user engaged with any. */
  readonly recall: PairedRecall | null;
  /** Users whose changed query could not be answered. They count as they were. */
  readonly failed: number;
}

/** The batches of all users as one. */
export const joinBatches = (batches: readonly ChangeBatch[], changes: number): ChangeBatch => ({
  rows: batches.flatMap(({ rows }) => rows),
  left: Array.from({ length: changes }, (_, c) => sumOf(batches.map(({ left }) => left[c] ?? []))),
});

const sumOf = (parts: readonly Departures[]): Departures => {
  const sums = new Map<string, number>();
  for (const part of parts) for (const [adId, users] of part) sums.set(adId, (sums.get(adId) ?? 0) + users);
  return [...sums];
};

const resamples = 2_000;

/** The gain of the change at this place; `top`: how many of the ads that left are named. */
export const gainOf = (batch: ChangeBatch, change: number, options: { top: number; seed: number }): Gain => {
  const pairs = batch.rows
    .filter(({ failed }) => failed === null)
    .map(({ before, after, engaged }) => ({ before, after: after[change] ?? before, engaged }));
  const count = (holds: (pair: (typeof pairs)[number]) => boolean): number => pairs.filter(holds).length;
  const sum = (of: (pair: (typeof pairs)[number]) => number): number => pairs.reduce((n, pair) => n + of(pair), 0);
  const left = batch.left[change] ?? [];
  const places = left.reduce((n, [, users]) => n + users, 0);
  const all = sum(({ before }) => before.places);
  return {
    reached: { before: count(({ before }) => before.ads > 0), after: count(({ after }) => after.ads > 0) },
    regained: count(({ before, after }) => before.ads === 0 && after.ads > 0),
    lost: count(({ before, after }) => before.ads > 0 && after.ads === 0),
    pairs: { before: sum(({ before }) => before.ads), after: sum(({ after }) => after.ads) },
    displaced: {
      places,
      share: all === 0 ? 0 : places / all,
      ads: left
        .map(([adId, users]) => ({ adId, users }))
        .sort((a, b) => b.users - a.users || (a.adId < b.adId ? -1 : 1))
        .slice(0, options.top),
    },
    recall: pairedRecall(
      pairs.map(({ before, after, engaged }) => ({ engaged, hitsBefore: before.hits, hitsAfter: after.hits })),
      { seed: options.seed, resamples },
    ),
    failed: batch.rows.filter(({ failed, after }) => failed === null && after[change] === null).length,
  };
};

/** Most users net, then most pairs, then fewest places displaced. */
export const byGain = (a: Gain, b: Gain): number =>
  b.regained - b.lost - (a.regained - a.lost) ||
  b.pairs.after - a.pairs.after ||
  a.displaced.places - b.displaced.places;
