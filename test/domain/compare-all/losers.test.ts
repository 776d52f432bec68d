import { describe, expect, it } from 'vitest';
import { losingGroups } from '../../../src/domain/compare-all/subgroups.ts';
import { userMetrics, type CompareRow, type SideRow } from '../../../src/domain/compare-all/rows.ts';
import { seededRandom } from '../../../src/domain/random.ts';

const k = 10;
const side = (recall: number): SideRow => ({ ads: [], via: '', hits: [], values: userMetrics(k).map(() => recall) });

/** Users of two cities and three ages; b is worse by `edge` for those of one city and one age. */
const rowsOf = (seed: number, n: number, edge: number): CompareRow[] => {
  const random = seededRandom(seed);
  return Array.from({ length: n }, (_, u): CompareRow => {
    const [city, age] = [['x', 'y'][random.below(2)] ?? '', ['young', 'middle', 'old'][random.below(3)] ?? ''];
    const a = Math.round(random.next() * 10) / 10;
    const noise = (random.below(5) - 2) / 10;
    const hit = city === 'x' && age === 'old' ? edge : 0;
    return {
      userId: `u${u}`,
      asOf: 1,
      engaged: 1,
      rbo: 0.5,
      segments: [
        ['city', city],
        ['age', age],
        ['gender', random.next() < 0.5 ? 'f' : 'm'],
      ],
      a: side(a),
      b: side(a + noise - hit),
      failed: null,
    };
  });
};

describe('the groups of users where a side loses', () => {
  it('carry the two facts that were planted, with how much more often the side loses there', () => {
    const [first] = losingGroups(rowsOf(1, 600, 0.4), k, { seed: 1 }).b;
    expect(first?.conditions).toEqual([
      ['age', 'old'],
      ['city', 'x'],
    ]);
    expect(first?.flagged).toBe(true);
    expect(first?.delta).toBeLessThan(-0.3);
    expect(first?.lift).toBeGreaterThan(1.5);
  });

  it('stay the same for the other side when the sides change places', () => {
    const rows = rowsOf(2, 400, 0.4);
    const swapped = rows.map((row) => ({ ...row, a: row.b, b: row.a }));
    const [there, here] = [losingGroups(rows, k, { seed: 3 }).b, losingGroups(swapped, k, { seed: 3 }).a];
    expect(here.map((g) => [g.conditions, g.users, g.losers, g.p])).toEqual(
      there.map((g) => [g.conditions, g.users, g.losers, g.p]),
    );
    here.forEach((group, i) => {
      expect(group.delta).toBeCloseTo(-(there[i]?.delta ?? 0), 12);
    });
  });

  it('get a flag by chance in few of many runs without a planted fact, though the best of many groups is shown', () => {
    const flagged = Array.from({ length: 60 }, (_, run) =>
      losingGroups(rowsOf(100 + run, 240, 0), k, { seed: run, draws: 1000 }).b.some((g) => g.flagged),
    ).filter(Boolean).length;
    // Binomial(60, .05): mean 3, standard deviation 1.7.
    expect(flagged).toBeLessThanOrEqual(8);
  });

  it('stay empty among too few users, and where the sides are the same', () => {
    expect(losingGroups(rowsOf(1, 20, 0.4), k, { seed: 1 })).toEqual({ a: [], b: [] });
    expect(
      losingGroups(
        rowsOf(1, 200, 0).map((row) => ({ ...row, b: row.a })),
        k,
        { seed: 1 },
      ),
    ).toEqual({ a: [], b: [] });
  });
});
