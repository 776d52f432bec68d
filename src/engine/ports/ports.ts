import type { Abilities } from '../../domain/abilities.ts';
import type { Ad, EligibilityColumns, EligibilityMask } from '../../domain/ads.ts';
import type { ContextFields } from '../../domain/context-fields.ts';
import type { BehaviourEvent, Engagement, User } from '../../domain/events.ts';
import type { GroupSpec, TowerInput, UserInputs } from '../../domain/groups.ts';
import type { Space } from '../../domain/metric.ts';

/** The ports of the engine. Adapters implement them; the engine never sees a native handle. */

export interface BackendInfo {
  /** `tfjs-node`, `wasm`, `none` */
  readonly name: string;
  readonly version: string;
  /** Why this one, e.g. `tfjs-node is not installed`. */
  readonly reason: string;
}

/** One user's group encodings at one as-of. Opaque outside the encoder but for `present`. */
export interface GroupEncodings {
  /** false: h_g = 0 exactly (a null player). */
  readonly present: readonly boolean[];
  /** G×H row-major, h_g. */
  readonly h: Float32Array;
  readonly hDim: number;
  /** Whatever the encoder precomputes for `fuse`. */
  readonly projected: Float32Array;
}

export interface UserEncoder {
  readonly groups: readonly GroupSpec[];
  readonly dim: number;
  readonly backend: BackendInfo;
  /** Data up to which the model was trained, ms; null = unknown. */
  readonly builtUntil: number | null;
  /** The parts of a query that the model can follow; the engine refuses the rest with its reason. */
  readonly abilities: Abilities;
  /** The context fields that the model reads; absent: unknown. */
  readonly contextFields?: ContextFields;
  /** Heavy: run once per user and as-of. Rows are independent of each other within 1e-5. */
  encodeGroups(batch: readonly UserInputs[]): Promise<readonly GroupEncodings[]>;
  /** Light: `weights` is rows×G row-major; returns rows×D unit vectors. Throws `unsupported` on a norm below 1e-6. */
  fuse(encodings: GroupEncodings, weights: Float32Array, rows: number): Float32Array;
  describeInputs(inputs: UserInputs): readonly TowerInput[];
}

export interface AdEncoder {
  readonly dim: number;
  /** n×D unit vectors, row i for ads[i]. A new ad without an id embedding still gets one. */
  encodeAds(ads: readonly Ad[]): Promise<Float32Array>;
}

export interface Hits {
  readonly ordinals: Int32Array;
  readonly scores: Float32Array;
}

/** What an index holds for each ad of the sample. */
export interface IndexElements {
  /** By ordinal: 0 = no element, 1 = an element that searches return, 2 = one marked as deleted, which they never return. */
  readonly states: Uint8Array;
  /** Elements marked as deleted, those of ads that the sample does not have too. */
  readonly deleted: number;
  /** The index's own label of an ad, as text: it may exceed 2^53. Null for an ad without an element. */
  labelOf(ordinal: number): string | null;
}

/** Approximate index; score in its space, higher is better (domain/metric): ⟨u, v⟩, cos(u, v) or −|u − v|². Best first, ties by ordinal. */
export interface AdIndex {
  /** Nodes of the graph: with ef = size a search visits all it can reach. */
  readonly size: number;
  /** Absent: the label is the ordinal, and each ordinal below `size` has an element. */
  readonly elements?: IndexElements;
  readonly dim: number;
  readonly space: Space;
  readonly path: string;
  /** Name of its method in answers (`ann.method`): `hnsw`. `exact-scan` is the scan without an index. */
  readonly method: string;
  /** A promise where the index is not on this machine; whoever asks awaits it. Rejects as the index fails: no hits are no answer. */
  search(vector: Float32Array, k: number, ef: number, mask?: EligibilityMask): Hits | Promise<Hits>;
}

/** An index on this machine, which answers at once. */
export interface LocalIndex extends AdIndex {
  search(vector: Float32Array, k: number, ef: number, mask?: EligibilityMask): Hits;
}

