import type { EventId } from '../../domain/ids.ts';
import type { GroupName } from '../../domain/groups.ts';
import type { HoldingInterval } from '../../domain/intervals.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { VerdictName } from '../../domain/verdict.ts';

/** Bring the ad into the list, or take it out: the opposite of what is. */
export type Goal = 'in' | 'out';

export interface GroupIntervals {
  readonly group: GroupName;
  /** The weight now. */
  readonly weight: number;
  /** false: the group has nothing to read, its weight changes nothing. */
  readonly present: boolean;
  /**
   * Weights in [0, 4], the other groups fixed, at which the ad is in the list as the user gets it: run at every
   * `search.step` and at both ends; between two runs that agree the index was not asked.
   */
  readonly intervals: readonly HoldingInterval[];
  /** The same of the exact list, certified between the runs too. */
  readonly exact: readonly HoldingInterval[];
  /** The nearest weight that was run and reaches the goal; null = none was seen. */
  readonly nearest: number | null;
}

export interface WeightChange {
  readonly group: GroupName;
  readonly from: number;
  readonly to: number;
}
export interface EventChange {
  readonly eventId: EventId;
  readonly kind: string;
  readonly at: number | null;
  readonly group: GroupName;
}

/** Good enough by exact retrieval and not in the list: what the index made of it. */
export interface Missed {
  readonly verdict: VerdictName;
  /** Rank by exact retrieval; null where there is none to tell. */
  readonly rank: number | null;
  /** The smallest ef that was seen to find it; null: none is known. */
  readonly ef: { readonly from: number; readonly to: number } | null;
}

interface Applied {
  readonly query: RecallQuery;
  readonly adId: string;
  /** Decided by the list as recalled. */
  readonly goal: Goal;
  /** Exact retrieval has the ad in the list: where it differs from the goal's side, the index is the reason. */
  readonly inExact: boolean;
  /** Out of the list although the exact list holds it; null = not so. With an `ef` that is the answer, and `applied` is it. */
  readonly missed: Missed | null;
  /** The query with the change, run and seen to work; null without one. */
  readonly applied: RecallQuery | null;
  /** The list before and the list after were run, and the ad changed sides. */
  readonly verified: boolean;
  /** Ads of the old list that the new one does not hold. */
  readonly displaced: readonly string[];
  /** Parts of the answer that hold only approximately. */
  readonly approximations: readonly string[];
  /** Rank in the new list; null = not in it. */
  readonly rank: number | null;
}

export interface WeightCounterfactual extends Applied {
  readonly by: 'weights';
  /** Smallest change found, seen to work; empty = none was found. */
  readonly changes: readonly WeightChange[];
  /** Σ|Δw| of the changes. */
  readonly l1: number | null;
  readonly intervals: readonly GroupIntervals[];
  readonly search: {
    /** `one-group`: every thousandth of each single weight nearer than the change was run and fails. */
    readonly method: 'one-group' | 'bounded';
    /** Weight vectors run. */
    readonly evaluated: number;
    /** Each weight alone was run over all of [0, 4] at this distance. */
    readonly step: number;
    /** Each weight alone was run at every thousandth nearer than this to where it stands. */
    readonly within: number;
    /** No weight can change anything: `changes` is empty because there are none. */
    readonly complete: boolean;
  };
}

export interface EventCounterfactual extends Applied {
  readonly by: 'events';
  /** Smallest set of behaviours found whose removal reaches the goal; empty = none found. */
  readonly changes: readonly EventChange[];
  readonly search: {
    /**
     * `exhaustive`: no smaller set of the behaviours looked at does it; `greedy`: none of up to three does, a larger
     * one was built up.
     */
    readonly method: 'exhaustive' | 'greedy';
    /** Behaviours the subsets were drawn from, strongest first, of how many. */
    readonly strongest: number;
    readonly events: number;
    /** Users encoded. */
    readonly evaluated: number;
    /** Every set of the behaviours was run. */
    readonly complete: boolean;
  };
}
