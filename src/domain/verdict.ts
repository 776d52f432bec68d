import type { EventId, QueryText } from './ids.ts';
import type { DropReason } from './ads.ts';
import type { EfCertificate } from './hnsw/certificate.ts';
import type { GroupName } from './groups.ts';
import type { ChannelName, RecallQuery } from './query.ts';
import type { ChannelHit } from './result.ts';

/** The outcome of an ad in one channel (docs/design.md, "Explanations and verdicts"). */
export type ChannelVerdictName =
  'not-matched' | 'quota' | 'not-indexed' | 'stale-vector' | 'below-cutoff' | 'ann-missed' | 'unreachable' | 'selected';

/** The headline: what became of the ad in all. */
export type VerdictName = 'recalled' | 'unknown-ad' | 'ineligible' | 'merged-out' | ChannelVerdictName;

/** The proof of a channel's verdict. */
export type VerdictEvidence =
  /** The channel emits the ad. */
  | { readonly type: 'hit'; readonly hit: ChannelHit }
  /** Nothing leads the channel to the ad. */
  | { readonly type: 'no-match'; readonly reason: string }
  /** Matched at `rank`, but the channel emits only `emitted` ads: its quota, and what the refill let in. */
  | {
      readonly type: 'quota';
      readonly rank: number;
      readonly quota: number;
      readonly emitted: number;
      readonly score: number;
      readonly cutoff: number | null;
    }
  /** Exact rank among the eligible ads; `cutoff` is the score of the last ad that is in. */
  | {
      readonly type: 'rank';
      readonly rank: number;
      readonly limit: number;
      readonly score: number;
      readonly cutoff: number;
      readonly ties: number;
      /** The score is above the cutoff, and the index cannot tell: the step of its float32 distances there. */
      readonly step?: number;
      /** A tie that lost at this ef and is won at another. */
      readonly wonAt?: EfCertificate;
    }
  | { readonly type: 'no-vector'; readonly reason: string }
  /** The index's row against what it should be now: the ad tower's vector, or the row of the vectors file. */
  | {
      readonly type: 'stale';
      readonly against: 'ad-tower' | 'vectors-file';
      readonly cosine: number;
      readonly storedScore: number;
      readonly storedRank: number;
      readonly freshScore: number;
      readonly freshRank: number;
      readonly limit: number;
    }
  /**
   * Good enough, and not visited: found natively at `foundAt`, not at `notFoundAt` = foundAt − 1. `cutoff`: score of the
   * last ad of the list as the index gave it, at most the exact cutoff.
   */
  | {
      readonly type: 'ef';
      readonly rank: number;
      readonly score: number;
      readonly cutoff: number;
      readonly effectiveEf: number;
      readonly foundAt: number;
      readonly notFoundAt: number | null;
      readonly certain?: boolean;
    }
  /** Good enough, and not found natively at `triedEf` = every ad of the index. */
  | {
      readonly type: 'no-ef';
      readonly rank: number;
      readonly score: number;
      readonly cutoff: number;
      readonly triedEf: number;
    };

/** The reason of `not-indexed` for an element that is there and that no search may return. */
export const markedAsDeleted = 'it is marked as deleted in the index';

export interface ChannelVerdict {
  readonly channel: ChannelName;
  /** The query's mode uses the channel and does not disable it. */
  readonly takesPart: boolean;
  readonly verdict: ChannelVerdictName;
  readonly evidence: VerdictEvidence;
  /** Score missing to the cutoff, ≥ 0; 0 for a tie that lost; null where there is nothing to compare. */
  readonly margin: number | null;
  /** Ranks missing; null where there is no rank. */
  readonly rankMargin: number | null;
}

