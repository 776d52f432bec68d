import type { TuneAgainst, TuneCost, TunePoint, TuneSettings } from '../domain/tune.ts';

/** What a setting finds for users that played no part in choosing it. */
export interface HeldOut {
  readonly users: number;
  readonly recall: number;
  readonly lower95: number;
}

/** The setting just before the answer by cost; `missesOn`: the users for whom its lower bound is below the target. */
export interface NextCheaper extends TunePoint {
  readonly missesOn: 'tuning' | 'held-out';
  /** null: it was not tried there. */
  readonly heldOut: HeldOut | null;
}

export interface TuneData {
  readonly target: number;
  readonly against: TuneAgainst;
  /** The cheapest settings that were proved on users held out; null: none was. */
  readonly settings: TuneSettings | null;
  /** On the users held out, of `settings`; null without them. */
  readonly recall: number | null;
  readonly lower95: number | null;
  /** Measured on the tuning users. */
  readonly cost: TuneCost | null;
  /** null: the cheapest of the grid already reaches the target, or nothing does. */
  readonly nextCheaper: NextCheaper | null;
  /** The setting with the highest lower bound on the tuning users; `heldOut`: null where it was not run on those. */
  readonly best: TunePoint & { readonly heldOut: HeldOut | null };
  /** The settings of the query as asked. */
  readonly asked: TuneSettings;
  /** What was run on the tuning users, cheapest first. */
  readonly grid: readonly TunePoint[];
  /** Settings of the grid that cost more than the answer and were not run. */
  readonly untried: number;
  readonly users: {
    readonly of: number;
    readonly sampled: number;
    readonly tuning: number;
    readonly heldOut: number;
    /** Nothing is to be found for them: no engaged ad after as-of, or an empty exact list. */
    readonly without: number;
    readonly failed: number;
  };
  readonly seed: number;
  readonly workers: number;
  readonly saved: { readonly name: string; readonly path: string } | null;
  readonly approximations: readonly string[];
}
