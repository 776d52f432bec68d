import { byCodeUnit } from '../base/order.ts';
import type { BehaviourEvent } from '../domain/events.ts';
import type { GroupSpec, UserInputs } from '../domain/groups.ts';
import { assembleInputs, hypotheticalEvents, hypotheticalFriends, newestFirst } from '../domain/inputs.ts';
import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import type { EncodedUser } from './core.ts';
import type { EngineDeps } from './deps.ts';
import { historyKey } from './history.ts';
import type { History } from './history.ts';
import { Lru } from '../base/lru.ts';
import type { UserEncoder } from './ports/ports.ts';
import { createTrends } from './trends.ts';
import type { Trends } from './trends.ts';

/** The part of a query the encodings depend on. */
export const encodingKey = (query: RecallQuery): string => {
  const { context, excludedEvents } = query;
  const fields = Object.entries(context);
  if (fields.length === 0 && excludedEvents.length === 0) return historyKey(query);
  // First, as JSON in braces, which no history begins with.
  const own = JSON.stringify({
    context: fields.sort(([a], [b]) => byCodeUnit(a, b)),
    excluded: [...excludedEvents].sort(),
  });
  return `${own} ${historyKey(query)}`;
};

export const noModel = (): RecallError =>
  new RecallError('unsupported', 'this workspace has no user model', {
    todo: 'train one: recall-tui train <workspace>',
  });

export interface Encoder {
  inputs(query: RecallQuery): Promise<UserInputs>;
  encode(query: RecallQuery): Promise<EncodedUser | null>;
  encodeMany(queries: readonly RecallQuery[]): Promise<readonly EncodedUser[]>;
}

export const createEncoder = (deps: EngineDeps, history: History): Encoder => {
  const cache = new Lru<EncodedUser>(192);
  const trends = createTrends(deps);
  const sources = (query: RecallQuery, groups: readonly GroupSpec[]): UserInputs =>
    gather(deps, history, trends, query, groups);

  const inputs = async (query: RecallQuery): Promise<UserInputs> => {
    const encoder = await deps.encoder();
    if (encoder === null) throw noModel();
    return sources(query, encoder.groups);
  };
  const encodeNew = async (encoder: UserEncoder, queries: readonly RecallQuery[]): Promise<EncodedUser[]> => {
    const batch = queries.map((query) => sources(query, encoder.groups));
    const encodings = await encoder.encodeGroups(batch);
    return queries.map((query, i) => {
      const [made, from] = [encodings[i], batch[i]];
      if (made === undefined || from === undefined)
        throw new RecallError('internal', 'the encoder returned fewer rows than it was given');
      return cache.set(encodingKey(query), { encoder, inputs: from, encodings: made });
    });
  };
  const encodeOne = async (query: RecallQuery): Promise<EncodedUser | null> => {
    const encoder = await deps.encoder();
    return encoder === null ? null : ((await encodeNew(encoder, [query]))[0] ?? null);
  };
  /** One recall asks several times with the very same query. */
  let latest: { readonly query: RecallQuery; readonly user: EncodedUser } | null = null;
  return {
    inputs,
    encode: async (query) => {
      if (latest?.query === query) return latest.user;
      const known = cache.get(encodingKey(query));
      const user = known ?? (await encodeOne(query));
      if (user !== null) latest = { query, user };
      return user;
    },
    encodeMany: async (queries) => {
      const encoder = await deps.encoder();
      if (encoder === null) throw noModel();
      const keys = queries.map(encodingKey);
      const users = new Map(keys.map((key) => [key, cache.get(key)]));
      const missing = new Map(
        queries.flatMap((query, i) =>
          users.get(keys[i] ?? '') === undefined ? [[keys[i] ?? '', query] as const] : [],
        ),
      );
      const made = missing.size === 0 ? [] : await encodeNew(encoder, [...missing.values()]);
      [...missing.keys()].forEach((key, i) => users.set(key, made[i]));
      return keys.flatMap((key) => users.get(key) ?? []);
    },
  };
};

const gather = (
  deps: EngineDeps,
  history: History,
  trends: Trends,
  query: RecallQuery,
  groups: readonly GroupSpec[],
): UserInputs => {
  const { userId, asOf, context, extraEvents } = query;
  const settings = { ...deps.settings, groups };
  const assembled = assembleInputs(settings, {
    userId,
    asOf,
    context,
    extraEvents,
    ownEvents: history.newestRecorded(query),
    friendEvents: friendEvents(deps, query, groups),
    rising: new Map(
      groups.filter((g) => g.source === 'trend' && !settings.syntheticTimes).map((g) => [g.name, trends(query, g)]),
    ),
    excludedEvents: new Set(query.excludedEvents),
    ordinalOf: (adId) => deps.catalog.ordinalOf(adId),
  });
  checkExcluded(deps, query, assembled);
  return assembled;
};

/** Behaviour of friends, recorded and hypothetical, before as-of: enough of the newest for every social group. */
const friendEvents = (
  { store, settings }: EngineDeps,
  query: RecallQuery,
  groups: readonly GroupSpec[],
): BehaviourEvent[] => {
  const social = groups.filter((group) => group.source === 'social');
  if (social.length === 0) return [];
  const added = hypotheticalFriends(query.extraEvents);
  for (const peer of added) if (store.user(peer) === null) throw unknownPeer(peer, store.suggestUsers(peer, 3));
  const friends = new Set([...store.friends(query.userId, query.asOf), ...added]);
  friends.delete(query.userId);
  if (friends.size === 0) return [];
  const read = social.flatMap(({ kinds, windowMs, maxItems }) =>
    store.eventsOf([...friends].sort(), {
      before: query.asOf,
      kinds,
      limit: maxItems,
      ...(windowMs === null || settings.syntheticTimes ? {} : { from: query.asOf - windowMs }),
    }),
  );
  return social.length === 1
    ? read
    : [...new Map(read.map((event) => [event.eventId, event])).values()].sort(newestFirst);
};

const unknownPeer = (peer: string, near: readonly string[]): RecallError =>
  new RecallError('unknown-user', `no user ${peer} to befriend`, {
    found: near.length === 0 ? undefined : `nearest: ${near.join(', ')}`,
  });

/** A misspelt knock-out must not pass for one that changed nothing. */
const checkExcluded = ({ store }: EngineDeps, query: RecallQuery, inputs: UserInputs): void => {
  const { excludedEvents, asOf } = query;
  if (excludedEvents.length === 0) return;
  const seen = new Set(inputs.groups.flatMap((group) => group.items.map((item) => item.eventId)));
  const hypothetical = new Set(hypotheticalEvents(query).map((event) => event.eventId));
  for (const eventId of excludedEvents) {
    if (seen.has(eventId) || hypothetical.has(eventId)) continue;
    const event = store.event(eventId);
    if (event === null || event.at >= asOf) {
      throw new RecallError('unknown-event', `no event ${eventId} before as-of`, {
        todo: 'list the ids: recall-tui events <user>',
      });
    }
  }
};
