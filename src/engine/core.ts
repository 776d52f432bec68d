import type { DropReason, EligibilityMask } from '../domain/ads.ts';
import type { BehaviourEvent, User } from '../domain/events.ts';
import type { UserInputs } from '../domain/groups.ts';
import type { ChannelName, RecallQuery } from '../domain/query.ts';
import type { Evidence } from '../domain/channels.ts';
import type { AnnReport } from '../domain/result.ts';
import type { EngineDeps } from './deps.ts';
import type { Popularity } from './popularity.ts';
import type { GroupEncodings, UserEncoder } from './ports/ports.ts';

/**
 * The engine's internals, shared by recall, explain, why-not and counterfactual: each is a set of
 * functions over this one value. Everything is a function of the query (and of read-only artefacts);
 * what is expensive is kept in LRU caches keyed by the part of the query it depends on.
 */
export interface EngineCore {
  readonly deps: EngineDeps;
  /** Throws `unknown-user` with the nearest ids. */
  user(userId: string): User;
  /**
   * The user's events before as-of with the query's hypothetical events among them, newest first. Knock-outs do not
   * apply.
   */
  history(query: RecallQuery): readonly BehaviourEvent[];
  /** The same, read only as far back as it is looked at. */
  newest(query: RecallQuery): Iterable<BehaviourEvent>;
  /** The recorded ones: all events from `from` on of the log that questions at other instants share. */
  place(query: RecallQuery): { readonly events: readonly BehaviourEvent[]; readonly from: number };
  /**
   * The inputs of the user tower. Throws `unsupported` without a model, `unknown-event` for an excluded id that does
   * not exist.
   */
  inputs(query: RecallQuery): Promise<UserInputs>;
  /** Encodings of the query's user, cached: weights, k, ef, mode and rules play no part. null without a model. */
  encode(query: RecallQuery): Promise<EncodedUser | null>;
  /** As `encode` for many queries, in one batch for those not cached. Throws `unsupported` without a model. */
  encodeMany(queries: readonly RecallQuery[]): Promise<readonly EncodedUser[]>;
  /**
   * Unit vector u at the query's weights; null without a model. Do not write to it. Throws `unsupported` as
   * `weightsOf`.
   */
  userVector(query: RecallQuery): Promise<Float32Array | null>;
  /**
   * G weights in the order of the encoder's groups; a group the query does not name has 1. Throws `unsupported`
   * where the query asks what the model lacks (`UserEncoder.abilities`): every vector needs them, so none is made of
   * half a query.
   */
  weightsOf(query: RecallQuery, encoder: UserEncoder): Float32Array;
  /** null: nothing is dropped (eligibility off, or every ad eligible). */
  mask(query: RecallQuery): EligibilityMask | null;
  /**
   * Which filter drops each ad, by ordinal (domain/eligibility, `reasonOf`); null: nothing is dropped (eligibility
   * off, or every ad eligible).
   */
  dropCodes(query: RecallQuery): Uint8Array | null;
  /** The first filter that drops this ad for this query, in the order of `DropReason`; null = eligible. */
  dropReason(query: RecallQuery, ordinal: number): DropReason | null;
  /**
   * The same core, every cache shared, that judges every query with its filters on by these codes (by ordinal, as
   * `dropCodes`): eligibility of one instant under a run as of another, or with a filter lifted.
   */
  withEligibility(codes: Uint8Array): EngineCore;
  /** Behaviour counts before as-of: the order of `popular`, and that within a category. */
  readonly popularity: Popularity;
  /** How many of the eligible ads (null: of all) no search of the model channel can return. */
  unindexed(mask: EligibilityMask | null): number;
  /** The channel's eligible ads, best first, at most `limit`; `limit` may be as large as the catalogue. */
  runChannel(query: RecallQuery, channel: ChannelName, limit: number): Promise<ChannelRun>;
  /** Scores by ordinal from the stored vectors, in their metric; null where there are none. */
  modelScores(vector: Float32Array, ordinals: ArrayLike<number>): Float32Array | null;
}

export interface EncodedUser {
  readonly encoder: UserEncoder;
  readonly inputs: UserInputs;
  readonly encodings: GroupEncodings;
}

/** One ad as a channel emits it; its rank is its position in the run + 1. */
export interface Emitted {
  readonly ordinal: number;
  readonly score: number;
  readonly evidence: Evidence;
}

export interface ChannelRun {
  readonly channel: ChannelName;
  readonly hits: readonly Emitted[];
  /** Ads looked at: `hits` + the dropped ones. */
  readonly matched: number;
  readonly dropped: Readonly<Partial<Record<DropReason | 'not-indexed' | 'quota', number>>>;
  /** Why the channel had nothing to work on; null when it had. */
  readonly silent: string | null;
  /** The workspace lacks what the channel is made of (silent says what). */
  readonly unavailable: boolean;
  readonly notices: readonly string[];
  /** Model channel only. `recallAtK` is null here: recall() fills it. */
  readonly ann: AnnReport | null;
}
