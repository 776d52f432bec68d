import type { BehaviourEvent } from '../domain/events.ts';
import { assembleInputs, newestFirst } from '../domain/inputs.ts';
import type { InputSettings } from '../domain/inputs.ts';
import type { GroupSpec, UserInputs } from '../domain/groups.ts';
import type { UserStore } from '../engine/ports/ports.ts';
import { trendMemory } from './trend-memory.ts';
import type { AdCategories } from './trend-memory.ts';

export type TrainingStore = Pick<UserStore, 'userIds' | 'events' | 'friends'>;

/** The sample in memory, cut at `until`: reading it user by user and sample by sample would cost a query each. */
export interface World {
  readonly userIds: readonly string[];
  /** Newest first. */
  eventsOf(userId: string): readonly BehaviourEvent[];
  /** The inputs of the user tower at this instant: no data at or after it. */
  inputsAt(userId: string, asOf: number, platform: string | null): UserInputs;
}

export interface WorldOptions extends AdCategories {
  readonly settings: InputSettings;
  readonly engagementKinds: readonly string[];
  readonly until: number;
}

export const loadWorld = (store: TrainingStore, options: WorldOptions): World => {
  const { settings, until } = options;
  const userIds = store.userIds();
  const trends = settings.groups.filter((g) => g.source === 'trend');
  const kinds = trends.length > 0 ? undefined : kindsRead(settings.groups, options.engagementKinds);
  const events = new Map(
    userIds.map((id) => [id, store.events(id, { before: until, ...(kinds === undefined ? {} : { kinds }) })]),
  );
  const social = socialMemory(store, settings.groups, events, until);
  const rising = trendMemory(trends, settings, events, options);
  return {
    userIds,
    eventsOf: (userId) => events.get(userId) ?? [],
    inputsAt: (userId, asOf, platform) =>
      assembleInputs(settings, {
        userId,
        asOf,
        ownEvents: events.get(userId) ?? [],
        friendEvents: social(userId, asOf),
        context: platform === null || platform === '' ? {} : { device: platform },
        rising: rising(asOf),
        excludedEvents: none,
        extraEvents: [],
        ordinalOf: options.ordinalOf,
      }),
  };
};

const none: ReadonlySet<string> = new Set();

const kindsRead = (groups: readonly GroupSpec[], engagement: readonly string[]): string[] => [
  ...new Set([...engagement, ...groups.flatMap((g) => [...g.kinds, ...g.ownKinds])]),
];

/** Friends' events, newest first, as they stood at as-of: friendships are dated, and only grow. */
const socialMemory = (
  store: TrainingStore,
  groups: readonly GroupSpec[],
  events: ReadonlyMap<string, readonly BehaviourEvent[]>,
  until: number,
) => {
  const kinds = new Set(groups.filter((g) => g.source === 'social').flatMap((g) => g.kinds));
  if (kinds.size === 0) return () => [];
  const merged = new Map<string, readonly BehaviourEvent[]>();
  const counts = new Map<string, { last: number; always: boolean }>();
  const countsOf = (userId: string): { last: number; always: boolean } => {
    const known = counts.get(userId) ?? { last: store.friends(userId, until).length, always: false };
    const fresh = counts.has(userId)
      ? known
      : { ...known, always: known.last === store.friends(userId, Number.MIN_SAFE_INTEGER).length };
    counts.set(userId, fresh);
    return fresh;
  };
  return (userId: string, asOf: number): readonly BehaviourEvent[] => {
    const { last, always } = countsOf(userId);
    if (last === 0) return [];
    const friends = store.friends(userId, always ? until : asOf).filter((id) => id !== userId);
    // the set only grows with time: its size says which set it is
    const key = `${friends.length}:${userId}`;
    const known = merged.get(key);
    if (known !== undefined) return known;
    const all = friends.flatMap((id) => (events.get(id) ?? []).filter((e) => kinds.has(e.kind))).sort(newestFirst);
    merged.set(key, all);
    return all;
  };
};
