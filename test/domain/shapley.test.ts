import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapley, shapleyBatch, shapleyResidual } from '../../src/domain/shapley.ts';

const game = (players: number, value: (members: Set<number>) => number): Float64Array =>
  Float64Array.from({ length: 2 ** players }, (_, mask) =>
    value(new Set(Array.from({ length: players }, (__, i) => i).filter((i) => (mask >> i) & 1))),
  );

/** φ by the definition: the mean marginal over all orders. */
const byOrders = (values: Float64Array, players: number): number[] => {
  const phi = new Array<number>(players).fill(0);
  let orders = 0;
  const walk = (mask: number, rest: number[], gains: number[]): void => {
    if (rest.length === 0) {
      orders += 1;
      gains.forEach((gain, i) => {
        phi[i] = (phi[i] ?? 0) + gain;
      });
      return;
    }
    for (const next of rest) {
      const after = mask | (1 << next);
      const own = [...gains];
      own[next] = (values[after] ?? 0) - (values[mask] ?? 0);
      walk(
        after,
        rest.filter((p) => p !== next),
        own,
      );
    }
  };
  walk(
    0,
    Array.from({ length: players }, (_, i) => i),
    new Array<number>(players).fill(0),
  );
  return phi.map((p) => p / orders);
};

const anyGame = fc.integer({ min: 1, max: 5 }).chain((players) =>
  fc.record({
    players: fc.constant(players),
    values: fc
      .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 2 ** players, maxLength: 2 ** players })
      .map((v) => Float64Array.from(v)),
  }),
);

describe('exact Shapley values', () => {
  it('gives the reference games exactly', () => {
    const three = game(4, (s) => (s.has(1) && s.has(2) && s.has(3) ? 6 : 0));
    expect([...shapley(three, 4)]).toEqual([0, expect.closeTo(2, 12), expect.closeTo(2, 12), expect.closeTo(2, 12)]);
    const groups = game(2, (s) => (s.has(0) && s.has(1) ? 6 : 0));
    expect([...shapley(groups, 2)]).toEqual([3, 3]);
    const gloves = game(3, (s) => (s.has(0) && (s.has(1) || s.has(2)) ? 1 : 0));
    const [left = 0, first = 0, second = 0] = shapley(gloves, 3);
    expect(left).toBeCloseTo(2 / 3, 12);
    expect(first).toBeCloseTo(1 / 6, 12);
    expect(second).toBeCloseTo(1 / 6, 12);
  });

  it('equals the mean marginal over all orders of arrival', () => {
    fc.assert(
      fc.property(anyGame, ({ players, values }) => {
        const expected = byOrders(values, players);
        shapley(values, players).forEach((phi, i) => expect(phi).toBeCloseTo(expected[i] ?? NaN, 9));
      }),
      { numRuns: 60 },
    );
  });

  it('shares out exactly the difference between all and none', () => {
    fc.assert(
      fc.property(anyGame, ({ players, values }) => {
        const residual = shapleyResidual(values[values.length - 1] ?? 0, values[0] ?? 0, shapley(values, players));
        expect(Math.abs(residual)).toBeLessThan(1e-9);
      }),
    );
  });

  it('gives exactly 0 to a player that changes nothing, and the same to players that change the same', () => {
    fc.assert(
      fc.property(anyGame, ({ players, values }) => {
        const withDummy = Float64Array.from(
          { length: values.length * 2 },
          (_, mask) => values[mask & (values.length - 1)] ?? 0,
        );
        expect(shapley(withDummy, players + 1)[players]).toBe(0);
        const symmetric = game(players, (s) => s.size ** 1.5);
        const phi = shapley(symmetric, players);
        phi.forEach((p) => expect(p).toBeCloseTo(phi[0] ?? NaN, 9));
      }),
    );
  });

  it('adds up over games, and values many games at once as it values each alone', () => {
    fc.assert(
      fc.property(anyGame, fc.double({ min: -3, max: 3, noNaN: true }), ({ players, values }, factor) => {
        const other = values.map((v) => v * factor + 1);
        const both = new Float64Array(values.length * 2);
        values.forEach((v, mask) => {
          both[2 * mask] = v;
          both[2 * mask + 1] = other[mask] ?? 0;
        });
        const batch = shapleyBatch(both, players, 2);
        const sum = shapley(
          values.map((v, i) => v + (other[i] ?? 0)),
          players,
        );
        const alone = shapley(values, players);
        for (let i = 0; i < players; i += 1) {
          expect(batch[2 * i]).toBe(alone[i]);
          expect((batch[2 * i] ?? 0) + (batch[2 * i + 1] ?? 0)).toBeCloseTo(sum[i] ?? NaN, 9);
        }
      }),
    );
  });

  it('refuses a number of values that is not one per coalition and game', () => {
    expect(() => shapley(new Float64Array(5), 2)).toThrow(RangeError);
    expect(() => shapleyBatch(new Float64Array(8), 3, 2)).toThrow(RangeError);
  });
});
