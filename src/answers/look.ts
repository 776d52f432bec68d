import type { Ad, DropReason } from '../domain/ads.ts';
import type { Engagement } from '../domain/events.ts';
import type { TowerInput } from '../domain/groups.ts';
import type { EventId, QueryText, UserId } from '../domain/ids.ts';

export interface UserRow {
  readonly userId: UserId;
  readonly attributes: Readonly<Record<string, string>>;
  /** Before the answer's as-of. */
  readonly events: number;
  /** The last event before as-of, ms UTC; null without events. */
  readonly lastAt: number | null;
  /** 1 − RBO of the two lists, where it was asked for. */
  readonly difference?: number;
}

/** The disagreement that the users are ordered by, most different first. */
export interface DisagreementData {
  readonly sides: readonly [string, string];
  /** Users whose two lists were compared; `of`: those that were asked about, of whom as many were drawn. */
  readonly compared: number;
  readonly of: number;
  /** Sampled users whose recall failed, and sampled users whose value was cached. */
  readonly failed: number;
  readonly kept: number;
}

export interface UsersData {
  /** Ids alone with `--ids`. */
  readonly users: ReadonlyArray<Pick<UserRow, 'userId'> & Partial<UserRow>>;
  readonly total: number;
  readonly match: string | null;
  /**
   * Events and conditions count what is before this instant, ms UTC; null: the workspace sets none, all events count.
   */
  readonly asOf: number | null;
  /** Absent: no condition was set. `found`: all users that meet them; null where a match narrows them further. */
  readonly conditions?: number;
  readonly found?: number | null;
  /** Absent: nothing was compared. */
  readonly disagreement?: DisagreementData;
  readonly approximations?: readonly string[];
}

export interface EventRow {
  readonly eventId: EventId;
  /** The first group of the manifest that reads events of this kind; null when none does. */
  readonly group: string | null;
  readonly groups: readonly string[];
  readonly kind: string;
  /** ms UTC */
  readonly at: number;
  readonly ageMs: number;
  readonly platform: string | null;
  readonly adId: string | null;
  readonly title: string | null;
  /** Category path of its ad; null without an ad, or where the sample does not know it. */
  readonly category: string | null;
  readonly query: QueryText | null;
  readonly peerId: UserId | null;
  readonly excluded: boolean;
}

export interface EventsData {
  readonly user: { readonly userId: UserId; readonly attributes: Readonly<Record<string, string>> };
  readonly asOf: number;
  /** Newest first, all before as-of. */
  readonly events: readonly EventRow[];
  /** Number of events of the requested kinds before as-of. */
  readonly total: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** Events a day, oldest first; the last ends at as-of. */
  readonly perDay: readonly number[];
  readonly friends: number;
  /** The ads that the user engaged with after as-of: ground truth. */
  readonly engaged: ReadonlyArray<Engagement & { readonly title: string | null }>;
}

export interface InputGroupRow {
  readonly group: string;
  readonly weight: number;
  /** false: nothing to read, the group is a null player. */
  readonly present: boolean;
  /** How far back it reads, ms; null = any age. Absent: it reads no behaviours. */
  readonly windowMs?: number | null;
  /** Items read, and how many the group reads at most. */
  readonly items: number;
  readonly maxItems: number;
  /** Share of the group's fields that are out of vocabulary. */
  readonly outOfVocabulary: number;
}

export interface InputsData {
  readonly inputs: readonly TowerInput[];
  readonly groups: readonly InputGroupRow[];
}

/** An ad as lists show it. */
export interface AdRow {
  readonly adId: string;
  readonly title: string;
  readonly category: string;
  readonly brand: string;
  readonly price: number | null;
  readonly campaign: string | null;
}

export interface AdsData {
  readonly ads: readonly AdRow[];
  readonly total: number;
  readonly match: string | null;
}

export interface Neighbour {
  readonly adId: string;
  readonly title: string;
  readonly campaign: string | null;
  readonly similarity: number;
}

export interface AdData {
  readonly ad: Ad;
  readonly eligibility: {
    readonly asOf: number;
    /** null: judged without a user, targeting ignored. */
    readonly userId: UserId | null;
    readonly eligible: boolean;
    /** The first filter that drops it. */
    readonly reason: DropReason | null;
  };
  /** null without vectors. */
  readonly vector: {
    readonly dim: number;
    /** ‖v‖; 1 within 1e-4 for a sound vector. */
    readonly norm: number;
    readonly builtUntil: number | null;
    /** as-of − builtUntil, ms. */
    readonly ageMs: number | null;
    /** Cosine of the stored vector with what the ad tower gives now; null when not asked for or without a model. */
    readonly freshCosine: number | null;
    /** A search of the index can return it; `deleted`: its element is there, marked as deleted. */
    readonly indexed: boolean;
    readonly deleted: boolean;
  } | null;
  /** Nearest ads by vector, without the ad itself. */
  readonly neighbours: readonly Neighbour[];
  /** The ads among the nearest 200 with cosine ≥ 0.95. */
  readonly nearDuplicates: readonly Neighbour[];
  /** Item-to-item neighbours by co-occurrence. */
  readonly i2i: readonly Neighbour[];
}
