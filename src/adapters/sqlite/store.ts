import type Database from 'better-sqlite3';
import { Lru } from '../../base/lru.ts';
import { lazy } from '../../base/lazy.ts';
import { byCodeUnit } from '../../base/order.ts';
import type { BehaviourEvent, Engagement, User } from '../../domain/events.ts';
import type { CategoryCount, ReadEvents, UserStore } from '../../engine/ports/ports.ts';
import type { CategoryColumns } from './catalog.ts';
import { cellJson } from './cell-json.ts';
import { nearestIds } from './nearest-ids.ts';
import { countByAd, countByCategory, type EventColumns } from './event-counts.ts';
import { idList } from './id-list.ts';
import type { SampleMeta } from './open.ts';
import { packedNames, type PackedReader } from './packed.ts';
import type { TableNames } from './schema.ts';
import { openUsersWho } from './users-who.ts';

interface EventRow {
  id: string;
  user_id: string;
  kind: string;
  at: number;
  platform: string | null;
  ad_id: string | null;
  query: string | null;
  peer_id: string | null;
}

const toEvent = (row: EventRow): BehaviourEvent => ({
  eventId: row.id,
  userId: row.user_id,
  kind: row.kind,
  at: row.at,
  platform: row.platform,
  adId: row.ad_id,
  query: row.query,
  peerId: row.peer_id,
});

const parseAttributes = (json: string): Record<string, string> => {
  const parsed = cellJson(json, 'users.attributes');
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).map(([name, value]: [string, unknown]) => [name, String(value)]));
};

const inRange = 'at < @before AND at >= @from AND (@kinds IS NULL OR kind IN (SELECT value FROM json_each(@kinds)))';
const newestFirst = 'ORDER BY at DESC, seq DESC LIMIT @limit';

interface RangeParams {
  before: number;
  from: number;
  kinds: string | null;
  limit: number;
}

const rangeParams = ({ before, from, kinds, limit }: ReadEvents): RangeParams => ({
  before,
  from: from ?? -Number.MAX_SAFE_INTEGER,
  kinds: kinds === undefined ? null : JSON.stringify(kinds),
  limit: limit ?? -1,
});

/** The first engagement with each ad; the list keeps its order, newest first. */
const firstOfEachAd = (events: readonly BehaviourEvent[]): Engagement[] => {
  const first = new Map<string, Engagement>();
  for (const { adId, kind, at } of events)
    if (adId !== null) {
      first.delete(adId);
      first.set(adId, { adId, kind, at });
    }
  return [...first.values()];
};

interface UserRow {
  ordinal: number;
  id: string;
  attributes: string;
}

/** Each of the words is in the id of the user `u`, or in an attribute as it is shown. */
const hasWords = `NOT EXISTS (SELECT 1 FROM json_each(@words) AS w WHERE instr(lower(u.id), lower(w.value)) = 0
    AND NOT EXISTS (SELECT 1 FROM json_each(u.attributes) AS a WHERE instr(lower(a.key || ' ' || a.value), lower(w.value)) > 0))`;

