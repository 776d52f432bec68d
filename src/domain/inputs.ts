import { byCodeUnit } from '../base/order.ts';
import type { EventId, UserId } from './ids.ts';
import { RecallError } from '../errors.ts';
import { hypotheticalEventId } from './events.ts';
import type { BehaviourEvent, HypotheticalEvent } from './events.ts';
import type { GroupInput, GroupName, GroupSpec, InputItem, UserInputs } from './groups.ts';
import type { RisingCategory } from './trend.ts';

/** A context field with a known time span, e.g. promo=618 in June: read at as-of unless the query sets the field. */
export interface CalendarEntry {
  readonly field: string;
  readonly value: string;
  readonly from: number;
  readonly until: number;
}

export interface InputSettings {
  readonly groups: readonly GroupSpec[];
  /** Order without times: ages, windows, hour, weekday and trend are off. */
  readonly syntheticTimes: boolean;
  /** Minutes east of UTC, for hour and weekday only. */
  readonly tzOffsetMinutes: number;
  readonly calendar?: readonly CalendarEntry[];
}

/**
 * The events that the groups are read from. Both lists are newest first (ties in time by event id, code-unit
 * order) and strictly before as-of; they may hold more kinds and more events than the groups read.
 */
export interface InputSources {
  readonly userId: UserId;
  readonly asOf: number;
  readonly ownEvents: Iterable<BehaviourEvent>;
  /** Events of recorded friends and of `hypotheticalFriends`. */
  readonly friendEvents: readonly BehaviourEvent[];
  readonly context: Readonly<Record<string, string>>;
  /**
   * Rising categories by trend group, best first: `risingCategories` over `trendBefore(asOf)` and the group's window.
   */
  readonly rising: ReadonlyMap<GroupName, readonly RisingCategory[]>;
  readonly excludedEvents: ReadonlySet<EventId>;
  readonly extraEvents: readonly HypotheticalEvent[];
  ordinalOf(adId: string): number | null;
}

/** Ids of the friends a query adds by `{kind: 'friend', peerId}`: their events join `friendEvents`. */
export const hypotheticalFriends = (extra: readonly HypotheticalEvent[]): string[] =>
  extra.flatMap((e) => (e.kind === 'friend' && e.peerId !== undefined ? [e.peerId] : []));

/**
 * Everything the user tower sees, in the order of `groups`. The engine and the training both call
 * this, so that what was learnt is what is served. An excluded event keeps its slot: nothing older
 * moves up. Throws `usage` for a hypothetical event at or after as-of.
 */
export const assembleInputs = (settings: InputSettings, sources: InputSources): UserInputs => {
  const own = withHypothetical(sources.ownEvents, sources);
  const groups = settings.groups.map((spec): GroupInput => ({
    group: spec.name,
    items: itemsOf(spec, settings, sources, own),
  }));
  return { userId: sources.userId, asOf: sources.asOf, groups };
};

/** Events by time, newest first; ties by event id in code-unit order. */
export const newestFirst = (a: BehaviourEvent, b: BehaviourEvent): number =>
  b.at - a.at || (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0);

/** The place of the first event before `asOf`, of events newest first. */
export const placeBefore = (events: readonly BehaviourEvent[], asOf: number): number => {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.at ?? 0) >= asOf) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The query's hypothetical events as behaviours of its user. Throws `usage` for one at or after as-of. */
export const hypotheticalEvents = ({
  userId,
  asOf,
  extraEvents,
}: Pick<InputSources, 'userId' | 'asOf' | 'extraEvents'>): BehaviourEvent[] =>
  extraEvents.map((event, index) => {
    if (!(event.at < asOf)) {
      throw new RecallError('usage', `the hypothetical ${event.kind} is not before as-of`, {
        expected: `a time before ${asOf} ms`,
        found: `${event.at} ms`,
        todo: 'give it an earlier time, or move as-of with --at',
      });
    }
    return {
      eventId: hypotheticalEventId(index),
      userId,
      kind: event.kind,
      at: event.at,
      platform: null,
      adId: event.adId ?? null,
      query: event.query ?? null,
      peerId: event.peerId ?? null,
    };
  });

/** The query's hypothetical events in their places among events that come newest first; each is read when asked for. */
export const withHypothetical = (
  events: Iterable<BehaviourEvent>,
  query: Pick<InputSources, 'userId' | 'asOf' | 'extraEvents'>,
): Iterable<BehaviourEvent> => {
  if (query.extraEvents.length === 0) return events;
  const added = hypotheticalEvents(query).sort(newestFirst);
  return {
    *[Symbol.iterator]() {
      let next = 0;
      for (const event of events) {
        for (let one = added[next]; one !== undefined && newestFirst(one, event) < 0; one = added[next]) {
          yield one;
          next += 1;
        }
        yield event;
      }
      yield* added.slice(next);
    },
  };
};

