import { describe, expect, it } from 'vitest';
import { beyondNoise, noiseOf } from '../../../src/domain/compare-all/noise.ts';
import type { JudgedMetric } from '../../../src/domain/compare-all/metrics.ts';
import { userMetrics, type CompareRow } from '../../../src/domain/compare-all/rows.ts';

const values = (recall: number): number[] => userMetrics(5).map((_, i) => (i === 0 ? recall : 0.5));
const row = (a: number, b: number, adsB: readonly number[]): CompareRow => ({
  userId: 'u',
  asOf: 1,
  engaged: 1,
  rbo: 1,
  segments: [],
  failed: null,
  a: { ads: [1, 2], via: '00', hits: [], values: values(a) },
  b: { ads: adsB, via: '00', hits: [], values: values(b) },
});
const metric = (delta: number): JudgedMetric => ({
  name: 'recall@5',
  users: 1,
  a: 0,
  b: delta,
  delta,
  lift: null,
  ci95: null,
  liftCi95: null,
  p: 0.001,
  pHolm: 0.001,
  flagged: true,
});

describe('the noise floor', () => {
  it('is the largest change that a rebuilt index made, and 0 where nothing changed', () => {
    const base = [row(0.2, 0.5, [3, 4])];
    expect(noiseOf(base, [base], 5)).toEqual({
      rebuilds: 1,
      metrics: userMetrics(5).map((name) => ({ name, spread: 0 })),
      rbo: { mean: 1, min: 1 },
    });
    const floor = noiseOf(base, [base, [row(0.1, 0.6, [5, 6])]], 5);
    expect(floor.metrics[0]?.spread).toBeCloseTo(0.2, 12);
    expect(floor.rbo.min).toBe(0);
    expect(floor.rbo.mean).toBeCloseTo(0.75, 12);
  });

  it('keeps the flag of a difference beyond it and takes that of one within', () => {
    const floor = noiseOf([row(0.2, 0.5, [3])], [[row(0.2, 0.6, [3])]], 5);
    expect(beyondNoise([metric(0.3), metric(-0.3), metric(0.05)], floor).map((m) => m.flagged)).toEqual([
      true,
      true,
      false,
    ]);
    // Beyond the floor, but not significant: never flagged.
    expect(beyondNoise([{ ...metric(0.3), p: 0.2, pHolm: 0.6, flagged: false }], floor)[0]?.flagged).toBe(false);
  });
});