export const openStore = (
  db: Database.Database,
  packed: PackedReader,
  meta: SampleMeta,
  categories: () => CategoryColumns,
  names: TableNames,
): UserStore => {
  const ids = lazy(() => idList(packed.bytes(packedNames.userIds), packed.uint32(packedNames.userIdEnds, meta.users)));
  const userEvents = lazy(() => packed.uint32(packedNames.userEvents, meta.users));
  const userLastAt = lazy(() => packed.float64(packedNames.userLastAt, meta.users));
  const events = lazy((): EventColumns => ({
    at: packed.float64(packedNames.eventAt, meta.events),
    ad: packed.int32(packedNames.eventAd, meta.events),
    kind: packed.uint16(packedNames.eventKind, meta.events),
    kinds: packed.strings(packedNames.kinds),
  }));
  const attributesOf = lazy(() =>
    db.prepare<[string], string>(`SELECT attributes FROM ${names.users} WHERE id = ?`).pluck(),
  );
  const page = lazy(() =>
    db.prepare<[number, number], UserRow>(
      `SELECT ordinal, id, attributes FROM ${names.users} WHERE ordinal >= ? ORDER BY ordinal LIMIT ?`,
    ),
  );
  const matching = lazy(() =>
    db.prepare<[{ words: string; limit: number; offset: number }], UserRow>(
      `SELECT ordinal, id, attributes FROM ${names.users} AS u WHERE ${hasWords} ORDER BY ordinal LIMIT @limit OFFSET @offset`,
    ),
  );
  const amongThese = lazy(() =>
    db.prepare<[{ among: string; words: string; limit: number; offset: number }], UserRow>(
      `SELECT ordinal, id, attributes FROM ${names.users} AS u
    WHERE id IN (SELECT value FROM json_each(@among)) AND ${hasWords} ORDER BY ordinal LIMIT @limit OFFSET @offset`,
    ),
  );
  const usersWho = lazy(() => openUsersWho(db, names, meta.ads, events));
  const containing = lazy(() =>
    db
      .prepare<[string], string>(`SELECT id FROM ${names.users} WHERE instr(id, ?) > 0 ORDER BY ordinal LIMIT 200`)
      .pluck(),
  );
  const ofUser = lazy(() =>
    db.prepare<[RangeParams & { user: string }], EventRow>(
      `SELECT * FROM ${names.events} WHERE user_id = @user AND ${inRange} ${newestFirst}`,
    ),
  );
  const ofUsers = lazy(() =>
    db.prepare<[RangeParams & { users: string }], EventRow>(
      `SELECT * FROM ${names.events} WHERE user_id IN (SELECT value FROM json_each(@users)) AND ${inRange} ${newestFirst}`,
    ),
  );
  const byKind = lazy(() =>
    db.prepare<[Omit<RangeParams, 'limit'> & { user: string }], { kind: string; events: number }>(
      `SELECT kind, count(*) AS events FROM ${names.events} WHERE user_id = @user AND ${inRange} GROUP BY kind`,
    ),
  );
  const byId = lazy(() => db.prepare<[string], EventRow>(`SELECT * FROM ${names.events} WHERE id = ?`));
  const lastAt = lazy(() =>
    db.prepare<[string], number | null>(`SELECT max(at) FROM ${names.events} WHERE user_id = ?`).pluck(),
  );
  const countBefore = lazy(() =>
    db.prepare<[string, number], { events: number; lastAt: number | null }>(
      `SELECT count(*) AS events, max(at) AS lastAt FROM ${names.events} WHERE user_id = ? AND at < ?`,
    ),
  );
  const friendsOf = lazy(() =>
    db
      .prepare<[string, number], string>(
        `SELECT peer_id FROM ${names.friends} WHERE user_id = ? AND (since IS NULL OR since < ?)`,
      )
      .pluck(),
  );
  const popularity = new Lru<Uint32Array>(8);
  const trends = new Lru<CategoryCount[]>(8);

  /** The packed counts hold all events of a user; only where some are not before the bound are they counted again. */
  const countsOf = ({ id, ordinal }: UserRow, before: number): { events: number; lastAt: number | null } => {
    const last = userLastAt()[ordinal] ?? -Infinity;
    if (last === -Infinity || last < before)
      return { events: userEvents()[ordinal] ?? 0, lastAt: last === -Infinity ? null : last };
    return countBefore().get(id, before) ?? { events: 0, lastAt: null };
  };
  const listed = (row: UserRow, before: number): User & { events: number; lastAt: number | null } => ({
    userId: row.id,
    attributes: parseAttributes(row.attributes),
    ...countsOf(row, before),
  });
  const readOf = (userId: string, options: ReadEvents): BehaviourEvent[] =>
    ofUser()
      .all({ user: userId, ...rangeParams(options) })
      .map(toEvent);

  return {
    userCount: meta.users,
    eventCount: meta.events,
    user: (userId) => {
      const attributes = attributesOf().get(userId);
      return attributes === undefined ? null : { userId, attributes: parseAttributes(attributes) };
    },
    suggestUsers: (userId, limit) => nearestIds(ids(), userId, limit, userId === '' ? [] : containing().all(userId)),
    usersWho: (who) => usersWho()(who),
    listUsers: ({ words = [], limit, offset = 0, among, before = Infinity }) =>
      (among !== undefined
        ? amongThese().all({ among: JSON.stringify(among), words: JSON.stringify(words), limit, offset })
        : words.length === 0
          ? page().all(offset, limit)
          : matching().all({ words: JSON.stringify(words), limit, offset })
      ).map((row) => listed(row, before)),
    userIds: () => Array.from({ length: meta.users }, (_, ordinal) => ids().at(ordinal)),
    events: readOf,
    countEvents: (userId, options) => {
      const { limit: _, ...range } = rangeParams(options);
      return new Map(
        byKind()
          .all({ user: userId, ...range })
          .map(({ kind, events: count }) => [kind, count]),
      );
    },
    event: (eventId) => {
      const row = byId().get(eventId);
      return row === undefined ? null : toEvent(row);
    },
    lastEventAt: (userId) => lastAt().get(userId) ?? null,
    friends: (userId, before) => friendsOf().all(userId, before).sort(byCodeUnit),
    eventsOf: (userIds, options) =>
      userIds.length === 0
        ? []
        : ofUsers()
            .all({ users: JSON.stringify(userIds), ...rangeParams(options) })
            .map(toEvent),
    engaged: (userId, { from, until, kinds }) =>
      firstOfEachAd(readOf(userId, { from, before: until ?? Number.MAX_SAFE_INTEGER, kinds })),
    adCounts: (options) =>
      popularity.getOr(`${options.from} ${options.before} ${JSON.stringify(options.kinds)}`, () =>
        countByAd(events(), meta.ads, options),
      ),
    categoryCounts: (options) =>
      trends.getOr(`${options.before} ${options.windowMs}`, () => {
        const { adCategory, categories: paths } = categories();
        return countByCategory(events(), adCategory, paths, options);
      }),
  };
};
