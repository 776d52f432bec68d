import { describe, expect, it } from 'vitest';
import { risingCategories, trendBefore } from '../../src/domain/trend.ts';

describe('risingCategories', () => {
  it('measures a change of share, so that a busy day lifts nothing', () => {
    expect(
      risingCategories(
        [
          { category: 'a', recent: 1000, previous: 100 },
          { category: 'b', recent: 1000, previous: 100 },
        ],
        5,
      ),
    ).toEqual([]);
  });

  it('gives the log2 lift of the smoothed shares, and drops a lift below a quarter', () => {
    const rising = risingCategories(
      [
        { category: 'flat', recent: 95, previous: 95 },
        { category: 'up', recent: 35, previous: 5 },
        { category: 'gone', recent: 0, previous: 50 },
      ],
      5,
    );
    expect(rising.map((r) => r.category)).toEqual(['up']);
    expect(rising[0]?.lift).toBeCloseTo(Math.log2(40 / 145 / (10 / 165)), 12);
  });

  it('orders equal lifts by name in code-unit order and keeps the first few', () => {
    const counts = ['b', 'B', 'ä', 'z'].map((category) => ({ category, recent: 20, previous: 0 }));
    const rising = risingCategories([...counts, { category: 'old', recent: 0, previous: 80 }], 3);
    expect(rising.map((r) => r.category)).toEqual(['B', 'b', 'z']);
  });

  it('is silent without a past to compare with, on a handful of events, and for unknown categories', () => {
    expect(risingCategories([{ category: 'a', recent: 50, previous: 0 }], 5)).toEqual([]);
    expect(
      risingCategories(
        [
          { category: 'a', recent: 4, previous: 0 },
          { category: 'b', recent: 0, previous: 99 },
        ],
        5,
      ),
    ).toEqual([]);
    expect(
      risingCategories(
        [
          { category: '', recent: 40, previous: 0 },
          { category: 'b', recent: 0, previous: 99 },
        ],
        5,
      ),
    ).toEqual([]);
  });
});

describe('trendBefore', () => {
  it('never lies after as-of, and is the same within an hour', () => {
    const at = Date.UTC(2024, 0, 1, 13, 59, 59, 999);
    expect(trendBefore(at)).toBe(Date.UTC(2024, 0, 1, 13));
    expect(trendBefore(trendBefore(at))).toBe(trendBefore(at));
  });
});
