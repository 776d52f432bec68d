import type { EvidenceSubject } from '../domain/channels.ts';
import type { ListComparison, Movement } from '../domain/compare-lists.ts';
import type { UserId } from '../domain/ids.ts';
import type { ListProfile } from '../domain/list-profile.ts';
import type { ChannelName, RecallQuery } from '../domain/query.ts';
import type { RecallResult } from '../domain/result.ts';
import type { ServedComparison } from '../domain/served/served.ts';
import type { CauseCount } from '../domain/served/summary.ts';
import type { HydratedRow } from '../engine/hydrate.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Bisected, BisectUnit, Resumed } from './session.ts';

/** A candidate as lists show it: title, category, brand, price and ground truth laid over it. */
export type RecallRow = HydratedRow;

export interface RecallData {
  readonly candidates: readonly RecallRow[];
  readonly cutoff: RecallResult['cutoff'];
  readonly funnel: RecallResult['funnel'];
  readonly ann: RecallResult['ann'];
  readonly leak: boolean;
  readonly leaks: readonly string[];
  readonly silent: RecallResult['silent'];
  readonly notices: readonly string[];
  /** Parts of the model's share of the answer that hold only approximately. */
  readonly approximations: readonly string[];
  /** Ads engaged with after as-of: how many there are, and how many of them are in the list. */
  readonly truth: { readonly engaged: number; readonly recalled: number };
  /** `--with-vectors`: enough to check a claim with other tools. */
  readonly userVector?: RecallResult['userVector'];
  readonly workspace?: {
    readonly index: {
      readonly path: string;
      readonly space: string;
      readonly dim: number;
      /** Label of the index and ad id, of each ad that it holds; a label may exceed 2^53. */
      readonly labels: ReadonlyArray<readonly [label: string, adId: string]>;
    };
  };
  /** `resume`: the session that goes on with this list. */
  readonly resumed?: Omit<Resumed, 'query'>;
}

/** An ad with its rank in either list; null = not there. */
export interface TitledMovement extends Movement {
  readonly title: string;
}

export type Side = 'a' | 'b';

/** All that a rule saw of the user: the categories its ads rest on, or the queries. */
type RuleSaw = {
  readonly [W in EvidenceSubject['what']]: {
    readonly kind: 'rule-saw';
    readonly side: Side;
    readonly rule: ChannelName;
    readonly what: W;
    readonly values: ReadonlyArray<EvidenceSubject<W>['value']>;
  };
}[EvidenceSubject['what']];

/**
 * One way in which the lists differ, or what makes a list what it is: the sentence as data. Shares are of the side's
 * list unless stated otherwise.
 */
export type ListDifference =
  /** The model's list owes this share of all |φ| to the group (exact Shapley values, summed over its ads). */
  | {
      readonly kind: 'carried-by';
      readonly side: Side;
      readonly group: string;
      readonly share: number;
      readonly phi: number;
    }
  | {
      readonly kind: 'placed-by';
      readonly side: Side;
      readonly channel: ChannelName;
      readonly ads: number;
      readonly share: number;
    }
  | RuleSaw
  /** Share of the category in either list, largest gap first. */
  | { readonly kind: 'category'; readonly category: string; readonly a: number; readonly b: number }
  /** Median price. */
  | { readonly kind: 'price'; readonly a: number; readonly b: number }
  /** Ads engaged with after as-of that only one list holds. */
  | { readonly kind: 'engaged-only-in'; readonly side: Side; readonly adIds: readonly string[] };

export interface CompareData {
  readonly queries: { readonly a: RecallQuery; readonly b: RecallQuery };
  readonly a: readonly RecallRow[];
  readonly b: readonly RecallRow[];
  readonly overlap: ListComparison['overlap'];
  /** In b only, by rank in b. */
  readonly entered: readonly TitledMovement[];
  /** In a only, by rank in a. */
  readonly left: readonly TitledMovement[];
  /** In both at different ranks, by rank in b. */
  readonly moved: readonly TitledMovement[];
  readonly truth: { readonly a: RecallData['truth']; readonly b: RecallData['truth'] };
  /** Parts of either list that hold only approximately. */
  readonly approximations: readonly string[];
  /** Present in an answer of `compare` itself; a replayed step has the lists alone. */
  readonly profiles?: { readonly a: ListProfile; readonly b: ListProfile };
  readonly differences?: readonly ListDifference[];
}

/** The workspace that a side's lists were computed from. */
export interface BisectSide {
  readonly name: string;
  readonly dir: string;
  readonly users: number;
  readonly ads: number;
  readonly events: number;
  readonly builtUntil: number | null;
  readonly fingerprints: Workspace['fingerprints'];
}

export interface BisectData {
  readonly workspace: { readonly a: BisectSide; readonly b: BisectSide };
  /**
   * The query of each side for the first user; the others have the same with their id and, where no as-of is given,
   * their own. null: no user was asked.
   */
  readonly queries: { readonly a: RecallQuery; readonly b: RecallQuery } | null;
  readonly a: { readonly dir: string; readonly name: string };
  readonly b: { readonly dir: string; readonly name: string };
  /** Artefacts whose fingerprints differ. */
  readonly differing: ReadonlyArray<{ readonly unit: BisectUnit; readonly title: string }>;
  readonly asked: number;
  readonly changed: number;
  /** Changed lists by what accounts for them, most first; units null = not accounted for. */
  readonly causes: ReadonlyArray<{
    readonly units: readonly BisectUnit[] | null;
    /** All sets that each account for these lists; `units` is the first. */
    readonly sets: ReadonlyArray<readonly BisectUnit[]>;
    readonly title: string;
    readonly users: number;
  }>;
  readonly runs: number;
  /** The changed ones, least similar lists first. */
  readonly rows: readonly Bisected[];
}

export interface ServedData extends ServedComparison {
  readonly requests: number;
  readonly causes: readonly CauseCount[];
}

export interface ServedAllData {
  /**
   * The query of every request, apart from its user, its time as as-of and, without --k, its length; null if no request
   * was run.
   */
  readonly query: (Omit<RecallQuery, 'userId' | 'asOf' | 'k'> & { readonly k: number | null }) | null;
  readonly requests: number;
  readonly same: number;
  /** Means over the requests. */
  readonly jaccard: number;
  readonly rbo: number;
  readonly causes: readonly CauseCount[];
  /** Lowest RBO first. */
  readonly users: ReadonlyArray<{
    readonly userId: UserId;
    readonly at: number;
    readonly rbo: number;
    readonly jaccard: number;
    readonly differences: number;
    readonly causes: readonly CauseCount[];
  }>;
  /** Requests that could not be asked, by reason. */
  readonly failed: Readonly<Record<string, number>>;
  /** The first lines of the log that are no request, with file, line and fault. */
  readonly faulty: readonly string[];
}
