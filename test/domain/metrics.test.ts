import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coverage,
  gini,
  hitAtK,
  intraListDiversity,
  meanOf,
  ndcgAtK,
  noveltyBits,
  precisionAtK,
  recallAtK,
  reciprocalRank,
  shareOf,
} from '../../src/domain/metrics.ts';

const list = ['a', 'b', 'c', 'd', 'e'];

describe('the metrics of a list', () => {
  it('equal hand-computed cases', () => {
    const relevant = new Set(['b', 'e', 'z']);
    expect(recallAtK(list, relevant, 2)).toBeCloseTo(1 / 3, 12);
    expect(recallAtK(list, relevant, 5)).toBeCloseTo(2 / 3, 12);
    expect(precisionAtK(list, relevant, 5)).toBeCloseTo(2 / 5, 12);
    expect(hitAtK(list, relevant, 1)).toBe(0);
    expect(hitAtK(list, relevant, 5)).toBe(1);
    expect(reciprocalRank(list, relevant, 5)).toBe(0.5);
    expect(reciprocalRank(list, relevant, 1)).toBe(0);
    // (1/log2 3 + 1/log2 6) ÷ (1 + 1/log2 3 + 1/2)
    expect(ndcgAtK(list, relevant, 5)).toBeCloseTo((0.6309297535714575 + 0.38685280723454163) / 2.1309297535714575, 12);
    expect(ndcgAtK(['b', 'e', 'z'], relevant, 3)).toBeCloseTo(1, 12);
    expect(
      coverage(
        [
          ['a', 'b'],
          ['b', 'c'],
        ],
        12,
      ),
    ).toBe(0.25);
    // counts 3 and 0 of 8 behaviours over 8 ads: −log2(4/16), −log2(1/16)
    expect(noveltyBits(['a', 'b'], (id) => (id === 'a' ? 3 : 0), 8, 8)).toBe(3);
    expect(shareOf(list, (id) => id < 'c')).toBeCloseTo(0.4, 12);
    expect(gini([1, 1, 1, 1])).toBe(0);
    expect(gini([0, 0, 0, 4])).toBe(0.75);
  });

  it('give null instead of 0 where no ad is to be found', () => {
    const none = new Set<string>();
    expect([
      recallAtK(list, none, 5),
      hitAtK(list, none, 5),
      ndcgAtK(list, none, 5),
      reciprocalRank(list, none, 5),
      meanOf([null]),
      noveltyBits([], () => 0, 1, 1),
    ]).toEqual([null, null, null, null, null, null]);
    expect(meanOf([null, 1, 3])).toBe(2);
  });

  const coordinate = fc.double({ min: -9, max: 9, noNaN: true });
  it('measure diversity as the mean of 1 − cosine over all pairs, whatever the lengths of the rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.1, max: 9, noNaN: true }), coordinate, coordinate), {
          minLength: 2,
          maxLength: 9,
        }),
        (raw) => {
          const rows = raw.map((row) => [...Float32Array.from(row)]);
          const cosine = (a: readonly number[], b: readonly number[]): number =>
            a.reduce((dot, x, d) => dot + x * (b[d] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b));
          const pairs = rows.flatMap((a, i) => rows.slice(i + 1).map((b) => 1 - cosine(a, b)));
          expect(intraListDiversity(Float32Array.from(rows.flat()), 3)).toBeCloseTo(
            pairs.reduce((sum, x) => sum + x, 0) / pairs.length,
            9,
          );
        },
      ),
    );
    // At right angles, however long; the row of zeros has no direction and makes no pair.
    expect(intraListDiversity(Float32Array.of(3, 0, 0, 0.5), 2)).toBe(1);
    expect(intraListDiversity(Float32Array.of(3, 0, 0, 0, 7, 0), 2)).toBe(0);
    expect(intraListDiversity(Float32Array.of(3, 0, 0, 0), 2)).toBeNull();
  });
});
