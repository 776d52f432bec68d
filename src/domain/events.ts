import type { EventId, QueryText, UserId } from './ids.ts';
/** One user behaviour. Times are ms since the epoch, UTC. */
export interface BehaviourEvent {
  readonly eventId: EventId;
  readonly userId: UserId;
  /**
   * `view`, `click`, `search`, `cart`, `favourite`, `purchase`, `share`, `impression`, … (the manifest says which
   * kinds feed which group)
   */
  readonly kind: string;
  readonly at: number;
  readonly platform: string | null;
  readonly adId: string | null;
  readonly query: QueryText | null;
  /** The other user, where the behaviour has one. */
  readonly peerId: UserId | null;
}

/** A hypothetical event, as in "what if the user had searched X". `kind: 'friend'` with `peerId` adds a friend. */
export interface HypotheticalEvent {
  readonly kind: string;
  readonly at: number;
  readonly adId?: string;
  readonly query?: QueryText;
  readonly peerId?: UserId;
}

/** Id of the i-th hypothetical event of a query. No recorded event may start with this prefix. */
export const hypotheticalEventId = (index: number): string => `what-if:${index}`;

export interface User {
  readonly userId: UserId;
  /** Flat attributes, used by targeting and segments: `{"gender":"f","city":"tier-1"}`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** An ad the user engaged with after as-of: ground truth. */
export interface Engagement {
  readonly adId: string;
  readonly kind: string;
  readonly at: number;
}
