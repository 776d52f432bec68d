import { byCodeUnit } from '../base/order.ts';
import { filterEvents, type EventFilter, type FilterableEvent } from '../domain/filter/events.ts';
import { hypotheticalEventId, type BehaviourEvent } from '../domain/events.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { EngineCore } from './core.ts';
import { categoryPathOf } from './titles.ts';
import { noModel } from './encode.ts';

/**
 * Every behaviour a knock-out can name: the user's own before as-of, hypothetical ones included, and
 * those of friends that the user tower reads. Newest first within either.
 */
export const knockable = async (core: EngineCore, query: RecallQuery): Promise<FilterableEvent[]> => {
  const own = core.history(query);
  const groups = await groupsReading(core, query);
  const known = new Set(own.map((event) => event.eventId));
  const others = [...groups.keys()].filter((id) => !known.has(id)).flatMap((id) => core.deps.store.event(id) ?? []);
  const filterable = (event: BehaviourEvent, mine: boolean): FilterableEvent => ({
    eventId: event.eventId,
    kind: event.kind,
    at: event.at,
    platform: event.platform,
    adId: event.adId,
    own: mine,
    category: categoryPathOf(core.deps.catalog, event.adId),
    groups: groups.get(event.eventId) ?? [],
  });
  return [...own.map((event) => filterable(event, true)), ...others.map((event) => filterable(event, false))];
};

/** Groups by the id of the event they read; empty without a model. */
const groupsReading = async (core: EngineCore, query: RecallQuery): Promise<Map<string, string[]>> => {
  const reading = new Map<string, string[]>();
  if ((await core.deps.encoder()) === null) return reading;
  const { groups } = await core.inputs(query);
  for (const { group, items } of groups) {
    for (const { eventId } of items)
      if (eventId !== null) reading.set(eventId, [...(reading.get(eventId) ?? []), group]);
  }
  return reading;
};

/** Ids of the events any of the filters names, each once, in the order of `knockable`. */
export const knockOutIds = async (
  core: EngineCore,
  query: RecallQuery,
  filters: readonly EventFilter[],
): Promise<string[]> => {
  if (filters.length === 0) return [];
  const events = await knockable(core, query);
  const named = new Set(filters.flatMap((filter) => filterEvents(events, filter).map((event) => event.eventId)));
  return events.map((event) => event.eventId).filter((id) => named.has(id));
};

/** The query as nothing hypothetical and nothing knocked out: what a what-if is measured against. */
export const withoutWhatIf = (query: RecallQuery): RecallQuery => ({ ...query, excludedEvents: [], extraEvents: [] });

/**
 * The same query at another instant. Knock-outs of events not yet there and hypothetical events not
 * yet past are omitted, and knock-outs of hypothetical events follow
 * their event to its new place.
 */
export const queryAt = (
  { deps: { store } }: Pick<EngineCore, 'deps'>,
  query: RecallQuery,
  asOf: number,
): RecallQuery => {
  const kept = query.extraEvents
    .map((event, i) => ({ event, id: hypotheticalEventId(i) }))
    .filter(({ event }) => event.at < asOf);
  const place = new Map(kept.map(({ id }, i) => [id, hypotheticalEventId(i)]));
  const hypothetical = new Set(query.extraEvents.map((_, i) => hypotheticalEventId(i)));
  return {
    ...query,
    asOf,
    extraEvents: kept.map(({ event }) => event),
    excludedEvents: query.excludedEvents.flatMap((id) =>
      hypothetical.has(id)
        ? (place.get(id) ?? [])
        : (store.event(id)?.at ?? Number.NEGATIVE_INFINITY) < asOf
          ? [id]
          : [],
    ),
  };
};

export interface PlatformShare {
  readonly platform: string;
  /** Behaviours of this platform that the tower reads. */
  readonly events: number;
  /** The query that keeps only this platform's behaviours. */
  readonly query: RecallQuery;
}

export interface PlatformSplit {
  /** Most events first, ties by name. */
  readonly platforms: readonly PlatformShare[];
  /** Every platform's behaviours knocked out: context, trend and bias alone. */
  readonly none: RecallQuery;
  /** Query by set of kept platforms: bit i of the mask = `platforms[i]`. */
  readonly coalitions: readonly RecallQuery[];
}

/** 2^6 encodings a user at most. */
export const mostPlatforms = 6;

/** The query's behaviours by the platform they happened on; one without a platform counts as `unknown`. */
export const splitByPlatform = async (core: EngineCore, query: RecallQuery): Promise<PlatformSplit> => {
  if ((await core.deps.encoder()) === null) throw noModel();
  const already = new Set(query.excludedEvents);
  const read = (await knockable(core, query)).filter((event) => event.groups.length > 0 && !already.has(event.eventId));
  const byPlatform = new Map<string, string[]>();
  for (const { platform, eventId } of read)
    byPlatform.set(platform ?? 'unknown', [...(byPlatform.get(platform ?? 'unknown') ?? []), eventId]);
  const sorted = [...byPlatform].sort(([a, x], [b, y]) => y.length - x.length || byCodeUnit(a, b));
  // Beyond the limit the rarest are one player, so that the shares still add up.
  const names =
    sorted.length <= mostPlatforms
      ? sorted
      : [
          ...sorted.slice(0, mostPlatforms - 1),
          ['others', sorted.slice(mostPlatforms - 1).flatMap(([, ids]) => ids)] as const,
        ];
  const keep = (mask: number): RecallQuery => ({
    ...query,
    excludedEvents: [...query.excludedEvents, ...names.flatMap(([, ids], i) => ((mask >> i) & 1 ? [] : ids))],
  });
  const coalitions = Array.from({ length: 2 ** names.length }, (_, mask) => keep(mask));
  return {
    platforms: names.map(([platform, ids], i) => ({ platform, events: ids.length, query: keep(1 << i) })),
    none: keep(0),
    coalitions,
  };
};
