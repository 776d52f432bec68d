import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cooccurrence } from '../../../src/domain/i2i/cooccurrence.ts';
import type { NeighbourTable, UserItems } from '../../../src/domain/i2i/cooccurrence.ts';
import { decodeNeighbours, encodeNeighbours } from '../../../src/domain/i2i/format.ts';
import { RecallError } from '../../../src/errors.ts';

const packed = (users: ReadonlyArray<readonly number[]>): UserItems => {
  const starts = [0];
  for (const items of users) starts.push((starts.at(-1) ?? 0) + items.length);
  return { starts: Uint32Array.from(starts), items: Int32Array.from(users.flat()) };
};

const histories = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 11 }), { maxLength: 8 }), { maxLength: 25 });

describe('item-to-item neighbours', () => {
  it('equal the definition, counted the slow way', () => {
    fc.assert(
      fc.property(
        histories,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 20 }),
        (users, top, shrinkage) => {
          const table = cooccurrence(packed(users), 12, 42, { shrinkage, top });
          for (let item = 0; item < 12; item++) {
            const of = (i: number): number => users.filter((items) => items.includes(i)).length;
            const expected = Array.from({ length: 12 }, (_, other) => {
              const both = users.filter((items) => items.includes(item) && items.includes(other)).length;
              return {
                other,
                both,
                value: Math.fround((both / Math.sqrt(of(item) * of(other))) * (both / (both + shrinkage))),
              };
            })
              .filter(({ other, both }) => other !== item && both > 0)
              .sort((a, b) => b.value - a.value || a.other - b.other)
              .slice(0, top);
            const [from, until] = [table.starts[item] ?? 0, table.starts[item + 1] ?? 0];
            expect(Array.from(table.ordinals.subarray(from, until))).toEqual(expected.map(({ other }) => other));
            expect(Array.from(table.similarities.subarray(from, until))).toEqual(expected.map(({ value }) => value));
          }
        },
      ),
    );
  });

  it('come back from their file as they were', () => {
    fc.assert(
      fc.property(histories, fc.option(fc.integer()), (users, until) => {
        const table = cooccurrence(packed(users), 12, until);
        expect(decodeNeighbours(encodeNeighbours(table), 'ads.i2i')).toEqual(table);
      }),
    );
  });

  it('do not load from a file that was cut or changed in its structure', () => {
    const bytes = encodeNeighbours(
      cooccurrence(
        packed([
          [0, 1, 2],
          [1, 2, 3],
        ]),
        4,
        null,
      ),
    );
    for (let size = 0; size < bytes.length; size++)
      expect(() => decodeNeighbours(bytes.slice(0, size), 'ads.i2i')).toThrow(RecallError);
    const pointsNowhere = bytes.slice();
    new DataView(pointsNowhere.buffer).setInt32(32 + 4 * 5, 99, true);
    expect(() => decodeNeighbours(pointsNowhere, 'ads.i2i')).toThrow(/not a file of item-to-item/);
  });

  it('is refused where a similarity is not finite: a list sorted by it would have no order', () => {
    const bytes = encodeNeighbours(cooccurrence(packed([[0, 1]]), 2, null));
    for (const odd of [Number.NaN, Infinity]) {
      const damaged = bytes.slice();
      new DataView(damaged.buffer).setFloat32(damaged.length - 4, odd, true);
      expect(() => decodeNeighbours(damaged, 'ads.i2i')).toThrow(
        expect.objectContaining({ expected: 'finite similarities', found: `${odd} in entry 1` }),
      );
    }
  });
});

const games = join(process.env['RECALL_DATA'] ?? '../shared/data', 'amazon-games-2018');
const haveGames = existsSync(games);
if (!haveGames) console.log(`skipped: no public data at ${games} (RECALL_DATA)`);

describe.skipIf(!haveGames)('item-to-item neighbours on amazon-games', () => {
  const rows = (name: string): string[][] =>
    readFileSync(join(games, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));

  it('recall what an item-kNN of the reference recalls: HR@100 of the 6,000 listed users at least .3017', () => {
    const histories = rows('Games-6k.valid.inter')
      .slice(1)
      .map(([, history = '', item = '']) => [...new Set([...history.split(' '), item].map(Number))]);
    const table = cooccurrence(packed(histories), 16_859, null);
    const listed = new Set(rows('Games-6k.sasrec').map(([line = '']) => line.split(' ')[0]));
    let hits = 0;
    const tests = rows('Games-6k.test.inter')
      .slice(1)
      .filter(([user = '']) => listed.has(user));
    for (const [, history = '', target = ''] of tests)
      if (rankOf(table, history.split(' ').map(Number), Number(target)) <= 100) hits++;
    expect(tests.length).toBe(6000);
    expect(hits / tests.length).toBeGreaterThanOrEqual(0.3017);
  });
});

/** Rank of the target by Σ similarity ÷ √age over the last 20 items; an ad without a neighbour comes last. */
const rankOf = (table: NeighbourTable, history: readonly number[], target: number): number => {
  const scores = new Float64Array(table.count);
  history
    .slice(-20)
    .reverse()
    .forEach((item, age) => {
      for (let at = table.starts[item] ?? 0; at < (table.starts[item + 1] ?? 0); at++)
        scores[table.ordinals[at] ?? 0]! += (table.similarities[at] ?? 0) / Math.sqrt(age + 1);
    });
  const own = scores[target] ?? 0;
  return own > 0 ? 1 + scores.reduce((ahead, score) => ahead + (score > own ? 1 : 0), 0) : Number.POSITIVE_INFINITY;
};
