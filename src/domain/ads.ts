/** One ad. `ordinal` is dense, 0 … n−1, in code-unit order of `adId`: so order by ordinal is order by id. */
export interface Ad {
  readonly adId: string;
  readonly ordinal: number;
  readonly title: string;
  /** Path, outermost first, joined by ` > `; empty where unknown. */
  readonly category: string;
  readonly brand: string;
  readonly price: number | null;
  readonly campaign: string | null;
  /** Active from (inclusive) to (exclusive), ms UTC; null = open. */
  readonly startAt: number | null;
  readonly endAt: number | null;
  /** Budget left in the currency of `price`; null = unlimited. Not above 0 = spent. */
  readonly budgetLeft: number | null;
  readonly targeting: Targeting | null;
}

/** Attribute → accepted values. A user matches when every attribute is one of its values. */
export type Targeting = Readonly<Record<string, readonly string[]>>;

export type DropReason =
  'not-started' | 'ended' | 'budget' | 'targeting' | 'already-bought' | 'frequency-cap' | 'blocklist';

export interface EligibilityRules {
  readonly dates: boolean;
  readonly budget: boolean;
  readonly targeting: boolean;
  /** Drop ads the user has an event of one of these kinds with, before as-of. */
  readonly alreadyBought: { readonly kinds: readonly string[] } | null;
  /** Drop ads with at least `max` events of these kinds by the user within `windowMs` before as-of. */
  readonly frequencyCap: { readonly kinds: readonly string[]; readonly max: number; readonly windowMs: number } | null;
  readonly blocklist: readonly string[];
}

export const noEligibilityRules: EligibilityRules = {
  dates: true,
  budget: true,
  targeting: true,
  alreadyBought: null,
  frequencyCap: null,
  blocklist: [],
};

/** The columns eligibility reads, one entry per ordinal; −Infinity, +Infinity stand for open ends. */
export interface EligibilityColumns {
  readonly startAt: Float64Array;
  readonly endAt: Float64Array;
  readonly budgetLeft: Float64Array;
  /** Index into `targetings`, −1 = everyone. */
  readonly targetingId: Int32Array;
  readonly targetings: readonly Targeting[];
}

/** 1 = eligible, by ordinal. */
export interface EligibilityMask {
  readonly bits: Uint8Array;
  readonly eligible: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}
