import { holm, pairedBootstrap, signFlipTest, type Interval } from '../significance.ts';
import { coverageTest } from './coverage.ts';
import { userMetrics, type CompareRow } from './rows.ts';

/** One metric of both sides over all users who have it. */
export interface MetricComparison {
  readonly name: string;
  /** Users with a value on both sides. */
  readonly users: number;
  readonly a: number | null;
  readonly b: number | null;
  /** b − a */
  readonly delta: number | null;
  /** b ÷ a − 1; null where a is 0. */
  readonly lift: number | null;
  /** Interval of delta, by paired bootstrap; null for coverage (domain/compare-all/coverage gives the reason). */
  readonly ci95: Interval | null;
  readonly liftCi95: Interval | null;
  /** Paired sign-flip test; for coverage, labels exchanged by user. */
  readonly p: number | null;
}

/** With p adjusted over all metrics of the report. */
export interface JudgedMetric extends MetricComparison {
  readonly pHolm: number | null;
  readonly flagged: boolean;
}

export const level = 0.05;

export interface TestOptions {
  readonly seed: number;
  readonly resamples?: number;
  readonly draws?: number;
}

/** Relative difference that the rounding of a few thousand additions can make (2^−53 each). */
const rounding = 1e-12;

/**
 * Pairs of the users who have the value on both sides. Two values that only rounding separates are one: a
 * sign-flip test would find the same last bit in every user highly significant.
 */
export const pairsOf = (rows: readonly CompareRow[], metric: number): readonly [Float64Array, Float64Array] => {
  const a: number[] = [];
  const b: number[] = [];
  for (const row of rows) {
    const [left, right] = [row.a.values[metric] ?? null, row.b.values[metric] ?? null];
    if (left === null || right === null) continue;
    a.push(left);
    b.push(Math.abs(right - left) <= rounding * Math.max(Math.abs(left), Math.abs(right)) ? left : right);
  }
  return [Float64Array.from(a), Float64Array.from(b)];
};

/** Paired bootstrap (10,000 resamples) and sign-flip test of the metric at this place of `userMetrics`. */
export const compareMetric = (
  name: string,
  [a, b]: readonly [Float64Array, Float64Array],
  { seed, resamples = 10_000, draws = 10_000 }: TestOptions,
): MetricComparison => {
  if (a.length === 0)
    return { name, users: 0, a: null, b: null, delta: null, lift: null, ci95: null, liftCi95: null, p: null };
  const { meanA, meanB, delta, deltaCi, lift, liftCi } = pairedBootstrap(a, b, { seed, resamples });
  const { p } = signFlipTest(
    b.map((x, i) => x - (a[i] ?? 0)),
    { seed, draws },
  );
  return { name, users: a.length, a: meanA, b: meanB, delta, lift, ci95: deltaCi, liftCi95: liftCi, p };
};

/** Catalogue coverage of both sides. */
export const compareCoverage = (
  rows: readonly CompareRow[],
  catalogueSize: number,
  { seed }: TestOptions,
): MetricComparison => {
  const { a, b, p } = coverageTest(rows, catalogueSize, { seed });
  return {
    name: 'coverage',
    users: rows.length,
    a,
    b,
    delta: b - a,
    lift: a === 0 ? null : b / a - 1,
    ci95: null,
    liftCi95: null,
    p,
  };
};

/** Holm over the metrics that could be tested. */
export const judge = <T extends { readonly p: number | null }>(
  metrics: readonly T[],
): Array<T & { readonly pHolm: number | null; readonly flagged: boolean }> => {
  const tested = metrics.flatMap(({ p }) => (p === null ? [] : [p]));
  const adjusted = holm(tested);
  let at = 0;
  return metrics.map((metric) => {
    const pHolm = metric.p === null ? null : (adjusted[at++] ?? 1);
    return { ...metric, pHolm, flagged: pHolm !== null && pHolm < level };
  });
};

/**
 * All metrics of the rows, one after the other so that a caller can breathe between them; `judge` comes after the last.
 */
export function* metricsOf(
  rows: readonly CompareRow[],
  k: number,
  catalogueSize: number,
  options: TestOptions,
): Generator<MetricComparison> {
  for (const [i, name] of userMetrics(k).entries()) yield compareMetric(name, pairsOf(rows, i), options);
  yield compareCoverage(rows, catalogueSize, options);
}
