import type { EventId } from '../../domain/ids.ts';
import type { GroupName } from '../../domain/groups.ts';
import type { HoldingInterval } from '../../domain/intervals.ts';
import type { RecallQuery } from '../../domain/query.ts';

/** Bring the ad into the list, or take it out: the opposite of what is. */
export type Goal = 'in' | 'out';

export interface GroupIntervals {
  readonly group: GroupName;
  /** The weight now. */
  readonly weight: number;
  /** false: the group has nothing to read, its weight changes nothing. */
  readonly present: boolean;
  /** All weights in [0, 4], the other groups fixed, at which the ad is in the list. */
  readonly intervals: readonly HoldingInterval[];
  /** The nearest weight that reaches the goal; null = none in [0, 4]. */
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

interface Applied {
  readonly query: RecallQuery;
  readonly adId: string;
  readonly goal: Goal;
  /** The query with the change; null without one. */
  readonly applied: RecallQuery | null;
  /** The changed query was run natively at its ef, and the goal was reached. */
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
  /** Smallest change found; empty = none within [0, 4]. */
  readonly changes: readonly WeightChange[];
  /** Σ|Δw| of the changes. */
  readonly l1: number | null;
  readonly intervals: readonly GroupIntervals[];
  /** One group: every weight was looked at. Several: a bounded search, `evaluated` weight vectors. */
  readonly search: { readonly method: 'one-group' | 'bounded'; readonly evaluated: number };
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
  };
}
