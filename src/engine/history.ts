import type { BehaviourEvent } from '../domain/events.ts';
import { hypotheticalEvents, newestFirst } from '../domain/inputs.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { EngineDeps, EngineSettings } from './deps.ts';
import { Lru } from '../base/lru.ts';

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
}

export const createHistory = ({ store }: EngineDeps): History => {
  const recordedBy = new Lru<readonly BehaviourEvent[]>(256);
  const allBy = new Lru<readonly BehaviourEvent[]>(64);
  const recorded = ({ userId, asOf }: RecallQuery): readonly BehaviourEvent[] =>
    recordedBy.getOr(`${asOf} ${userId}`, () => store.events(userId, { before: asOf }));
  return {
    recorded,
    all: (query) =>
      query.extraEvents.length === 0
        ? recorded(query)
        : allBy.getOr(historyKey(query), () => [...recorded(query), ...hypotheticalEvents(query)].sort(newestFirst)),
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