/** One node as a replayed search met it. `distance` is the index's own: 1 − ⟨u, v⟩, or squared L2. */
export interface SearchHop {
  readonly level: number;
  readonly node: number;
  readonly ordinal: number;
  readonly distance: number;
}

/** The native search, replayed from the index file (hops on level 0 are the nodes expanded, in order). */
export interface SearchTrace {
  readonly entry: SearchHop;
  /** Where the greedy descent landed on level 0. */
  readonly landing: SearchHop;
  readonly hops: readonly SearchHop[];
  /** Nodes whose distance was computed on level 0. */
  readonly visited: number;
  /** Nearest candidate left when the search stopped, and the beam's worst distance; null = no candidate was left. */
  readonly stoppedAt: { readonly candidate: SearchHop; readonly bound: number } | null;
  /** The result of the native search: at most k, by (distance, ordinal). */
  readonly result: readonly SearchHop[];
  /** The result before the cut to k, best first: at most max(ef, k) nodes. */
  readonly beam: readonly SearchHop[];
  /**
   * Two candidates were at the same distance, so that a search with another ef may go another way; false where `ties` was
   * not asked for.
   */
  readonly tied: boolean;
  /** The ad in question; null if none was given. */
  readonly target: {
    readonly ordinal: number;
    readonly node: number;
    readonly distance: number;
    readonly visited: boolean;
    readonly inBeam: boolean;
    readonly rank: number | null;
  } | null;
}

/** The graph inside the index file, parsed by ourselves. Ordinals are labels; nodes are rows of the file. */
export interface IndexGraph {
  readonly count: number;
  /** Same order as the native search of the same vector, k, ef and mask. Throws `unknown-ad` when `target` has no node. */
  trace(
    vector: Float32Array,
    options: { k: number; ef: number; target?: number; mask?: EligibilityMask; ties?: boolean },
  ): SearchTrace;
  has(ordinal: number): boolean;
  /** Ordinals that no search can visit, whatever its vector and ef; ascending. */
  unreachable(): Int32Array;
  /** Can a search with this vector visit the ad at some ef? */
  reaches(vector: Float32Array, ordinal: number): boolean;
  /** Ordinals whose level-0 links lead to the ad, ascending. */
  inNeighbours(ordinal: number): Int32Array;
  /** The vector stored in the index file. */
  vectorOf(ordinal: number): Float32Array;
  close(): void;
}

/**
 * n×D float32, row = ordinal, in a SharedArrayBuffer. In the space `cosine` every row is of unit length (it is made so at
 * opening, as the index does): then ⟨u/|u|, row⟩ is the score.
 */
export interface AdVectors {
  /** The metric of scores over these vectors; absent = `ip`. */
  readonly space?: Space;
  /** 1 = the ad has a vector, by ordinal; rows of the others are 0 and no scan returns them. Absent = all have. */
  readonly present?: Uint8Array;
  readonly count: number;
  readonly dim: number;
  readonly data: Float32Array;
}

export interface ExactRank {
  /** 1 + number of (masked) ads that come before it: higher score, or equal score and lower ordinal. */
  readonly rank: number;
  readonly score: number;
  /** Other ads with exactly this score. */
  readonly ties: number;
}

export interface ExactScan {
  topK(vector: Float32Array, k: number, mask?: EligibilityMask): Promise<Hits>;
  rankOf(vector: Float32Array, ordinal: number, mask?: EligibilityMask): Promise<ExactRank>;
  /** Both answers from one pass over the vectors. */
  standing(
    vector: Float32Array,
    ordinal: number,
    k: number,
    mask?: EligibilityMask,
  ): Promise<{ readonly exact: ExactRank; readonly top: Hits }>;
  /** score of each given ordinal, from the same arithmetic as topK */
  scoresOf(vector: Float32Array, ordinals: ArrayLike<number>): Float32Array;
  close(): Promise<void>;
}

