import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/domain/random.ts';
import { holm, pairedBootstrap, percentileInterval, signFlipTest } from '../../src/domain/significance.ts';

const normal = (random: { next(): number }): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

describe('the paired sign-flip test', () => {
  it('gives 2/1024 for ten strictly positive differences, with or without zeros among them', () => {
    expect(signFlipTest([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual({ p: 2 / 1024, method: 'exact', patterns: 1024 });
    expect(signFlipTest([...new Array<number>(15).fill(0), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual({
      p: 2 / 1024,
      method: 'exact',
      patterns: 1024,
    });
    expect(signFlipTest([0, 0, 0]).p).toBe(1);
  });

  it('equals a plain enumeration of every sign pattern', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.integer({ min: -9, max: 9 }).map((x) => x / 10),
          { minLength: 1, maxLength: 9 },
        ),
        (differences) => {
          const observed = Math.abs(differences.reduce((a, b) => a + b, 0));
          let hits = 0;
          for (let mask = 0; mask < 2 ** differences.length; mask += 1) {
            const sum = differences.reduce((total, d, i) => total + ((mask >> i) & 1 ? d : -d), 0);
            if (Math.abs(sum) >= observed - 1e-9) hits += 1;
          }
          expect(signFlipTest(differences).p).toBeCloseTo(hits / 2 ** differences.length, 12);
        },
      ),
    );
  });

  it('agrees, sampled, with the exact value to the sampling error, and never says 0', () => {
    const random = seededRandom(5);
    const differences = Array.from({ length: 20 }, () => normal(random) + 0.4);
    const exact = signFlipTest(differences).p;
    const sampled = signFlipTest([...differences, 1e-13], { draws: 20_000, seed: 9 });
    expect(sampled.method).toBe('monte-carlo');
    expect(Math.abs(sampled.p - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 20_000) + 1e-4);
    expect(signFlipTest(new Float64Array(50).fill(1), { draws: 100 }).p).toBe(1 / 101);
  });
});

describe('the paired bootstrap', () => {
  it('covers the true difference at its nominal rate', () => {
    const random = seededRandom(11);
    let covered = 0;
    for (let run = 0; run < 300; run += 1) {
      const a = Array.from({ length: 60 }, () => normal(random));
      const b = a.map((x) => x + 0.3 + 0.5 * normal(random));
      const { deltaCi } = pairedBootstrap(a, b, { resamples: 600, seed: run + 1 });
      if (deltaCi.low <= 0.3 && 0.3 <= deltaCi.high) covered += 1;
    }
    // binomial(300, .95): 3 standard errors are .038; the percentile interval runs slightly narrow at n = 60
    expect(covered / 300).toBeGreaterThan(0.905);
    expect(covered / 300).toBeLessThan(0.985);
  });

  it('is 0 with an interval of 0 for a list compared with itself, and gives the lift of means', () => {
    const a = [0, 1, 0, 1, 1];
    const same = pairedBootstrap(a, a);
    expect([same.delta, same.deltaCi.low, same.deltaCi.high, same.lift]).toEqual([0, 0, 0, 0]);
    const twice = pairedBootstrap([1, 2, 3], [2, 4, 6]);
    expect(twice.lift).toBeCloseTo(1, 12);
    expect(twice.liftCi).toEqual({ low: expect.closeTo(1, 12), high: expect.closeTo(1, 12) });
    expect(pairedBootstrap([0, 0], [1, 1]).lift).toBeNull();
    expect(pairedBootstrap([], []).resamples).toBe(0);
  });

  it('leaves out as much at either end of its resamples', () => {
    const sample = (): Float64Array => Float64Array.from({ length: 101 }, (_, i) => (i * 37) % 101);
    for (const [level, low, high] of [
      [0.95, 2.5, 97.5],
      [0.9, 5, 95],
      [0.5, 25, 75],
    ] as const)
      expect(percentileInterval(sample(), level)).toEqual({
        low: expect.closeTo(low, 9),
        high: expect.closeTo(high, 9),
      });
  });

  it('repeats itself for a seed', () => {
    const a = [1, 4, 2, 8];
    const b = [2, 3, 5, 9];
    expect(pairedBootstrap(a, b, { seed: 3 })).toEqual(pairedBootstrap(a, b, { seed: 3 }));
  });
});

describe('Holm’s adjustment', () => {
  it('equals the textbook case and keeps the given order', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
  });
});
