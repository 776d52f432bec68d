import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { openSample } from '../../../src/adapters/sqlite/sample.ts';
import { openNative } from './mapped-world.ts';
import { anAd, anEvent, withDir } from './world.ts';

const world = {
  users: [
    { userId: 'u1', attributes: {} },
    { userId: 'u2', attributes: {} },
  ],
  ads: [
    anAd('a1', { category: 'x', targeting: { city: ['1'] } }),
    anAd('a2', { category: 'y', endAt: 9 }),
    anAd('a3', { category: 'y', budgetLeft: 4 }),
  ],
  events: [anEvent('e1', 'u1', 1, { adId: 'a1' }), anEvent('e2', 'u1', 2, { adId: 'a2', kind: 'buy' })],
  friends: [],
};

const floats = (...values: number[]): Buffer => Buffer.from(Float64Array.from(values).buffer);
const whole = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
const shorts = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);

/** What each column cannot be (three ads, two users, two events), and the column that is named where it is another. */
const damages: ReadonlyArray<readonly [column: string, bytes: Buffer, names?: string]> = [
  ['ad_ids', Buffer.from('a1a1a3')],
  ['ad_ids', Buffer.from('a2a1a3')],
  ['ad_ids', Buffer.from('a1a2a3a4')],
  ['ad_ids', Buffer.alloc(6)],
  ['ad_id_ends', whole(0, 0, 0)],
  ['ad_id_ends', whole(2, 4, 1000)],
  ['ad_id_ends', whole(2, 4)],
  ['user_ids', Buffer.from('u2u1')],
  ['user_events', whole(3, 0)],
  ['user_last_at', floats(NaN, -Infinity)],
  ['user_last_at', floats(2, 2)],
  ['categories', Buffer.from('{"a":1}')],
  ['categories', Buffer.from('[1,null]')],
  ['categories', Buffer.from('["x"]'), 'ad_category'],
  ['ad_category', whole(0, 1, 2)],
  ['ad_category', whole(0, 1, -1)],
  ['ad_start_at', floats(NaN, 1, 1)],
  ['ad_end_at', floats(1, 1)],
  ['ad_budget_left', floats(1, 1, NaN)],
  ['targetings', Buffer.from('"text"')],
  ['ad_targeting', whole(-2, 0, 0)],
  ['ad_targeting', whole(1, 0, 0)],
  ['kinds', Buffer.from('[]'), 'event_kind'],
  ['event_at', floats(2, 1)],
  ['event_at', floats(NaN, NaN)],
  ['event_ad', whole(0, 3)],
  ['event_kind', shorts(0, 2)],
];

const checked = (path: string): void => {
  const sample = openSample(path);
  try {
    sample.check({ pages: true });
  } finally {
    sample.close();
  }
};

describe('the check of packed columns', () => {
  it('passes what was written, and names each column that cannot be right', () =>
    withDir(async (dir) => {
      const path = join(dir, 'sample.sqlite');
      openNative(path, world).close();
      expect(() => checked(path)).not.toThrow();
      const db = new Database(path);
      const read = db.prepare<[string], Buffer>('SELECT data FROM columns WHERE name = ?').pluck();
      const put = db.prepare<[Buffer, string]>('UPDATE columns SET data = ? WHERE name = ?');
      for (const [column, bytes, named = column] of damages) {
        const sound = read.get(column) ?? Buffer.alloc(0);
        put.run(bytes, column);
        expect(() => checked(path), `${column} = ${bytes.toString('hex')}`).toThrow(`the packed column ${named} `);
        put.run(sound, column);
      }
      db.close();
      expect(() => checked(path)).not.toThrow();
    }));
});
