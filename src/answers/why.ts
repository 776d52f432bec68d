import type { BatchExplanation, BatchRow, Contrast, Explanation, GroupPart } from '../domain/explanation.ts';
import type { EfCertificate } from '../domain/hnsw/certificate.ts';
import type { Repair, Verdict } from '../domain/verdict.ts';
import type { Audience } from '../engine/audience.ts';
import type { EventCounterfactual, WeightCounterfactual } from '../engine/counterfactual/types.ts';
import type { EfCurve, ScoreDistribution } from '../engine/list-shape.ts';
import type { Stability } from '../engine/stability.ts';

/** Titles of ads that an answer names, by id. */
export type Titles = Readonly<Record<string, string>>;

export interface ExplainData extends Omit<Explanation, 'query' | 'groups'> {
  /** `windowMs`: how far back the group reads, null = any age; absent: it reads no behaviours. */
  readonly groups: ReadonlyArray<GroupPart & { readonly windowMs?: number | null }>;
  readonly title: string;
  /** Titles of the ads that events and neighbours name. */
  readonly titles: Titles;
}

/** The groups of one ad of the list. */
export interface ExplainListRow extends BatchRow {
  readonly rank: number | null;
  readonly title: string;
}

/** The groups of every ad of the list. */
export interface ExplainListData extends Pick<BatchExplanation, 'approximations' | 'groups'> {
  readonly rows: readonly ExplainListRow[];
}

export interface ContrastData extends Omit<Contrast, 'query'> {
  readonly titles: Titles;
}

export interface WhyNotData extends Omit<Verdict, 'query' | 'repair'> {
  readonly title: string | null;
  /** `command` runs the repaired query headless; of a re-indexing, builds the index again. */
  readonly repair: (Repair & { readonly command: string }) | null;
  readonly titles: Titles;
}

export interface PathHop {
  readonly level: number;
  readonly node: number;
  readonly adId: string;
  readonly distance: number;
}

export interface SearchPathData {
  readonly adId: string;
  readonly title: string;
  /** The ad's label in the index: its own, which may exceed 2^53. */
  readonly label: string;
  /** Its element is marked as deleted: searches pass through it and never return it. */
  readonly deleted: boolean;
  /** The labels of the ads that the path names. */
  readonly labels: ReadonlyArray<readonly [label: string, adId: string]>;
  readonly distance: number;
  /** Was its distance computed, did it stay in the beam, and its rank in the list (null = not returned). */
  readonly met: boolean;
  readonly inBeam: boolean;
  readonly rank: number | null;
  readonly entry: PathHop;
  readonly landing: PathHop;
  readonly hops: readonly PathHop[];
  readonly visited: number;
  readonly stoppedAt: { readonly candidate: PathHop; readonly bound: number } | null;
  /** Ads whose links lead to this one; `expanded`: this search followed their links. */
  readonly inNeighbours: ReadonlyArray<{ readonly adId: string; readonly expanded: boolean }>;
  readonly effectiveEf: number;
  /** Found at `foundAt`, not at `notFoundAt`, both run on the native index; null: see `why`. */
  readonly smallestEf: EfCertificate | null;
  /** false: no search with this user vector can visit the ad at any ef. */
  readonly reachable: boolean;
  readonly why: string | null;
  /** Other ads of the list that are exactly as near: which of them stay depends on ef. */
  readonly ties: number;
  /** The native index was asked the same question and gave the same list. */
  readonly nativeAgrees: boolean;
  readonly approximations?: readonly string[];
}

/** A counterfactual without the query it was asked of. */
export type Counterfactual = Omit<WeightCounterfactual, 'query'> | Omit<EventCounterfactual, 'query'>;

export type CounterfactualData = Counterfactual & {
  /** The line that applies the change; null: there is none. */
  readonly command: string | null;
  readonly title: string;
  readonly titles: Titles;
};

export type StabilityData = Omit<Stability, 'query'>;

export interface ScoresData extends ScoreDistribution {
  readonly k: number;
  readonly approximations?: readonly string[];
}

export interface EfCurveData extends EfCurve {
  readonly approximations?: readonly string[];
}

export interface AudienceData extends Audience {
  readonly approximations: readonly string[];
  readonly title: string;
  readonly sample: { readonly users: number; readonly of: number; readonly seed: number };
  /** Worker threads that ran; 0: none. */
  readonly workers: number;
}

export interface CensusRow {
  readonly name: string;
  readonly unreachable: number;
}

export interface CensusData {
  /** Live nodes of the index. */
  readonly ads: number;
  readonly unreachable: number;
  /** Nodes marked as deleted, and the first of their ads: no search returns them. */
  readonly deleted: { readonly nodes: number; readonly adIds: readonly string[] };
  /** Ads of the sample without a node: how many, and the first of them. */
  readonly withoutNode: { readonly ads: number; readonly adIds: readonly string[] };
  /** The first of them, by ordinal. */
  readonly examples: ReadonlyArray<{
    readonly adId: string;
    readonly title: string;
    readonly campaign: string | null;
    readonly category: string;
  }>;
  readonly byCampaign: readonly CensusRow[];
  readonly byCategory: readonly CensusRow[];
}
