import type { BehaviourEvent } from '../domain/events.ts';
import { withHypothetical } from '../domain/inputs.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { EngineDeps, EngineSettings } from './deps.ts';
import { Lru } from '../base/lru.ts';
import { openLog } from './user-log.ts';
import type { LogView, UserLog } from './user-log.ts';

/**
 * The part of a query that decides what the user did before as-of. Whatever an id contains, two keys differ: it comes
 * last, or as JSON.
 */
export const historyKey = ({ userId, asOf, extraEvents }: RecallQuery): string =>
  extraEvents.length === 0 ? `${asOf} ${userId}` : `${JSON.stringify([userId, extraEvents])} ${asOf}`;

export interface History {
  /** Recorded events before as-of, newest first. */
  recorded(query: RecallQuery): readonly BehaviourEvent[];
  /** Recorded and hypothetical events before as-of, newest first. */
  all(query: RecallQuery): readonly BehaviourEvent[];
  /** Recorded events, read only as far back as they are looked at: of a long history what is newest is soon there. */
  newestRecorded(query: RecallQuery): Iterable<BehaviourEvent>;
  /** Recorded and hypothetical events, read only as far back as they are looked at. */
  newest(query: RecallQuery): Iterable<BehaviourEvent>;
  /** Where the recorded events stand in the log that questions at other instants share. */
  place(query: RecallQuery): Pick<LogView, 'events' | 'from'>;
}

/** Histories above this are kept for a few users and instants only. */
const longHistory = 8192;
const longKept = 4;

/** Keeps many values of the usual size and a few large ones. */
const bySize = <V>(many: number, sizeOf: (value: V) => number) => {
  const usual = new Lru<V>(many);
  const large = new Lru<V>(longKept);
  return (key: string, make: () => V): V => {
    const known = usual.get(key) ?? large.get(key);
    if (known !== undefined) return known;
    const made = make();
    return (sizeOf(made) > longHistory ? large : usual).set(key, made);
  };
};

export const createHistory = ({ store }: Pick<EngineDeps, 'store'>): History => {
  const logs = new Lru<UserLog>(256);
  const longLogs = new Lru<UserLog>(longKept);
  const length = (events: readonly BehaviourEvent[]): number => events.length;
  const recordedBy = bySize(256, length);
  const allBy = bySize(64, length);

  /** A log that has grown long stands among the few; the others stay in turn. */
  const logOf = (userId: string): UserLog => {
    const log = longLogs.get(userId) ?? logs.getOr(userId, () => openLog(store, userId));
    if (log.size > longHistory && longLogs.get(userId) === undefined) {
      logs.delete(userId);
      longLogs.set(userId, log);
    }
    return log;
  };
  const view = ({ userId, asOf }: RecallQuery, atLeast: number): LogView => logOf(userId).view(asOf, atLeast);

  const recorded = (query: RecallQuery): readonly BehaviourEvent[] =>
    recordedBy(`${query.asOf} ${query.userId}`, () => {
      const { events, from } = view(query, Infinity);
      return from === 0 ? events : events.slice(from);
    });

  const newestRecorded = (query: RecallQuery): Iterable<BehaviourEvent> => ({
    *[Symbol.iterator]() {
      for (let seen = 0; ;) {
        const { events, from, whole } = view(query, seen + 1);
        for (; from + seen < events.length; seen += 1) {
          const event = events[from + seen];
          if (event !== undefined) yield event;
        }
        if (whole) return;
      }
    },
  });

  return {
    recorded,
    all: (query) =>
      query.extraEvents.length === 0
        ? recorded(query)
        : allBy(historyKey(query), () => [...withHypothetical(recorded(query), query)]),
    newestRecorded,
    newest: (query) => withHypothetical(newestRecorded(query), query),
    place: (query) => view(query, Infinity),
  };
};

/**
 * Kinds that say what the user did with an ad: those feeding a group of the user's own events, shares, and
 * engagements. Impressions, which are the system's doing, stay out unless a group declares them.
 */
export const behaviourKinds = ({ groups, engagementKinds }: EngineSettings): ReadonlySet<string> =>
  new Set([
    ...groups.flatMap((group) =>
      group.source === 'events' ? group.kinds : group.source === 'social' ? group.ownKinds : [],
    ),
    ...engagementKinds,
  ]);

/** The newest event that is so; what is older is not read. */
export const firstOf = (
  events: Iterable<BehaviourEvent>,
  isSo: (event: BehaviourEvent) => boolean,
): BehaviourEvent | undefined => {
  for (const event of events) if (isSo(event)) return event;
  return undefined;
};

/** How many there are, counted to `most`; what is older is not read. */
export const countTo = (events: Iterable<BehaviourEvent>, most: number): number => {
  let count = 0;
  for (const _ of events) {
    count += 1;
    if (count === most) break;
  }
  return count;
};
