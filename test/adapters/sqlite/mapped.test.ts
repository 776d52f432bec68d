import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveMapped } from '../../../src/adapters/sqlite/mapped/derive.ts';
import type { SampleMapping } from '../../../src/domain/sample/mapping.ts';
import type { OpenedSample } from '../../../src/engine/ports/artefacts.ts';
import { RecallError } from '../../../src/errors.ts';
import { openAsMapped, openNative, openThrough, teamMapping, type Rows } from './mapped-world.ts';
import { anAd, anEvent, withDir } from './world.ts';

const failure = async (run: Promise<unknown>): Promise<RecallError> => {
  try {
    await run;
  } catch (error) {
    if (error instanceof RecallError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }).filter((text) => !/[\0\ufffd]/.test(text));
const word = fc.constantFrom('智能音箱', 'red shoe', '羊毛衫 wool', '', 'Crème');
const instant = fc.integer({ min: 0, max: 40 });

const rowsArbitrary: fc.Arbitrary<Rows> = fc
  .record({
    userIds: fc.uniqueArray(id, { minLength: 1, maxLength: 5 }),
    adIds: fc.uniqueArray(id, { minLength: 1, maxLength: 12 }),
    eventIds: fc.uniqueArray(id, { maxLength: 30 }),
  })
  .chain(({ userIds, adIds, eventIds }) =>
    fc.record({
      users: fc.tuple(
        ...userIds.map((userId) =>
          fc.record({
            userId: fc.constant(userId),
            attributes: fc.constantFrom<Record<string, string>>({}, { city: '上海' }, { age: '30', city: 'x' }),
          }),
        ),
      ),
      ads: fc.tuple(
        ...adIds.map((adId) =>
          fc.record({
            adId: fc.constant(adId),
            title: word,
            category: fc.constantFrom('', 'a', 'a > b'),
            brand: word,
            price: fc.option(fc.constantFrom(0, 9.5)),
            campaign: fc.option(fc.constant('618')),
            startAt: fc.option(instant),
            endAt: fc.option(instant),
            budgetLeft: fc.option(fc.constantFrom(0, 3)),
            targeting: fc.option(fc.constant({ city: ['上海', 'x'] })),
          }),
        ),
      ),
      events: fc.tuple(
        ...eventIds.map((eventId) =>
          fc.record({
            eventId: fc.constant(eventId),
            userId: fc.constantFrom(...userIds),
            kind: fc.constantFrom('view', 'click', 'purchase'),
            at: instant,
            platform: fc.option(fc.constant('app')),
            adId: fc.option(fc.constantFrom(...adIds)),
            query: fc.option(fc.constant('音箱')),
            peerId: fc.option(fc.constantFrom(...userIds)),
          }),
        ),
      ),
      friends: fc
        .uniqueArray(fc.tuple(fc.constantFrom(...userIds), fc.constantFrom(...userIds)), {
          maxLength: 5,
          selector: (pair) => JSON.stringify(pair),
        })
        .chain((pairs) =>
          fc.tuple(
            ...pairs.map(([a, b]) => fc.option(instant).map((since): [string, string, number | null] => [a, b, since])),
          ),
        ),
    }),
  );

/** Every method of the three ports, asked about everything there is and some that is not. */
const answers = (
  { store, catalog, text }: OpenedSample,
  { before, from }: { before: number; from: number },
): unknown => {
  const userIds = store.userIds();
  const ordinals = Array.from({ length: catalog.adCount }, (_, i) => i);
  const kinds = ['click', 'purchase'];
  const all = store.eventsOf(userIds, { before: 1000 });
  return {
    counts: [store.userCount, store.eventCount, catalog.adCount],
    userIds,
    all,
    users: [...userIds, 'nobody'].map((user) => [
      store.user(user),
      store.lastEventAt(user),
      store.friends(user, before),
      store.events(user, { before, from, kinds, limit: 3 }),
      store.engaged(user, { from, until: null, kinds }),
    ]),
    events: [...all.map((event) => store.event(event.eventId)), store.event('none')],
    listed: [
      store.listUsers({ limit: 9 }),
      store.listUsers({ words: ['x'], limit: 2, offset: 1 }),
      store.suggestUsers(`${userIds[0] ?? ''}x`, 3),
    ],
    several: store.eventsOf(userIds.slice(0, 2), { before, from, limit: 4 }),
    popular: [...store.adCounts({ from, before, kinds })],
    trend: store.categoryCounts({ before, windowMs: 7 }),
    ids: ordinals.map((i) => [catalog.idOf(i), catalog.ordinalOf(catalog.idOf(i)), catalog.categoryOf(i)]),
    ads: catalog.ads(ordinals),
    columns: [
      catalog.columns.startAt,
      catalog.columns.endAt,
      catalog.columns.budgetLeft,
      catalog.columns.targetingId,
      catalog.columns.targetings,
    ],
    adLists: [
      catalog.listAds({ limit: 5, offset: 1 }),
      catalog.listAds({ match: 'o', limit: 5 }),
      catalog.suggestAds('zz', 3),
      ['', 'a', 'a > b', 'none'].map((c) => catalog.inCategory(c)),
    ],
    who: (['ad', 'query'] as const)
      .flatMap((of) =>
        [['音箱'], ['wool'], ['红', 'red'], [], ['crème']].flatMap((words) => [
          { of, words, before },
          { of, words, before: 1000, from, kinds },
        ]),
      )
      .map((who) => store.usersWho(who)),
    text: ['音箱', 'wool', 'red', '智能音箱推荐', ''].map((query) => [text.search(query, 9), text.segment(query)]),
  };
};

describe("a team's SQLite file through a mapping", () => {
  it(
    'answers every question of every port as a native sample of the same rows does',
    () =>
      withDir(async (dir) => {
        let run = 0;
        await fc.assert(
          fc.asyncProperty(rowsArbitrary, instant, instant, async (rows, before, from) => {
            const n = run++;
            const native = openNative(join(dir, `n${n}.sqlite`), rows);
            const mapped = await openAsMapped(join(dir, `m${n}.db`), rows);
            try {
              expect(answers(mapped, { before, from })).toEqual(answers(native, { before, from }));
            } finally {
              native.close();
              mapped.close();
            }
          }),
          { numRuns: 25 },
        );
      }),
    60_000,
  );

  it('reads ids of 64-bit integers and of whole REALs as exact decimal text, and finds the rows again', () =>
    withDir(async (dir) => {
      const path = join(dir, 'team.db');
      const db = new Database(path);
      db.exec(`CREATE TABLE items (sku INTEGER PRIMARY KEY, name TEXT); CREATE TABLE actions (who INTEGER, what REAL, day INTEGER);
      INSERT INTO items VALUES (9007199254740993, 'one'), (9007199254740992, 'two'), (7, 'seven');
      INSERT INTO actions VALUES (4611686018427387905, 7.0, 1), (4611686018427387904, NULL, 2), (NULL, 7.0, 2)`);
      db.close();
      const sample = await openThrough(path, {
        ads: { from: 'items', id: 'sku', title: 'name' },
        events: {
          from: 'actions',
          user: 'who',
          kind: { constant: 'click' },
          at: { column: 'day', unit: 'days' },
          ad: 'what',
        },
      });
      expect(sample.catalog.ads([0, 1, 2]).map(({ adId, title }) => [adId, title])).toEqual([
        ['7', 'seven'],
        ['9007199254740992', 'two'],
        ['9007199254740993', 'one'],
      ]);
      expect(sample.store.userIds()).toEqual(['4611686018427387904', '4611686018427387905']);
      expect(sample.store.events('4611686018427387905', { before: 1e15 })).toEqual([
        anEvent('actions:1', '4611686018427387905', 2 * 86_400_000 - 1, { adId: '7' }),
      ]);
      expect(sample.derived.tables.at(-1)).toEqual({
        table: 'actions',
        read: 3,
        kept: 2,
        rejected: { 'unknown-user': 1 },
        emptied: {},
      });
      sample.close();
    }));

  it('reads days in the zone of the mapping, the first ms of an ad and the last of an event, and no seconds for ms', () =>
    withDir(async (dir) => {
      const path = join(dir, 'team.db');
      const db = new Database(path);
      db.exec(`CREATE TABLE items (sku TEXT, since TEXT, till TEXT); INSERT INTO items VALUES ('a', '2025-06-01', '2025-06-18');
      CREATE TABLE clicks (uid TEXT, sku TEXT, t); INSERT INTO clicks VALUES
        ('u', 'a', '2025-06-02'), ('u', 'a', 1748736000000), ('u', 'a', 1748736000), ('u', 'a', 1748736000000000), ('u', 'a', 'soon')`);
      db.close();
      const { store, catalog, derived, close } = await openThrough(path, {
        ads: {
          from: 'items',
          id: 'sku',
          start_at: { column: 'since', zone: '+08:00' },
          end_at: { column: 'till', zone: '+08:00' },
        },
        events: {
          from: 'clicks',
          user: 'uid',
          ad: 'sku',
          kind: { constant: 'click' },
          at: { column: 't', zone: '+08:00' },
        },
      });
      expect(catalog.ads([0])[0]).toMatchObject({
        startAt: Date.UTC(2025, 4, 31, 16),
        endAt: Date.UTC(2025, 5, 18, 16) - 1,
      });
      expect(store.events('u', { before: 1e15 }).map(({ at }) => at)).toEqual([
        Date.UTC(2025, 5, 2, 16) - 1,
        Date.UTC(2025, 5, 1),
      ]);
      expect(derived.tables.at(-1)).toEqual({
        table: 'clicks',
        read: 5,
        kept: 2,
        rejected: { 'bad-time': 1, 'time-in-microseconds': 1, 'time-in-seconds': 1 },
        emptied: {},
      });
      close();
    }));

  it('reads several tables of events, views and SELECTs, and friendships in both directions', () =>
    withDir(async (dir) => {
      const path = join(dir, 'team.db');
      const db = new Database(path);
      db.exec(`CREATE TABLE items (sku TEXT); INSERT INTO items VALUES ('a'), ('b'); CREATE VIEW live AS SELECT sku FROM items WHERE sku > 'a';
      CREATE TABLE users (uid TEXT); INSERT INTO users VALUES ('u'), ('v');
      CREATE TABLE clicks (uid TEXT, sku TEXT, t TEXT); INSERT INTO clicks VALUES ('u', 'b', '2025-06-01 10:00'), ('u', 'b', '2025-06-01');
      CREATE TABLE orders (n INTEGER PRIMARY KEY, uid TEXT, sku TEXT, t REAL); INSERT INTO orders VALUES (5, 'v', 'b', 1748772000.5);
      CREATE TABLE friends (x TEXT, y TEXT); INSERT INTO friends VALUES ('u', 'v'), ('v', 'u')`);
      db.close();
      const mapping: SampleMapping = {
        users: { from: { sql: "SELECT uid || '' AS uid FROM users" }, id: 'uid' },
        ads: { from: 'live', id: 'sku' },
        friends: { from: 'friends', user: 'x', peer: 'y', mutual: true },
        events: [
          { from: 'clicks', user: 'uid', ad: 'sku', kind: { constant: 'click' }, at: { column: 't', unit: 'iso' } },
          { from: 'orders', user: 'uid', ad: 'sku', kind: { constant: 'purchase' }, at: { column: 't', unit: 's' } },
        ],
      };
      const { store, catalog, derived, close } = await openThrough(path, mapping);
      expect([catalog.adCount, catalog.idOf(0)]).toEqual([1, 'b']);
      expect(store.eventsOf(['u', 'v'], { before: 1e15 }).map(({ eventId, kind, at }) => [eventId, kind, at])).toEqual([
        ['clicks:2', 'click', Date.UTC(2025, 5, 2) - 1],
        ['orders:5', 'purchase', 1748772000500],
        ['clicks:1', 'click', Date.UTC(2025, 5, 1, 10)],
      ]);
      expect([store.friends('u', 1), store.friends('v', 1)]).toEqual([['v'], ['u']]);
      expect(derived.tables.at(-1)).toMatchObject({
        table: 'friends',
        read: 2,
        kept: 1,
        rejected: { 'duplicate-id': 1 },
      });
      close();
    }));

  it('rejects rows by the reasons of an import, empties cells that can be done without, and counts each', () =>
    withDir(async (dir) => {
      const path = join(dir, 'team.db');
      const db = new Database(path);
      db.exec(`CREATE TABLE customers (cust_id TEXT); INSERT INTO customers VALUES ('u'), (NULL), ('u'), ('');
      CREATE TABLE items (sku TEXT, cents TEXT, t TEXT, aud TEXT, money TEXT); INSERT INTO items VALUES ('a', '1', '', '', ''), ('a', '2', '', '', ''), ('b', 'cheap', '', '', ''), ('c', '1', 'soon', '', ''), ('d', '1', '', '[]', ''), ('e', '1', '', '', 'none'), (NULL, '', '', '', '');
      CREATE TABLE actions (aid TEXT, who TEXT, verb TEXT, ts INTEGER, what TEXT);
      INSERT INTO actions VALUES ('1', 'u', 'tap', 5, 'a'), ('1', 'u', 'tap', 6, 'a'), ('2', 'u', 'tap', 999999999999999, 'a'), ('3', 'x', 'tap', 5, 'a'), ('4', 'u', 'tap', 5, 'zz'), ('5', 'u', NULL, 5, 'a'), ('what-if:1', 'u', 'tap', 5, 'a'), (NULL, 'u', 'tap', 5, 'a'), ('6', 'u', 'tap', NULL, 'a')`);
      db.close();
      const { derived, close } = await openThrough(path, {
        users: { from: 'customers', id: 'cust_id' },
        ads: { from: 'items', id: 'sku', price: 'cents', start_at: 't', targeting: 'aud', budget_left: 'money' },
        events: { from: 'actions', id: 'aid', user: 'who', kind: 'verb', at: { column: 'ts', unit: 's' }, ad: 'what' },
      });
      expect(derived.tables).toEqual([
        { table: 'customers', read: 4, kept: 1, rejected: { 'duplicate-id': 1, 'missing-id': 2 }, emptied: {} },
        {
          table: 'items',
          read: 7,
          kept: 4,
          rejected: { 'bad-time': 1, 'duplicate-id': 1, 'missing-id': 1 },
          emptied: { 'budgetLeft: not-a-number': 1, 'price: not-a-number': 1, 'targeting: bad-targeting': 1 },
        },
        {
          table: 'actions',
          read: 9,
          kept: 1,
          rejected: {
            'bad-time': 2,
            'duplicate-id': 1,
            'missing-id': 1,
            'missing-kind': 1,
            'reserved-id': 1,
            'unknown-ad': 1,
            'unknown-user': 1,
          },
          emptied: {},
        },
      ]);
      expect([derived.kinds, derived.span]).toEqual([{ tap: 1 }, { from: 5000, until: 5000 }]);
      close();
    }));
});

const small: Rows = {
  users: [{ userId: 'u', attributes: {} }],
  ads: [anAd('a')],
  events: [anEvent('e', 'u', 1, { adId: 'a' })],
  friends: [],
};

describe('a mapping that does not fit its file', () => {
  it.each<[string, SampleMapping, RegExp, RegExp, RegExp]>([
    [
      'a missing table',
      { ads: { from: 'itemz', id: 'sku' } },
      /no table itemz/,
      /actions, broken, customers, follows, items/,
      /did you mean items/,
    ],
    [
      'a missing column',
      { ads: { from: 'items', id: 'skuu' } },
      /items has no column skuu/,
      /sku, name, path/,
      /did you mean sku/,
    ],
    [
      'a missing column of times',
      { ...teamMapping, events: { from: 'actions', user: 'who', kind: 'verb', at: { column: 'tz', unit: 's' } } },
      /actions has no column tz/,
      /aid, who, verb, ts/,
      /did you mean ts/,
    ],
    [
      'a SELECT that is wrong',
      { ads: { from: { sql: 'SELECT nope FROM items' }, id: 'nope' } },
      /SELECT of .* cannot be read/,
      /no such column: nope/,
      /correct the view or the SELECT/,
    ],
    [
      'a statement that is no SELECT',
      { ads: { from: { sql: 'DELETE FROM items' }, id: 'sku' } },
      /cannot be read/,
      /syntax error/,
      /correct/,
    ],
    [
      'a view whose column is gone',
      { ads: { from: 'broken', id: 'gone' } },
      /view broken cannot be read/,
      /no such column: gone/,
      /correct the view/,
    ],
    [
      'events without an id in a view',
      { ads: { from: 'items', id: 'sku' }, events: { from: 'seen', user: 'who', kind: 'verb', at: 'ts' } },
      /rows of seen cannot be found again/,
      /no id/,
      /name an id/,
    ],
    [
      'a view with an id twice',
      { ads: { from: 'twice', id: 'sku' } },
      /twice has the id "a" twice/,
      /two rows/,
      /DISTINCT/,
    ],
  ])('is named with file, table, column, what was found and what to do: %s', (_what, mapping, message, found, todo) =>
    withDir(async (dir) => {
      const path = join(dir, 'team.db');
      (await openAsMapped(path, small)).close();
      const db = new Database(path);
      db.exec(
        'CREATE VIEW seen AS SELECT * FROM actions; CREATE VIEW twice AS SELECT sku FROM items UNION ALL SELECT sku FROM items; CREATE TABLE t (gone TEXT); CREATE VIEW broken AS SELECT gone FROM t; DROP TABLE t; CREATE TABLE t (other TEXT)',
      );
      db.close();
      const error = await failure(openThrough(path, mapping));
      expect([error.code, error.exitCode]).toEqual(['bad-sample', 2]);
      expect(error.message).toContain(path.split('/').at(-1));
      expect(error.message).toMatch(message);
      expect(error.found).toMatch(found);
      expect(error.todo).toMatch(todo);
    }),
  );

  it('leaves the file and its folder as they were, read-only or not, and nothing half-derived after a cancelled reading', () =>
    withDir(async (dir) => {
      const path = join(dir, 'team.db');
      (
        await openAsMapped(path, {
          ...small,
          events: Array.from({ length: 25_000 }, (_, i) => anEvent(`e${i}`, 'u', i)),
        })
      ).close();
      const before = readFileSync(path);
      const aborted = new AbortController();
      const stopped = deriveMapped({
        path,
        mapping: teamMapping,
        out: join(dir, 'other'),
        signal: aborted.signal,
        onProgress: (stage) => {
          if (stage === 'events') aborted.abort();
        },
      });
      expect((await failure(stopped)).code).toBe('cancelled');
      expect(readdirSync(dir).sort()).toEqual(['team.db', 'team.db.derived']);
      chmodSync(path, 0o444);
      const again = await openThrough(path, teamMapping);
      expect(again.store.eventCount).toBe(25_000);
      again.close();
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(readdirSync(dir).sort()).toEqual(['team.db', 'team.db.derived']);
    }));

  it('refuses what is no SQLite file and a file in write-ahead-log mode, with the repair', () =>
    withDir(async (dir) => {
      const path = join(dir, 'team.db');
      writeFileSync(path, 'id,name\n');
      expect((await failure(openThrough(path, teamMapping))).message).toContain('no');
      (await openAsMapped(join(dir, 'wal.db'), small)).close();
      const db = new Database(join(dir, 'wal.db'));
      db.pragma('journal_mode = WAL');
      db.close();
      const error = await failure(openThrough(join(dir, 'wal.db'), teamMapping));
      expect([error.message, error.todo]).toEqual([
        expect.stringContaining('write-ahead-log'),
        expect.stringContaining('journal_mode=DELETE'),
      ]);
    }));
});
