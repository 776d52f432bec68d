import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerMean, usersToProve } from '../../src/domain/mean-bound.ts';
import { seededRandom } from '../../src/domain/random.ts';
import { bootstrapMean } from '../../src/domain/significance.ts';

/** Clopper and Pearson for n of n: the share p at which n successes of n have the chance .025, by bisection. */
const clopperPearson = (n: number): number => {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step += 1) {
    const p = (low + high) / 2;
    const chance = Array.from({ length: n }, () => p).reduce((product, own) => product * own, 1);
    if (chance < 0.025) low = p;
    else high = p;
  }
  return low;
};

describe('the lower bound of a mean recall', () => {
  it('is what Clopper and Pearson give where each of n users has a recall of 1', () => {
    for (const n of [1, 3, 20, 72, 566])
      expect(lowerMean(new Array<number>(n).fill(1), { resamples: 50 })).toBeCloseTo(clopperPearson(n), 10);
    expect(lowerMean([1, 1, 1])).toBeCloseTo(0.2924, 4);
    expect(lowerMean([])).toBe(0);
  });

  it('is below the bootstrap near the edge only', () => {
    const tenths = Array.from({ length: 1135 }, (_, i) => (i % 23 === 0 ? 0.9 : 1));
    expect(lowerMean(tenths)).toBe(bootstrapMean(tenths).low);
    const oneMiss = [...new Array<number>(99).fill(1), 0.9];
    expect(lowerMean(oneMiss)).toBeLessThan(bootstrapMean(oneMiss).low);
  });

  it('never grows where a user finds less', () => {
    const shares = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(shares, fc.nat(), fc.integer({ min: 0, max: 10 }), (tenths, at, less) => {
        const before = tenths.map((x) => x / 10);
        const after = before.map((x, i) => (i === at % before.length ? Math.min(x, less / 10) : x));
        const options = { resamples: 200, seed: 7 };
        expect(lowerMean(after, options)).toBeLessThanOrEqual(lowerMean(before, options));
        expect(lowerMean(before, options)).toBeLessThan(1);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('holds where one user in 100 finds nothing, which most samples of 100 do not show', () => {
    const random = seededRandom(5);
    let [wrong, bootstrapWrong] = [0, 0];
    for (let sample = 0; sample < 400; sample += 1) {
      const recalls = Array.from({ length: 100 }, () => (random.next() < 0.01 ? 0 : 1));
      const options = { resamples: 100, seed: sample };
      wrong += lowerMean(recalls, options) > 0.99 ? 1 : 0;
      bootstrapWrong += bootstrapMean(recalls, options).low > 0.99 ? 1 : 0;
    }
    expect(wrong / 400).toBeLessThanOrEqual(0.025);
    expect(bootstrapWrong / 400).toBeGreaterThan(0.25);
  });

  it('says the fewest users whose recalls of 1 reach a target', () => {
    for (const target of [0.85, 0.95, 0.99, 0.995]) {
      const n = usersToProve(target);
      expect(clopperPearson(n)).toBeGreaterThanOrEqual(target);
      expect(clopperPearson(n - 1)).toBeLessThan(target);
    }
    expect(usersToProve(0.05)).toBe(20);
    expect(Number.isSafeInteger(usersToProve(1 - 1e-12))).toBe(true);
  });
});
