import { join } from 'node:path';
import Database from 'better-sqlite3';
import { deriveMapped } from '../../../src/adapters/sqlite/mapped/derive.ts';
import { openMapped } from '../../../src/adapters/sqlite/mapped/open-mapped.ts';
import { createSample, openSample } from '../../../src/adapters/sqlite/sample.ts';
import type { BehaviourEvent, User } from '../../../src/domain/events.ts';
import type { SampleMapping } from '../../../src/domain/sample/mapping.ts';
import type { DerivedSample, NewAd, OpenedSample } from '../../../src/engine/ports/artefacts.ts';

export interface Rows {
  readonly users: readonly User[];
  readonly ads: readonly NewAd[];
  readonly events: readonly BehaviourEvent[];
  readonly friends: ReadonlyArray<readonly [string, string, number | null]>;
}

/** A shop of another schema: other names, kinds, and units of time. */
export const teamMapping: SampleMapping = {
  users: { from: 'customers', id: 'cust_id', attributes: { city: 'town', age: 'age' } },
  ads: {
    from: 'items',
    id: 'sku',
    title: 'name',
    category: 'path',
    brand: 'maker',
    price: 'cents',
    campaign: 'promo',
    start_at: { column: 'live_from', unit: 'ms' },
    end_at: { column: 'live_to', unit: 'ms' },
    budget_left: 'money',
    targeting: 'audience',
  },
  events: {
    from: 'actions',
    id: 'aid',
    user: 'who',
    kind: { column: 'verb', values: { buy: 'purchase', tap: 'click' } },
    at: { column: 'ts', unit: 'us' },
    platform: 'device',
    ad: 'what',
    query: 'typed',
    peer: 'other',
  },
  friends: { from: 'follows', user: 'a', peer: 'b', since: { column: 'when_ms', unit: 'ms' } },
};

const schema = `
  CREATE TABLE customers (cust_id TEXT, town TEXT, age INTEGER);
  CREATE TABLE items (sku TEXT, name TEXT, path TEXT, maker TEXT, cents REAL, promo TEXT, live_from INTEGER, live_to INTEGER, money REAL, audience TEXT);
  CREATE TABLE actions (aid TEXT, who TEXT, verb TEXT, ts INTEGER, device TEXT, what TEXT, typed TEXT, other TEXT);
  CREATE TABLE follows (a TEXT, b TEXT, when_ms INTEGER);`;

const theirKind = (kind: string): string => (kind === 'purchase' ? 'buy' : kind === 'click' ? 'tap' : kind);

export const writeTeamFile = (path: string, { users, ads, events, friends }: Rows): void => {
  const db = new Database(path);
  db.exec(schema);
  const insert = (table: string, columns: number): Database.Statement =>
    db.prepare(`INSERT INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join(', ')})`);
  const [customer, item, action, follow] = [
    insert('customers', 3),
    insert('items', 10),
    insert('actions', 8),
    insert('follows', 3),
  ];
  db.transaction(() => {
    for (const { userId, attributes } of users)
      customer.run(userId, attributes['city'] ?? null, attributes['age'] ?? '');
    for (const ad of ads)
      item.run(
        ad.adId,
        ad.title,
        ad.category,
        ad.brand,
        ad.price,
        ad.campaign,
        ad.startAt,
        ad.endAt,
        ad.budgetLeft,
        ad.targeting === null ? null : JSON.stringify(ad.targeting),
      );
    for (const e of events)
      action.run(e.eventId, e.userId, theirKind(e.kind), BigInt(e.at) * 1000n, e.platform, e.adId, e.query, e.peerId);
    for (const [user, peer, since] of friends) follow.run(user, peer, since);
  })();
  db.close();
};

export const openNative = (path: string, { users, ads, events, friends }: Rows): OpenedSample => {
  const writer = createSample(path);
  for (const user of users) writer.addUser(user);
  for (const ad of ads) writer.addAd(ad);
  for (const event of events) writer.addEvent(event);
  for (const [user, peer, since] of friends) writer.addFriend(user, peer, since);
  writer.finish();
  return openSample(path);
};

/** Any SQLite file through a mapping, derived beside it. */
export const openThrough = async (
  path: string,
  mapping: SampleMapping,
  signal = new AbortController().signal,
): Promise<OpenedSample & { readonly derived: DerivedSample }> => {
  await deriveMapped({ path, mapping, out: `${path}.derived`, onProgress: () => undefined, signal });
  return openMapped(path, mapping, `${path}.derived`);
};

export const openAsMapped = (path: string, rows: Rows): Promise<OpenedSample & { readonly derived: DerivedSample }> => {
  writeTeamFile(path, rows);
  return openThrough(path, teamMapping);
};

/** Both kinds of sample over the same rows, opened by one signature: what holds for one must hold for the other. */
export const sampleKinds: ReadonlyArray<readonly [string, (dir: string, rows: Rows) => Promise<OpenedSample>]> = [
  ['a native sample', (dir, rows) => Promise.resolve(openNative(join(dir, 'native.sqlite'), rows))],
  ["a team's file through a mapping", (dir, rows) => openAsMapped(join(dir, 'team.db'), rows)],
];
