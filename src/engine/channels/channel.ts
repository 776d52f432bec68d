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

/** Where an ad stands in a channel's whole eligible list, from 0; null: nowhere among the `of` ads it has. */
export interface PlaceInWhole {
  readonly place: { readonly at: number; readonly score: number } | null;
  readonly of: number;
}

/** The working part of a channel; its name, kind and quotas stand in domain/channels. */
export interface Channel {
  /** The eligible ads, best first, at most `limit`; `limit` may be as large as the catalogue. */
  run(core: EngineCore, query: RecallQuery, limit: number): ChannelRun | Promise<ChannelRun>;
  /**
   * The ad's place in the list that `run` would give with the whole catalogue as its limit, without making the list.
   * For a channel whose list may be the catalogue. Absent: the list is made.
   */
  placeOf?(core: EngineCore, query: RecallQuery, ordinal: number): PlaceInWhole;
  /**
   * Its run depends on weights, context and knock-outs of the query, and on index and vectors. Absent: it reads none of
   * them.
   */
  readonly readsTower?: true;
  /**
   * End of the data in the artefact that the channel reads, ms; null = unknown. Absent: it reads events before as-of
   * alone, and cannot leak.
   */
  builtUntil?(until: { readonly model: number | null; readonly i2i: number | null }): number | null;
  /**
   * Changes under which the channel could match an ad that it does not match now: what the user could have done, or the
   * operator configured. why-not runs them before it suggests one. Absent: there are none.
   */
  repairs?(query: RecallQuery, ad: Ad): readonly TrialChange[];
}