/** One change of the query, or of what the index holds. */
export type QueryChange =
  | { readonly type: 'ef'; readonly from: number; readonly to: number }
  | { readonly type: 'k'; readonly from: number; readonly to: number }
  | { readonly type: 'weight'; readonly group: GroupName; readonly from: number; readonly to: number }
  | { readonly type: 'merge-quota'; readonly channel: ChannelName; readonly from: number; readonly to: number }
  | { readonly type: 'rule-quota'; readonly channel: ChannelName; readonly from: number; readonly to: number }
  | { readonly type: 'merge-order'; readonly channel: ChannelName; readonly from: number; readonly to: number }
  | { readonly type: 'enable'; readonly channel: ChannelName }
  | { readonly type: 'include-event'; readonly eventId: EventId }
  | { readonly type: 'as-of'; readonly from: number; readonly to: number }
  | { readonly type: 'eligibility'; readonly to: false }
  | { readonly type: 'priority-list'; readonly position: number }
  | { readonly type: 'search'; readonly query: QueryText }
  /** No change of the query: the ad indexed again under its fresh vector, run as an overlay in memory. */
  | { readonly type: 'reindex'; readonly adId: string; readonly vector: 'ad-tower' | 'vectors-file' };

/** A single change that was run and seen to bring the ad into the list. */
export interface Repair {
  readonly change: QueryChange;
  /**
   * Share of the change's range that is used, 0 … 1: what "cheapest" compares. Above 1: a list more than ten times as
   * long.
   */
  readonly cost: number;
  /** The changed query; of `reindex` the very query that was asked. */
  readonly query: RecallQuery;
  readonly verified: true;
  /**
   * For a number (k, ef, a quota, a weight in thousandths): all from `ran.from` to `ran.to` were run, and the last
   * alone works. `certain`: no smaller change of this kind brings the ad in; else it is the smallest that was seen to.
   */
  readonly smallest?: { readonly certain: boolean; readonly ran: { readonly from: number; readonly to: number } };
  readonly effect: {
    readonly rank: number;
    readonly displaced: readonly string[];
    readonly entered: readonly string[];
  };
}

/** The runs of the search for a repair, with its bounds; null or empty = no such run applies. */
export interface Searched {
  /** So many lists longer than the query's and at most `to` long; see `Repair.smallest` for the one that works. */
  readonly k: { readonly from: number; readonly to: number; readonly runs: number } | null;
  /** Every ef from `from` to `to`, or proved for it. `every` is false where exact ties made them more than were run. */
  readonly ef: { readonly from: number; readonly to: number; readonly every: boolean } | null;
  /**
   * Each weight alone: every `step` nearer than `within` to where it stands, and steps of 1/8 nearer than `to`.
   * `every`: `within` is as far as `to`.
   */
  readonly weights: {
    readonly step: number;
    readonly within: number;
    readonly to: number;
    readonly every: boolean;
  } | null;
  /** Per channel that ranks the ad: every quota above `from` up to `to`, until one works. No quota above k can help. */
  readonly quotas: ReadonlyArray<{ readonly channel: ChannelName; readonly from: number; readonly to: number }>;
}

/** Near-identical creatives of the same campaign that hold slots of the list above the ad. */
export interface Crowding {
  readonly campaign: string | null;
  readonly cosine: number;
  readonly slots: number;
  readonly adIds: readonly string[];
}

export interface Verdict {
  readonly query: RecallQuery;
  readonly adId: string;
  readonly verdict: VerdictName;
  /** `recalled`: where in the list. */
  readonly rank: number | null;
  /** `ineligible`: which filter. */
  readonly reason: DropReason | null;
  /** `unknown-ad`: nearest ids. */
  readonly suggestions: readonly string[];
  /** The channel the headline speaks of. */
  readonly channel: ChannelName | null;
  /** `merged-out`: the ads of the list that stand where this one would have been. */
  readonly displacedBy: ReadonlyArray<{ readonly adId: string; readonly rank: number; readonly via: ChannelName }>;
  readonly channels: readonly ChannelVerdict[];
  readonly crowding: Crowding | null;
  readonly repair: Repair | null;
  /** Parts that hold only approximately, and checks that were impossible. */
  readonly approximations: readonly string[];
  /** Changes that were run while looking for the repair. */
  readonly tried: number;
  /** The runs; null: no repair was looked for. */
  readonly searched: Searched | null;
}

/** Without a repair, the channel that came nearest speaks: the first of these. */
export const nearness: readonly ChannelVerdictName[] = [
  'selected',
  'ann-missed',
  'unreachable',
  'quota',
  'below-cutoff',
  'stale-vector',
  'not-indexed',
  'not-matched',
];
