import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuseRows } from '../../../src/domain/tower/fuse.ts';

const fusion = {
  dim: 2,
  hidden: 1,
  b: Float32Array.from([3, 0]),
  b1: Float32Array.from([-1]),
  w2: Float32Array.from([0, 2]),
};
// one group: A h = (0, 4), W1 h = 2
const projected = Float32Array.from([0, 4, 2]);

describe('the function fuseRows', () => {
  it('gives normalise(b + Σ w A h + relu(b1 + Σ w W1 h) W2)', () => {
    // w = 0: (3, 0); w = 1: (3, 4 + 2·1); w = ½: (3, 2 + 0)
    const out = fuseRows(fusion, projected, Float32Array.from([0, 1, 0.5]), 3);
    const expected = [
      [3, 0],
      [3, 6],
      [3, 2],
    ].flatMap(([x = 0, y = 0]) => [x / Math.hypot(x, y), y / Math.hypot(x, y)]);
    expect([...out].every((value, i) => Math.abs(value - (expected[i] ?? 0)) < 1e-7)).toBe(true);
  });

  it('lets an empty group and a weight of 0 contribute exactly nothing', () => {
    const finite = fc.float({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 3, maxLength: 3 }),
        fc.float({ min: 0, max: 4, noNaN: true }),
        (h, weight) => {
          const withEmpty = Float32Array.from([...h, 0, 0, 0]);
          const alone = fuseRows(fusion, Float32Array.from(h), Float32Array.from([1]), 1);
          expect([...fuseRows(fusion, withEmpty, Float32Array.from([1, weight]), 1)]).toEqual([...alone]);
          expect([...fuseRows(fusion, Float32Array.from([...h, 5, -5, 5]), Float32Array.from([1, 0]), 1)]).toEqual([
            ...alone,
          ]);
        },
      ),
    );
  });

  it('refuses a user vector that vanishes', () => {
    expect(() =>
      fuseRows(
        { ...fusion, b1: Float32Array.from([0]), w2: Float32Array.from([0, 0]) },
        Float32Array.from([-3, 0, 0]),
        Float32Array.from([1]),
        1,
      ),
    ).toThrow(/vanishes/);
  });

  it('refuses weights of another shape', () => {
    expect(() => fuseRows(fusion, projected, new Float32Array(5), 3)).toThrow(/wrong shape/);
  });
});