const itemsOf = (
  spec: GroupSpec,
  settings: InputSettings,
  sources: InputSources,
  own: Iterable<BehaviourEvent>,
): InputItem[] => {
  switch (spec.source) {
    case 'events':
      return eventItems(spec, settings, sources, own, spec.kinds);
    case 'social':
      return socialItems(spec, settings, sources, own);
    case 'context':
      return contextItems(settings, sources).slice(0, spec.maxItems);
    case 'trend':
      return settings.syntheticTimes
        ? []
        : (sources.rising.get(spec.name) ?? []).slice(0, spec.maxItems).map(trendItem);
  }
};

/** The newest `maxItems` of these kinds within the window; stops reading as soon as they are found. */
const pick = (
  spec: GroupSpec,
  settings: InputSettings,
  asOf: number,
  events: Iterable<BehaviourEvent>,
  kinds: readonly string[],
): BehaviourEvent[] => {
  const from = spec.windowMs === null || settings.syntheticTimes ? Number.NEGATIVE_INFINITY : asOf - spec.windowMs;
  const picked: BehaviourEvent[] = [];
  for (const event of events) {
    if (event.at < from || picked.length === spec.maxItems) break;
    if (event.at < asOf && kinds.includes(event.kind)) picked.push(event);
  }
  return picked;
};

const eventItems = (
  spec: GroupSpec,
  settings: InputSettings,
  sources: InputSources,
  events: Iterable<BehaviourEvent>,
  kinds: readonly string[],
): InputItem[] =>
  pick(spec, settings, sources.asOf, events, kinds).map((event) => eventItem(event, event.peerId, settings, sources));

const socialItems = (
  spec: GroupSpec,
  settings: InputSettings,
  sources: InputSources,
  own: Iterable<BehaviourEvent>,
): InputItem[] => {
  const mine = pick(spec, settings, sources.asOf, own, spec.ownKinds);
  const theirs = pick(spec, settings, sources.asOf, sources.friendEvents, spec.kinds);
  return [...mine, ...theirs]
    .sort(newestFirst)
    .slice(0, spec.maxItems)
    .map((event) => eventItem(event, event.userId === sources.userId ? event.peerId : event.userId, settings, sources));
};

const eventItem = (
  event: BehaviourEvent,
  peerId: string | null,
  settings: InputSettings,
  sources: InputSources,
): InputItem => ({
  eventId: event.eventId,
  kind: event.kind,
  at: event.at,
  ageMs: settings.syntheticTimes ? null : sources.asOf - event.at,
  adId: event.adId,
  ordinal: event.adId === null ? null : sources.ordinalOf(event.adId),
  query: event.query,
  peerId,
  value: null,
  strength: 1,
  excluded: sources.excludedEvents.has(event.eventId),
});

const fieldItem = (kind: string, value: string, strength = 1): InputItem => ({
  eventId: null,
  kind,
  at: null,
  ageMs: null,
  adId: null,
  ordinal: null,
  query: null,
  peerId: null,
  value,
  strength,
  excluded: false,
});

const trendItem = ({ category, lift }: RisingCategory): InputItem => fieldItem('category', category, lift);

/** Hour and weekday first, then the query's fields and the calendar's by name: a fixed order. */
const contextItems = (settings: InputSettings, { asOf, context }: InputSources): InputItem[] => {
  const fields = new Map<string, string>();
  for (const { field, value, from, until } of settings.syntheticTimes ? [] : (settings.calendar ?? [])) {
    if (from <= asOf && asOf < until) fields.set(field, value);
  }
  for (const [field, value] of Object.entries(context)) fields.set(field, value);
  const named = [...fields].filter(([, value]) => value !== '').sort(([a], [b]) => byCodeUnit(a, b));
  return [...clockFields(settings, asOf).filter(([field]) => !fields.has(field)), ...named].map(([field, value]) =>
    fieldItem(field, value),
  );
};

/**
 * Query fields that hold what the context group reads at this as-of, whatever the as-of of the query they are laid
 * into.
 */
export const heldContext = (
  settings: InputSettings,
  { asOf, context }: Pick<InputSources, 'asOf' | 'context'>,
): Record<string, string> => {
  if (settings.syntheticTimes) return { ...context };
  const calendar = settings.calendar ?? [];
  return {
    ...Object.fromEntries(clockFields(settings, asOf)),
    ...Object.fromEntries(calendar.map(({ field }) => [field, ''])),
    ...Object.fromEntries(
      calendar.filter(({ from, until }) => from <= asOf && asOf < until).map(({ field, value }) => [field, value]),
    ),
    ...context,
  };
};

const clockFields = (settings: InputSettings, asOf: number): Array<[string, string]> => {
  if (settings.syntheticTimes) return [];
  const local = new Date(asOf + settings.tzOffsetMinutes * 60_000);
  return [
    ['hour', String(local.getUTCHours())],
    ['weekday', String(local.getUTCDay())],
  ];
};
