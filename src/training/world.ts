import type { BehaviourEvent } from '../domain/events.ts';
import { assembleInputs, newestFirst, placeBefore } from '../domain/inputs.ts';
import type { InputSettings } from '../domain/inputs.ts';
import type { GroupSpec, UserInputs } from '../domain/groups.ts';
import type { UserStore } from '../engine/ports/ports.ts';
import { trendMemory } from './trend-memory.ts';
import type { AdCategories } from './trend-memory.ts';

export type TrainingStore = Pick<UserStore, 'userIds' | 'events' | 'countEvents' | 'friends'>;

/**
 * The newest behaviours of a user that training reads: years of a person's, days of a crawler's, which would otherwise
 * be most of the samples. Trends count all of them, as they do when the model is asked.
 */
export const mostEvents = 10_000;

export interface Windowed {
  readonly users: number;
  readonly events: number;
}

/** The sample in memory, cut at `until`: reading it user by user and sample by sample would cost a query each. */
export interface World {
  /** Users with more than `mostEvents`, and how many of their older events were not read. */
  readonly windowed: Windowed;
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
  /** Newest events that are read of a user; for tests. */
  readonly mostOfUser?: number;
}

export const loadWorld = (store: TrainingStore, options: WorldOptions): World => {
  const { settings, until, mostOfUser = mostEvents } = options;
  const userIds = store.userIds();
  const trends = settings.groups.filter((g) => g.source === 'trend');
  const kinds = trends.length > 0 ? undefined : kindsRead(settings.groups, options.engagementKinds);
  const asked = { before: until, ...(kinds === undefined ? {} : { kinds }) };
  const events = new Map(userIds.map((id) => [id, store.events(id, { ...asked, limit: mostOfUser })]));
  const long = userIds.filter((id) => events.get(id)?.length === mostOfUser);
  const all = long.map((id) => [...store.countEvents(id, asked).values()].reduce((sum, count) => sum + count, 0));
  const windowed = all.filter((count) => count > mostOfUser);
  const social = socialMemory(store, settings.groups, events, until);
  const counted = {
    *[Symbol.iterator]() {
      for (const [id, list] of events)
        yield* list.length < mostOfUser ? [list] : eventPages(store, id, asked, mostOfUser);
    },
  };
  const rising = trendMemory(trends, settings, counted, options);
  return {
    userIds,
    windowed: {
      users: windowed.length,
      events: windowed.reduce((sum, count) => sum + count - mostOfUser, 0),
    },
    eventsOf: (userId) => events.get(userId) ?? [],
    inputsAt: (userId, asOf, platform) =>
      assembleInputs(settings, {
        userId,
        asOf,
        ownEvents: before(events.get(userId) ?? [], asOf),
        friendEvents: social(userId, asOf),
        context: platform === null || platform === '' ? {} : { device: platform },
        rising: rising(asOf),
        excludedEvents: none,
        extraEvents: [],
        ordinalOf: options.ordinalOf,
      }),
  };
};

/** All events of a user, newest first, in pages of a bounded size; more only where so many share one instant. */
function* eventPages(
  store: TrainingStore,
  userId: string,
  asked: { readonly before: number; readonly kinds?: readonly string[] },
  size: number,
): Generator<readonly BehaviourEvent[]> {
  let limit = size;
  for (let { before: next } = asked; ;) {
    const page = store.events(userId, { ...asked, before: next, limit });
    const last = page.at(-1);
    if (last === undefined) return;
    // Others of the last instant may be missing: it is read again.
    const whole = page.length < limit ? page : page.filter(({ at }) => at > last.at);
    if (whole.length > 0) yield whole;
    if (page.length < limit) return;
    if (whole.length === 0) limit *= 2;
    else next = last.at + 1;
  }
}

/** Those before an instant, of events newest first. */
const before = (events: readonly BehaviourEvent[], asOf: number): readonly BehaviourEvent[] => {
  const from = placeBefore(events, asOf);
  return from === 0 ? events : events.slice(from);
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
