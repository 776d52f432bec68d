import { meanOf } from '../metrics.ts';
import { rbo } from '../rank-similarity.ts';
import type { JudgedMetric } from './metrics.ts';
import { userMetrics, type CompareRow } from './rows.ts';

/**
 * The effect of rebuilding the index alone on a metric: the largest change of side a, of side b, or of their
 * difference.
 */
export interface MetricNoise {
  readonly name: string;
  readonly spread: number;
}

export interface NoiseFloor {
  readonly rebuilds: number;
  /** By metric that users have values of; coverage belongs to the set of lists and has none. */
  readonly metrics: readonly MetricNoise[];
  /** RBO of every user's list with the list from a rebuilt index, both sides: its mean and its least. */
  readonly rbo: { readonly mean: number; readonly min: number };
}

const means = (rows: readonly CompareRow[], metric: number): { a: number; b: number } => ({
  a: meanOf(rows.map((row) => row.a.values[metric] ?? null)) ?? 0,
  b: meanOf(rows.map((row) => row.b.values[metric] ?? null)) ?? 0,
});

/** The spread of `rebuilt` (each the rows of the same users over another index) around `base`. */
export const noiseOf = (
  base: readonly CompareRow[],
  rebuilt: ReadonlyArray<readonly CompareRow[]>,
  k: number,
): NoiseFloor => {
  const metrics = userMetrics(k).map((name, metric): MetricNoise => {
    const was = means(base, metric);
    const changes = rebuilt.flatMap((rows) => {
      const now = means(rows, metric);
      return [now.a - was.a, now.b - was.b, now.b - now.a - (was.b - was.a)].map(Math.abs);
    });
    return { name, spread: Math.max(0, ...changes) };
  });
  const similar = rebuilt.flatMap((rows) =>
    rows.flatMap((row, u) => (['a', 'b'] as const).map((side) => rbo(base[u]?.[side].ads ?? [], row[side].ads))),
  );
  return {
    rebuilds: rebuilt.length,
    metrics,
    rbo: { mean: meanOf(similar) ?? 1, min: similar.reduce((least, x) => Math.min(least, x), 1) },
  };
};

/** Flags only what lies beyond the noise of the index. */
export const beyondNoise = (metrics: readonly JudgedMetric[], floor: NoiseFloor): JudgedMetric[] =>
  metrics.map((metric) => {
    const spread = floor.metrics.find(({ name }) => name === metric.name)?.spread ?? 0;
    return { ...metric, flagged: metric.flagged && Math.abs(metric.delta ?? 0) > spread };
  });
