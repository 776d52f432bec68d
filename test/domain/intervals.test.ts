import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdingAround, holdingIntervals, shortestDecimal } from '../../src/domain/intervals.ts';
import type { IntervalProbe } from '../../src/domain/intervals.ts';

/** A property that holds on given closed intervals, certain only away from their ends. */
const probeOf = (intervals: ReadonlyArray<readonly [number, number]>): IntervalProbe => ({
  inside: (at) => Promise.resolve(intervals.some(([from, to]) => from <= at && at <= to)),
  classify: (from, to) =>
    Promise.resolve(
      intervals.some(([a, b]) => a <= from && to <= b)
        ? 'in'
        : intervals.every(([a, b]) => to < a || b < from)
          ? 'out'
          : 'mixed',
    ),
});

const separate = fc.uniqueArray(fc.integer({ min: 1, max: 399 }), { minLength: 2, maxLength: 8 }).map((ends) => {
  const sorted = ends.sort((a, b) => a - b).map((x) => x / 100);
  return Array.from(
    { length: Math.floor(sorted.length / 2) },
    (_, i) => [sorted[2 * i] ?? 0, sorted[2 * i + 1] ?? 0] as const,
  );
});
const bounds = { from: 0, to: 4, minWidth: 0.004, tolerance: 1e-7 };

describe('interval search', () => {
  it('finds every interval, with both sides of each end seen', async () => {
    await fc.assert(
      fc.asyncProperty(separate, async (intervals) => {
        const probe = probeOf(intervals);
        const found = await holdingIntervals(probe, bounds);
        expect(found).toHaveLength(intervals.length);
        for (const [i, { from, to, outsideBelow, outsideAbove }] of found.entries()) {
          expect(Math.abs(from - (intervals[i]?.[0] ?? NaN))).toBeLessThan(2e-7);
          expect(Math.abs(to - (intervals[i]?.[1] ?? NaN))).toBeLessThan(2e-7);
          expect([
            await probe.inside(from),
            await probe.inside(to),
            await probe.inside(outsideBelow ?? NaN),
            await probe.inside(outsideAbove ?? NaN),
          ]).toEqual([true, true, false, false]);
        }
      }),
    );
  });

  it('finds the one around a point without looking at the others', async () => {
    await fc.assert(
      fc.asyncProperty(separate, fc.nat(), async (intervals, pick) => {
        const [from, to] = intervals[pick % intervals.length] ?? [0, 0];
        const around = await holdingAround(probeOf(intervals), (from + to) / 2, bounds);
        expect(Math.abs(around.from - from)).toBeLessThan(2e-7);
        expect(Math.abs(around.to - to)).toBeLessThan(2e-7);
      }),
    );
  });

  it('has no outside where the interval reaches a bound', async () => {
    expect(await holdingIntervals(probeOf([[0, 4]]), bounds)).toEqual([
      { from: 0, to: 4, outsideBelow: null, outsideAbove: null },
    ]);
    expect(await holdingAround(probeOf([[0, 4]]), 1, bounds)).toEqual({
      from: 0,
      to: 4,
      outsideBelow: null,
      outsideAbove: null,
    });
    expect(await holdingIntervals(probeOf([]), bounds)).toEqual([]);
  });

  it('prints the shortest number of a range', () => {
    expect(shortestDecimal(1.2341, 1.2399)).toBe(1.235);
    expect(shortestDecimal(1.9, 2.1)).toBe(2);
    expect(-shortestDecimal(-0.7519, -0.7501)).toBe(0.751);
  });
});
