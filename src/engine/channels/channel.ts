import type { Ad } from '../../domain/ads.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { QueryChange } from '../../domain/verdict.ts';
import type { ChannelRun, EngineCore } from '../core.ts';

/** A change of the query with its cost on the scale of `Repair`, and the changed query. Not yet run. */
export interface TrialChange {
  readonly change: QueryChange;
  readonly cost: number;
  readonly query: RecallQuery;
}

/** The working part of a channel; its name, kind and quotas stand in domain/channels. */
export interface Channel {
  /** The eligible ads, best first, at most `limit`; `limit` may be as large as the catalogue. */
  run(core: EngineCore, query: RecallQuery, limit: number): ChannelRun | Promise<ChannelRun>;
  /**
   * Changes under which the channel could match an ad that it does not match now: what the user could have done, or the
   * operator configured. why-not runs them before it suggests one. Absent: there are none.
   */
  repairs?(query: RecallQuery, ad: Ad): readonly TrialChange[];
}
