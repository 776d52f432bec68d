import type { EventId, QueryText, UserId } from './ids.ts';
export type GroupName = string;

/**
 * A feature group: a family of inputs of the user tower with one weight. Declared by the workspace's
 * manifest; no code knows the names.
 * - `events`: the user's own events of `kinds`, newest first;
 * - `social`: own events of `ownKinds` (shares) and friends' events of `kinds`, newest first;
 * - `context`: the query's context fields, plus hour and weekday of as-of;
 * - `trend`: categories rising in the window before as-of.
 */
export interface GroupSpec {
  readonly name: GroupName;
  readonly source: 'events' | 'social' | 'context' | 'trend';
  readonly kinds: readonly string[];
  readonly ownKinds: readonly string[];
  /** Most items read; older ones fall off. An excluded event keeps its slot. */
  readonly maxItems: number;
  /** How far back items are read, ms; null = any age. For `trend`: the window. */
  readonly windowMs: number | null;
}

/** One input of the user tower as it will be looked up. */
export interface InputItem {
  /** null for context fields and trend entries */
  readonly eventId: EventId | null;
  /** `view`, `search`, … for events; the field's name for context (`hour`, `promo`); `category` for trend */
  readonly kind: string;
  readonly at: number | null;
  readonly ageMs: number | null;
  readonly adId: string | null;
  readonly ordinal: number | null;
  readonly query: QueryText | null;
  readonly peerId: UserId | null;
  /** The field's value (context) or the category (trend); null for events. */
  readonly value: string | null;
  /** 1 for events; log2 lift for trend. */
  readonly strength: number;
  readonly excluded: boolean;
}

export interface GroupInput {
  readonly group: GroupName;
  readonly items: readonly InputItem[];
}

/** Everything the user tower sees of one user at one instant, in the order of the manifest's groups. */
export interface UserInputs {
  readonly userId: UserId;
  readonly asOf: number;
  readonly groups: readonly GroupInput[];
}

/** One line of `inputs USER`: what the model really looked up. */
export interface TowerInput {
  readonly group: GroupName;
  readonly field: string;
  readonly value: string;
  /** Row of the embedding table; null where there is none. */
  readonly id: number | null;
  readonly outOfVocabulary: boolean;
  readonly ageMs: number | null;
  readonly eventId: EventId | null;
  readonly excluded: boolean;
}
