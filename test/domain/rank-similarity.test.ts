import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jaccard, kendallTauB, kendallTauOfCommon, rbo } from '../../src/domain/rank-similarity.ts';

const list = fc.uniqueArray(fc.constantFrom(...'abcdefghijklmnop'), { maxLength: 12 });

describe('rank-biased overlap', () => {
  it.each([
    ['abcde', 'bcdae', 0.828],
    ['abcdefg', 'zcavwxy', 0.288217286],
    ['NHMA', 'CGNA', 0.3915],
    ['NHMACFL', 'CGNA', 0.490383643],
    ['abcdefgh', 'bacdefgh', 0.9],
  ])('gives for %s and %s the published %f', (a, b, expected) => {
    expect(rbo([...a], [...b], 0.9)).toBeCloseTo(expected, 8);
    expect(rbo([...a], [...b])).toBe(rbo([...a], [...b], 0.9));
  });

  it('is symmetric, within 0 and 1, 1 for the same list and 0 for disjoint ones', () => {
    fc.assert(
      fc.property(list, list, fc.double({ min: 0.05, max: 0.99, noNaN: true }), (a, b, p) => {
        const value = rbo(a, b, p);
        expect(value).toBeCloseTo(rbo(b, a, p), 12);
        expect(value).toBeGreaterThanOrEqual(-1e-12);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
        expect(rbo(a, a, p)).toBeCloseTo(1, 12);
        if (a.length > 0)
          expect(
            rbo(
              a,
              b.map((id) => id.toUpperCase()),
              p,
            ),
          ).toBe(0);
      }),
    );
  });

  it('equals the sum over a long common continuation, which is what it extrapolates', () => {
    fc.assert(
      fc.property(list, (a) => {
        fc.pre(a.length > 1);
        const swapped = [a[1] ?? '', a[0] ?? '', ...a.slice(2)];
        const tail = Array.from({ length: 400 }, (_, i) => `t${i}`);
        expect(rbo(a, swapped)).toBeCloseTo(rbo([...a, ...tail], [...swapped, ...tail]), 9);
      }),
    );
  });
});

describe("Jaccard and Kendall's tau", () => {
  it('equal values counted by hand', () => {
    expect(jaccard(['a', 'b', 'c'], ['b', 'c', 'd'])).toBe(0.5);
    expect(jaccard([], [])).toBe(1);
    expect(kendallTauOfCommon(['a', 'b', 'x', 'c'], ['c', 'y', 'b', 'a'])).toBe(-1);
    expect(kendallTauOfCommon(['a', 'b', 'c', 'd'], ['a', 'c', 'b', 'd'])).toBeCloseTo(4 / 6, 12);
    expect(kendallTauOfCommon(['a'], ['a'])).toBeNull();
    // 6 pairs: 5 untied in x, 5 in y, 4 concordant: 4 / √(5·5)
    expect(kendallTauB([1, 2, 2, 3], [1, 1, 2, 3])).toBeCloseTo(4 / 5, 12);
    // 3 pairs untied in x, 6 in y, 3 concordant: 3 / √(3·6)
    expect(kendallTauB([1, 2, 2, 2], [1, 2, 3, 4])).toBeCloseTo(3 / Math.sqrt(18), 12);
    expect(kendallTauB([1, 1], [1, 2])).toBeNull();
  });
});
