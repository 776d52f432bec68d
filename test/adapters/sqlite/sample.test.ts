import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSample, openSample } from '../../../src/adapters/sqlite/sample.ts';
import { requiredColumns } from '../../../src/adapters/sqlite/schema.ts';
import { RecallError } from '../../../src/errors.ts';
import { anAd, anEvent, withDir } from './world.ts';

const thrown = (run: () => unknown): RecallError => {
  try {
    run();
  } catch (error) {
    if (error instanceof RecallError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

const tiny = (path: string): void => {
  const writer = createSample(path);
  writer.addUser({ userId: 'u1', attributes: { city: '上海' } });
  for (const id of ['B00X', '4294967301', '广告1', '5']) writer.addAd(anAd(id));
  writer.addEvent(anEvent('e1', 'u1', 10, { adId: '4294967301' }));
  writer.finish();
};

describe('a sample', () => {
  it('gives ordinals in code-unit order of id, for any ids, and finds each id again', () =>
    withDir((dir) => {
      let run = 0;
      fc.assert(
        fc.property(
          fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 30 }),
          (ids) => {
            const path = join(dir, `ids-${run++}.sqlite`);
            const writer = createSample(path);
            for (const id of ids) expect(writer.addAd(anAd(id))).toBe(true);
            writer.finish();
            const sample = openSample(path);
            const sorted = [...ids].sort();
            expect(sorted.map((_, ordinal) => sample.catalog.idOf(ordinal))).toEqual(sorted);
            expect(sorted.map((id) => sample.catalog.ordinalOf(id))).toEqual(sorted.map((_, i) => i));
            expect(sample.catalog.ads(sorted.map((_, i) => i)).map((ad) => ad.adId)).toEqual(sorted);
            expect(sample.catalog.ordinalOf('absent-id')).toBeNull();
            sample.close();
          },
        ),
        { numRuns: 60 },
      );
    }));

  it('keeps ids above 2^32 and non-numeric ids apart', () =>
    withDir((dir) => {
      const path = join(dir, 's.sqlite');
      tiny(path);
      const sample = openSample(path);
      expect(['4294967301', '5', 'B00X', '广告1'].map((id) => sample.catalog.ordinalOf(id))).toEqual([0, 1, 2, 3]);
      expect(sample.store.event('e1')?.adId).toBe('4294967301');
      expect([...sample.store.adCounts({ from: 0, before: 11, kinds: ['click'] })]).toEqual([1, 0, 0, 0]);
      sample.close();
    }));

  it('has the same bytes whatever order the rows came in', () =>
    withDir((dir) => {
      const write = (name: string, order: readonly number[]): Buffer => {
        const writer = createSample(join(dir, name));
        for (const i of order) {
          writer.addUser({ userId: `u${i}`, attributes: i % 2 === 0 ? { a: '1', b: '2' } : { b: '2', a: '1' } });
          writer.addAd(anAd(`a${i}`, { title: `智能音箱 ${i}`, category: `c${i % 3}` }));
          writer.addEvent(anEvent(`e${i}`, `u${i}`, i % 5, { adId: `a${i}` }));
          writer.addFriend(`u${i}`, `u${(i + 1) % order.length}`, null);
        }
        writer.finish();
        return readFileSync(join(dir, name));
      };
      const order = Array.from({ length: 300 }, (_, i) => i);
      expect(
        write('a.sqlite', order).equals(
          write(
            'b.sqlite',
            order.map((i) => (i * 7) % 300),
          ),
        ),
      ).toBe(true);
    }));

  it('refuses a second row of the same id and keeps the first', () =>
    withDir((dir) => {
      const writer = createSample(join(dir, 's.sqlite'));
      expect([writer.addAd(anAd('a', { title: 'first' })), writer.addAd(anAd('a', { title: 'second' }))]).toEqual([
        true,
        false,
      ]);
      expect([
        writer.addUser({ userId: 'u', attributes: {} }),
        writer.addUser({ userId: 'u', attributes: {} }),
      ]).toEqual([true, false]);
      expect([writer.addEvent(anEvent('e', 'u', 1)), writer.addEvent(anEvent('e', 'u', 2))]).toEqual([true, false]);
      expect([writer.addFriend('u', 'v', null), writer.addFriend('u', 'v', 3)]).toEqual([true, false]);
      expect(writer.finish()).toEqual({ users: 1, ads: 1, events: 1, friends: 1 });
      const sample = openSample(join(dir, 's.sqlite'));
      expect(sample.catalog.ads([0])[0]?.title).toBe('first');
      sample.close();
    }));

  it('leaves the old file alone until finish, and nothing after abort', () =>
    withDir((dir) => {
      const path = join(dir, 's.sqlite');
      tiny(path);
      const before = readFileSync(path);
      const writer = createSample(path);
      writer.addAd(anAd('new'));
      expect(readFileSync(path).equals(before)).toBe(true);
      writer.abort();
      expect(readdirSync(dir)).toEqual(['s.sqlite']);
    }));

  it('refuses reserved event ids, times that are no whole ms, and ids UTF-8 cannot hold', () =>
    withDir((dir) => {
      const writer = createSample(join(dir, 's.sqlite'));
      expect(thrown(() => writer.addEvent(anEvent('what-if:0', 'u', 1))).code).toBe('bad-input');
      expect(thrown(() => writer.addEvent(anEvent('e', 'u', 0.5))).code).toBe('bad-input');
      expect(thrown(() => writer.addEvent(anEvent('e', 'u', Number.NaN))).code).toBe('bad-input');
      expect(thrown(() => writer.addAd(anAd('\ud800'))).code).toBe('bad-input');
      expect(thrown(() => writer.addAd(anAd(''))).code).toBe('bad-input');
      writer.abort();
    }));
});

describe('opening a sample', () => {
  it('works from a read-only folder and writes no other file', () =>
    withDir((dir) => {
      const path = join(dir, 's.sqlite');
      tiny(path);
      chmodSync(path, 0o444);
      chmodSync(dir, 0o555);
      try {
        const sample = openSample(path);
        expect(sample.store.userCount).toBe(1);
        expect(sample.text.search('B00X', 5)).toHaveLength(1);
        expect(readdirSync(dir)).toEqual(['s.sqlite']);
        sample.close();
      } finally {
        chmodSync(dir, 0o755);
      }
      expect(readdirSync(dir)).toEqual(['s.sqlite']);
    }));

  it('says what is wrong with a file that is absent, empty, a folder, or no SQLite', () =>
    withDir((dir) => {
      const text = join(dir, 'text.sqlite');
      writeFileSync(text, 'hello, \x1b[31mworld, this is no database at all');
      writeFileSync(join(dir, 'empty.sqlite'), '');
      for (const path of [text, join(dir, 'empty.sqlite'), join(dir, 'absent.sqlite'), dir]) {
        const error = thrown(() => openSample(path));
        expect(error.code).toBe('bad-sample');
        expect(error.message).toContain(path);
        expect(error.lines().join('')).not.toContain('\x1b');
      }
      expect(existsSync(join(dir, 'absent.sqlite'))).toBe(false);
    }));

  it('says so when the file is cut short', () =>
    withDir((dir) => {
      const path = join(dir, 's.sqlite');
      tiny(path);
      writeFileSync(path, readFileSync(path).subarray(0, 6_000));
      expect(thrown(() => openSample(path)).code).toBe('bad-sample');
    }));

  it.each(Object.keys(requiredColumns))('names the table %s when it is missing', (table) =>
    withDir((dir) => {
      const path = join(dir, 's.sqlite');
      tiny(path);
      const db = new Database(path);
      db.exec(`DROP TABLE ${table}`);
      db.close();
      const error = thrown(() => openSample(path));
      expect(error.message).toContain(`no table ${table}`);
      expect(error.expected).toContain(table);
    }),
  );

  it('names the column that is missing', () =>
    withDir((dir) => {
      const path = join(dir, 's.sqlite');
      tiny(path);
      const db = new Database(path);
      db.exec('ALTER TABLE ads RENAME COLUMN budget_left TO budget');
      db.close();
      const error = thrown(() => openSample(path));
      expect(error.message).toContain('table ads has no column budget_left');
      expect(error.found).toContain('budget');
    }));

  it('refuses a file in write-ahead-log mode instead of creating a -wal file', () =>
    withDir((dir) => {
      const path = join(dir, 's.sqlite');
      tiny(path);
      const db = new Database(path);
      db.pragma('journal_mode = WAL');
      db.close();
      expect(thrown(() => openSample(path)).message).toContain('write-ahead-log');
      expect(readdirSync(dir)).toEqual(['s.sqlite']);
    }));
});
