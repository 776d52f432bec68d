import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  exactMemberValues,
  memberValues,
  quotientWeights,
  sampledMemberValues,
  type ValueCoalitions,
} from '../../src/domain/owen.ts';
import { shapley } from '../../src/domain/shapley.ts';

/** A game over m members of one union and r other whole unions, as a table of v by (members, others). */
const anyTable = fc
  .record({ members: fc.integer({ min: 1, max: 4 }), others: fc.integer({ min: 0, max: 3 }) })
  .chain(({ members, others }) =>
    fc.record({
      members: fc.constant(members),
      others: fc.constant(others),
      values: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
        minLength: 2 ** (members + others),
        maxLength: 2 ** (members + others),
      }),
    }),
  );

const maskOf = (coalition: Uint8Array): number => coalition.reduce((mask, bit, i) => mask | (bit << i), 0);

const quotient = (members: number, others: number, values: readonly number[]): ValueCoalitions => {
  const weights = quotientWeights(others);
  return (coalitions) =>
    Promise.resolve(
      Float64Array.from(coalitions, (t) =>
        weights.reduce((sum, w, r) => sum + w * (values[maskOf(t) | (r << members)] ?? 0), 0),
      ),
    );
};

/** Owen value by its definition: orders of all players in which each union arrives together. */
const byUnionOrders = (members: number, others: number, values: readonly number[]): number[] => {
  const phi = new Array<number>(members).fill(0);
  let orders = 0;
  const unions = [members, ...Array.from({ length: others }, (_, i) => members + 1 + i)];
  for (const unionOrder of permutations(unions)) {
    for (const memberOrder of permutations(Array.from({ length: members }, (_, i) => i))) {
      orders += 1;
      let mask = 0;
      for (const union of unionOrder) {
        if (union !== members) {
          mask |= 1 << (union - 1);
          continue;
        }
        for (const member of memberOrder) {
          const after = mask | (1 << member);
          phi[member] = (phi[member] ?? 0) + (values[after] ?? 0) - (values[mask] ?? 0);
          mask = after;
        }
      }
    }
  }
  return phi.map((p) => p / orders);
};

const permutations = (items: number[]): number[][] =>
  items.length <= 1
    ? [items]
    : items.flatMap((item, i) =>
        permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
      );

describe('Owen values of events within their group', () => {
  it('equal the mean marginal over the orders in which each group arrives together', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async ({ members, others, values }) => {
        const { phi } = await exactMemberValues(members, 1, quotient(members, others, values));
        const expected = byUnionOrders(members, others, values);
        phi.forEach((p, i) => expect(p).toBeCloseTo(expected[i] ?? NaN, 9));
      }),
      { numRuns: 60 },
    );
  });

  it('sum to the group’s own Shapley value, exactly computed or sampled on any budget', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, fc.integer({ min: 0, max: 60 }), async ({ members, others, values }, budget) => {
        const full = 2 ** members - 1;
        const between = Float64Array.from(
          { length: 2 ** (others + 1) },
          (_, mask) => values[(mask & 1 ? full : 0) | ((mask >> 1) << members)] ?? 0,
        );
        const group = shapley(between, others + 1)[0] ?? NaN;
        for (const exactUpTo of [8, 0]) {
          const { phi } = await memberValues(members, 1, quotient(members, others, values), {
            exactUpTo,
            budget,
            seed: 7,
          });
          expect(phi.reduce((sum, p) => sum + p, 0)).toBeCloseTo(group, 9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('lie within the printed standard error when sampled', async () => {
    const members = 10;
    const value: ValueCoalitions = (coalitions) =>
      Promise.resolve(
        Float64Array.from(
          coalitions,
          (t) => Math.sqrt(t.reduce((s, bit, i) => s + bit * (i + 1), 0)) + (t[0] === 1 && t[9] === 1 ? 2 : 0),
        ),
      );
    const exact = await exactMemberValues(members, 1, value);
    let outside = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const sampled = await sampledMemberValues(members, 1, value, { budget: 600, seed });
      expect(sampled.evaluations).toBeLessThanOrEqual(600);
      sampled.phi.forEach((p, i) => {
        if (Math.abs(p - (exact.phi[i] ?? 0)) > 3 * (sampled.stderr[i] ?? 0) + 1e-12) outside += 1;
      });
    }
    expect(outside).toBeLessThanOrEqual(200 * 0.03);
  });

  it('give exactly 0, without error, to an event that changes nothing', async () => {
    const value: ValueCoalitions = (coalitions) =>
      Promise.resolve(Float64Array.from(coalitions, (t) => (t[0] ?? 0) * 0.3 + (t[2] ?? 0) * 0.1));
    for (const exactUpTo of [8, 0]) {
      const { phi, stderr } = await memberValues(3, 1, value, { exactUpTo, budget: 40, seed: 3 });
      expect([phi[1], stderr[1]]).toEqual([0, 0]);
    }
  });

  it('come out the same for a game valued among others and alone', async () => {
    const both: ValueCoalitions = (coalitions) =>
      Promise.resolve(Float64Array.from(coalitions.flatMap((t) => [Math.sqrt(maskOf(t)), Math.cos(maskOf(t))])));
    for (const exactUpTo of [8, 0]) {
      const options = { exactUpTo, budget: 50, seed: 5 };
      const together = await memberValues(4, 2, both, options);
      for (const game of [0, 1]) {
        const alone = await memberValues(
          4,
          1,
          async (coalitions) => (await both(coalitions)).filter((_, i) => i % 2 === game),
          options,
        );
        expect([...together.phi.filter((_, i) => i % 2 === game)]).toEqual([...alone.phi]);
        expect([...together.stderr.filter((_, i) => i % 2 === game)]).toEqual([...alone.stderr]);
      }
    }
  });
});
