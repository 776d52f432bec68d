import type { FunnelChange, NotRun } from '../domain/funnel/changes.ts';
import type { Gain } from '../domain/funnel/gains.ts';
import type { LossReason } from '../domain/loss-reasons.ts';
import type { Loss } from '../domain/losses.ts';
import type { ChannelName, RecallQuery } from '../domain/query.ts';
import type { Titles } from './why.ts';

/** The ads in question. */
export interface FunnelSubject {
  readonly kind: 'ad' | 'campaign' | 'category';
  /** The ad's id, or the campaign or category as it was asked. */
  readonly name: string;
  /** Of one ad. */
  readonly title: string | null;
  readonly campaign: string | null;
  readonly ads: number;
  /** Every one of them, in order of id. */
  readonly adIds: readonly string[];
}

/** A change that was run over all users, with its effect. */
export interface FunnelGain extends Omit<Gain, 'displaced'> {
  readonly change: FunnelChange;
  /** The line that asks for the funnel of the changed query, whose reach is `reached.after`; null: no query says it. */
  readonly command: string | null;
  /** The changed query of the user that was asked, or of the first of the sample; null: no query says it. */
  readonly query: RecallQuery | null;
  readonly verified: true;
  readonly displaced: Gain['displaced'];
}

/** Who holds the places in the lists that a pair was merged out of. */
export interface MergedBy {
  readonly channel: ChannelName;
  /** Places of those lists, and of how many of them. */
  readonly places: number;
  readonly share: number;
}

/** Lost pairs in whose list near-identical ads of the ad's own campaign stand. */
export interface FunnelCrowding {
  readonly pairs: number;
  /** Of all lost pairs. */
  readonly share: number;
  /** Places they hold, summed over the pairs. */
  readonly places: number;
}

/** A user of the reason that was asked for, by the ad that came furthest among those of this reason. */
export interface FunnelUser extends Loss {
  readonly command: string;
}

export interface FunnelData {
  readonly subject: FunnelSubject;
  /** `fewer`: fewer users than by default were drawn, since the ads are many. */
  readonly sample: { readonly users: number; readonly of: number; readonly seed: number; readonly fewer: boolean };
  /** Users whose query was answered, and those whose was not (weights that leave no direction). */
  readonly users: number;
  readonly failed: number;
  readonly pairs: number;
  /** Users with any of the ads in their list. */
  readonly reached: number;
  /** Every pair under one reason: their pairs add up to `pairs`. */
  readonly reasons: readonly LossReason[];
  /** Every user under the reason of the ad that came furthest: users add up to `users`. For one ad as `reasons`. */
  readonly byUser: readonly LossReason[];
  readonly mergedBy: readonly MergedBy[];
  readonly crowding: FunnelCrowding;
  /** Changes that were run, the one that regains most users first; empty where they were not asked for. */
  readonly changes: readonly FunnelGain[];
  /** The first of them, where it regains a user net; null: none does. */
  readonly best: FunnelGain | null;
  readonly notRun: readonly NotRun[];
  /** The users of one reason, on request: how many there are, and the first of them. */
  readonly drill: { readonly reason: string; readonly users: number; readonly rows: readonly FunnelUser[] } | null;
  readonly titles: Titles;
  readonly approximations: readonly string[];
  /** Worker threads that ran; 0: none. */
  readonly workers: number;
}