export interface ReadEvents {
  /** Exclusive upper bound: only events with at < before. */
  readonly before: number;
  /** Inclusive lower bound. */
  readonly from?: number;
  readonly kinds?: readonly string[];
  readonly limit?: number;
}

/** Something users did: events whose ad has all of the words in title, category, brand or id, or whose query has. */
export interface UsersWho {
  readonly of: 'ad' | 'query';
  /** absent = any kind. */
  readonly kinds?: readonly string[];
  /** Contained in that text, case aside; none = any ad, any query. */
  readonly words: readonly string[];
  /** Exclusive upper bound of the event's time, ms UTC; may be +∞. */
  readonly before: number;
  /** Inclusive lower bound. */
  readonly from?: number;
}

export interface CategoryCount {
  readonly category: string;
  readonly recent: number;
  readonly previous: number;
}

/** Read-only view of the sample of users. Newest first unless stated otherwise; ties in time by event id, code-unit order. */
export interface UserStore {
  readonly userCount: number;
  readonly eventCount: number;
  user(userId: string): User | null;
  /** Nearest ids to a misspelt one, best first. */
  suggestUsers(userId: string, limit: number): string[];
  /**
   * Users in code-unit order of id; `match` finds ids and attribute values containing it, `among` leaves only these ids.
   * `events` and `lastAt` are of the events before `before` (ms, exclusive; absent: of all).
   */
  listUsers(options: {
    match?: string;
    limit: number;
    offset?: number;
    among?: readonly string[];
    before?: number;
  }): Array<User & { events: number; lastAt: number | null }>;
  /** Ids of the users with such an event, in code-unit order. */
  usersWho(who: UsersWho): string[];
  /** All ids in code-unit order. */
  userIds(): string[];
  events(userId: string, options: ReadEvents): BehaviourEvent[];
  event(eventId: string): BehaviourEvent | null;
  lastEventAt(userId: string): number | null;
  /** Friends with since < before (a friend without a date always was one). */
  friends(userId: string, before: number): string[];
  /** Events of many users together, newest first. */
  eventsOf(userIds: readonly string[], options: ReadEvents): BehaviourEvent[];
  engaged(userId: string, options: { from: number; until: number | null; kinds: readonly string[] }): Engagement[];
  /** Events by ad ordinal within [from, before), of these kinds: the popularity counts. */
  adCounts(options: { from: number; before: number; kinds: readonly string[] }): Uint32Array;
  /** Events with an ad by category within [before − window, before) and the equal window before that. */
  categoryCounts(options: { before: number; windowMs: number }): CategoryCount[];
}

export interface AdCatalog {
  readonly adCount: number;
  readonly columns: EligibilityColumns;
  idOf(ordinal: number): string;
  ordinalOf(adId: string): number | null;
  ads(ordinals: ArrayLike<number>): Ad[];
  suggestAds(adId: string, limit: number): string[];
  listAds(options: { match?: string; limit: number; offset?: number }): Ad[];
  /** Ordinals of the ads of a category (exact path), ascending. */
  inCategory(category: string): Int32Array;
  /** Category path by ordinal. */
  categoryOf(ordinal: number): string;
}

export interface TextHit {
  readonly ordinal: number;
  readonly bm25: number;
}

/** Full-text index over ad titles, categories and brands; words segmented for Chinese. */
export interface TextIndex {
  /** Words of a text as the index segments them. */
  segment(text: string): string[];
  /** Best first, ties by ordinal; bm25 positive, higher = better. `match: any` of the query's words. */
  search(query: string, limit: number): TextHit[];
}

/** Item-to-item neighbours: co-occurrence cosine with shrinkage. */
export interface ItemNeighbours {
  readonly builtUntil: number | null;
  /** Neighbour ordinals and similarities, best first. Views into the file's arrays: do not keep. */
  neighbours(ordinal: number): { readonly ordinals: Int32Array; readonly similarities: Float32Array };
}

export interface Clock {
  now(): number;
  /** monotonic, ms with fraction */ tick(): number;
}
