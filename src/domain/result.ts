import type { DropReason } from './ads.ts';
import type { ChannelName, Evidence } from './channels.ts';
import type { RecallQuery } from './query.ts';

/**
 * One ad as emitted by one channel: `rank` from 1 within the channel's eligible list; score comparable within the
 * channel only.
 */
export interface ChannelHit {
  readonly channel: ChannelName;
  readonly rank: number;
  readonly score: number;
  readonly evidence: Evidence;
}

export interface Candidate {
  /** From 1; defines the order of the list. */
  readonly rank: number;
  readonly adId: string;
  readonly ordinal: number;
  /** Score of the channel that placed the ad. */
  readonly score: number;
  readonly via: ChannelName;
  /**
   * Score in the metric of the vectors (domain/metric); null where the workspace has no user tower or the ad has no
   * vector.
   */
  readonly modelScore: number | null;
  /** Every channel that emitted the ad, in merge order. */
  readonly channels: readonly ChannelHit[];
}

export interface FunnelStage {
  /** `eligible`, a channel's name, `merge`, `cutoff` */
  readonly stage: string;
  readonly in: number;
  readonly out: number;
  readonly dropped: Readonly<Partial<Record<DropReason | 'not-indexed' | 'quota' | 'duplicate' | 'cutoff', number>>>;
}

export interface AnnReport {
  /** |list ∩ exact top k| ÷ k of this very query; null unless checked. */
  readonly recallAtK: number | null;
  /** Ads of the exact top k the index did not return, in exact order. */
  readonly missed: readonly string[];
  readonly effectiveEf: number;
  /** The method of the index, such as `hnsw`; `exact-scan` where no index took part. */
  readonly method: string;
  /** Why the exact scan was used, where it was. */
  readonly reason: string | null;
}

export interface RecallResult {
  readonly query: RecallQuery;
  readonly candidates: readonly Candidate[];
  /** Score of the last ad of the list: what an ad had to beat; null when the list is not full. */
  readonly cutoff: number | null;
  readonly funnel: readonly FunnelStage[];
  /** null when the model channel did not run. */
  readonly ann: AnnReport | null;
  /** asOf < builtUntil of an artefact that took part: the model has seen the future. */
  readonly leak: boolean;
  readonly leaks: readonly string[];
  /** Unit user vector, D; null without a model. */
  readonly userVector: readonly number[] | null;
  /** Channels that had nothing to work on, and why: `{"keyword":"no searches before as-of"}`. */
  readonly silent: Readonly<Partial<Record<ChannelName, string>>>;
  readonly notices: readonly string[];
  /** Parts of the model's share of the answer that hold only approximately, and how. */
  readonly approximations: readonly string[];
  /** Wall time by stage, ms. */
  readonly timingsMs: Readonly<Record<string, number>>;
}
