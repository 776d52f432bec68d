import type { Ad, EligibilityColumns } from '../../domain/ads.ts';
import type { BehaviourEvent, Engagement, User } from '../../domain/events.ts';

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
   * Users in code-unit order of id; each of `words` must be in the id or in an attribute as it is shown (`city tier-1`),
   * case aside; `among` leaves only these ids.
   * `events` and `lastAt` are of the events before `before` (ms, exclusive; absent: of all).
   */
  listUsers(options: {
    words?: readonly string[];
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
  /** How many events of a user there are by kind, without reading them. */
  countEvents(userId: string, options: Omit<ReadEvents, 'limit'>): ReadonlyMap<string, number>;
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
  /** Ordinals of the ads of a campaign, ascending. A pass over the ads: for questions about a campaign, not about a list. */
  inCampaign(campaign: string): Int32Array;
  /** Every campaign, in code-unit order; a pass over the ads. */
  campaigns(): string[];
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
