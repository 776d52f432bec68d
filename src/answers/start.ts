import type { UserId } from '../domain/ids.ts';
import type { Mode } from '../domain/query.ts';

/** An ad as the report names it. */
export interface DemoAd {
  readonly rank: number;
  readonly adId: string;
  readonly title: string;
  readonly score: number;
  readonly channels: readonly string[];
  readonly engaged: boolean;
}

export type ComparedMode = Exclude<Mode, 'merged'>;

/** A feature group and its Shapley value for one ad. */
export interface GroupPhi {
  readonly group: string;
  readonly phi: number;
}

/** Rank of an ad in each mode's list; null = not in it. */
export type RanksByMode = Readonly<Record<ComparedMode, number | null>>;

/** One named case: what was planted, and where each list has it. */
export interface DemoCase {
  readonly case: string;
  readonly userId: UserId;
  readonly adId: string;
  readonly title: string;
  readonly planted: string | null;
  readonly ranks: RanksByMode;
  /** The group with the largest φ; null when the model does not recall the ad. */
  readonly carriedBy: string | null;
}

/** Clicks planted on one group: how many, the share each list holds, and how often the group carries the ad it recalls. */
export interface GroupRecall {
  readonly group: string;
  readonly clicks: number;
  readonly model: number;
  readonly legacy: number;
  readonly i2i: number;
  /** Among the clicks the model recalled: share where the planted group has the largest φ; null when none was. */
  readonly carriedByGroup: number | null;
}

export interface DemoData {
  /** null: the workspace plants no story. */
  readonly story: {
    readonly userId: UserId;
    readonly asOf: number;
    readonly model: readonly DemoAd[];
    readonly legacy: readonly DemoAd[];
    /** Groups of the first ad of the model's list, strongest first. */
    readonly carriedBy: readonly GroupPhi[];
  } | null;
  readonly cases: readonly DemoCase[];
  /** Recall at k of the ads really clicked, by the group each click was planted on. */
  readonly k: number;
  /** Planted clicks there are; `overall.clicks` were run. */
  readonly planted: number;
  readonly byGroup: readonly GroupRecall[];
  readonly overall: GroupRecall;
  readonly next: readonly string[];
}
