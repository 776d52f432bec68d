import { seededRandom } from './random.ts';

/** Paired comparisons over users: a[i] and b[i] are the same metric of the same user. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface PairedBootstrap {
  readonly meanA: number;
  readonly meanB: number;
  /** mean(b) − mean(a) */
  readonly delta: number;
  readonly deltaCi: Interval;
  /** mean(b) ÷ mean(a) − 1; null where mean(a) is 0, in the data or at the interval's end. */
  readonly lift: number | null;
  readonly liftCi: Interval | null;
  readonly resamples: number;
}

export interface BootstrapOptions {
  readonly resamples?: number;
  readonly seed?: number;
  readonly level?: number;
}

/**
 * Percentile bootstrap over users (Efron & Tibshirani 1993, ch. 13): each resample draws n users with
 * replacement and keeps their pair together. Empty input: all zeros.
 */
export const pairedBootstrap = (
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: BootstrapOptions = {},
): PairedBootstrap => {
  const { resamples = 10_000, seed = 1, level = 0.95 } = options;
  const n = Math.min(a.length, b.length);
  const left = Float64Array.from(a).subarray(0, n);
  const right = Float64Array.from(b).subarray(0, n);
  const meanA = mean(left);
  const meanB = mean(right);
  if (n === 0) return { meanA, meanB, delta: 0, deltaCi: { low: 0, high: 0 }, lift: null, liftCi: null, resamples: 0 };
  const deltas = new Float64Array(resamples);
  const lifts = new Float64Array(resamples);
  const random = seededRandom(seed);
  for (let r = 0; r < resamples; r += 1) {
    let sumA = 0;
    let sumB = 0;
    for (let i = 0; i < n; i += 1) {
      const at = random.below(n);
      sumA += left[at] ?? 0;
      sumB += right[at] ?? 0;
    }
    deltas[r] = (sumB - sumA) / n;
    lifts[r] = sumA === 0 ? Infinity : sumB / sumA - 1;
  }
  const liftCi = percentileInterval(lifts, level);
  return {
    meanA,
    meanB,
    delta: meanB - meanA,
    deltaCi: percentileInterval(deltas, level),
    resamples,
    lift: meanA === 0 ? null : meanB / meanA - 1,
    liftCi: meanA === 0 || !Number.isFinite(liftCi.high) ? null : liftCi,
  };
};

const mean = (values: Float64Array): number =>
  values.length === 0 ? 0 : values.reduce((sum, x) => sum + x, 0) / values.length;

/** Percentile bootstrap of a mean over users, as `pairedBootstrap` draws them. Empty input: 0 to 0. */
export const bootstrapMean = (values: ArrayLike<number>, options: BootstrapOptions = {}): Interval => {
  const { resamples = 10_000, seed = 1, level = 0.95 } = options;
  const n = values.length;
  if (n === 0) return { low: 0, high: 0 };
  const random = seededRandom(seed);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r += 1) {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += values[random.below(n)] ?? 0;
    means[r] = sum / n;
  }
  return percentileInterval(means, level);
};

/**
 * Percentile bootstrap of Σ numerators ÷ Σ denominators over users: each resample draws users with all that is theirs, as
 * the pairs of one user depend on each other. A resample without a denominator counts as 0.
 */
export const bootstrapRatio = (
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  options: BootstrapOptions = {},
): Interval => {
  const { resamples = 10_000, seed = 1, level = 0.95 } = options;
  const n = Math.min(numerators.length, denominators.length);
  if (n === 0) return { low: 0, high: 0 };
  const random = seededRandom(seed);
  const ratios = new Float64Array(resamples);
  for (let r = 0; r < resamples; r += 1) {
    let [above, below] = [0, 0];
    for (let i = 0; i < n; i += 1) {
      const at = random.below(n);
      above += numerators[at] ?? 0;
      below += denominators[at] ?? 0;
    }
    ratios[r] = below === 0 ? 0 : above / below;
  }
  return percentileInterval(ratios, level);
};

/** Central interval of a sample by linear interpolation between order statistics (type 7). Sorts in place. */
export const percentileInterval = (sample: Float64Array, level: number): Interval => {
  sample.sort();
  const quantile = (q: number): number => {
    const position = q * (sample.length - 1);
    const below = sample[Math.floor(position)] ?? 0;
    const above = sample[Math.ceil(position)] ?? 0;
    return below === above ? below : below + (above - below) * (position - Math.floor(position));
  };
  return { low: quantile((1 - level) / 2), high: quantile((1 + level) / 2) };
};

export interface SignFlip {
  /** Two-sided p-value of mean difference = 0. */
  readonly p: number;
  readonly method: 'exact' | 'monte-carlo';
  /** Sign patterns counted. */
  readonly patterns: number;
}

/** 2^20 patterns take about 10 ms. */
export const exactSignFlips = 20;

/**
 * Paired sign-flip (randomisation) test (Fisher 1935): under the null each difference is as likely
 * negative. p = share of sign patterns whose |Σ| is at least the observed one; a zero difference
 * changes nothing and is ignored. Up to 20 differences all patterns are counted; above,
 * (1 + hits) ÷ (1 + draws) over seeded draws (Phipson & Smyth 2010), never 0.
 */
export const signFlipTest = (
  differences: ArrayLike<number>,
  options: { draws?: number; seed?: number } = {},
): SignFlip => {
  const nonZero = Float64Array.from(differences).filter((d) => d !== 0);
  if (nonZero.length === 0) return { p: 1, method: 'exact', patterns: 1 };
  return nonZero.length <= exactSignFlips
    ? exactSignFlip(nonZero)
    : sampledSignFlip(nonZero, options.draws ?? 10_000, options.seed ?? 1);
};

/** The tolerance within which two sums are equal: rounding of n additions. */
const slack = (values: Float64Array): number => values.reduce((sum, d) => sum + Math.abs(d), 0) * 1e-12;

const exactSignFlip = (values: Float64Array): SignFlip => {
  const observed = Math.abs(values.reduce((sum, d) => sum + d, 0)) - slack(values);
  const patterns = 2 ** values.length;
  const signs = new Int8Array(values.length).fill(1);
  let sum = values.reduce((total, d) => total + d, 0);
  let hits = 1;
  // Gray code: from one pattern to the next one sign flips.
  for (let i = 1; i < patterns; i += 1) {
    const flip = 31 - Math.clz32(i & -i);
    const sign = -(signs[flip] ?? 1);
    signs[flip] = sign;
    sum += 2 * sign * (values[flip] ?? 0);
    if (Math.abs(sum) >= observed) hits += 1;
  }
  return { p: hits / patterns, method: 'exact', patterns };
};

const sampledSignFlip = (values: Float64Array, draws: number, seed: number): SignFlip => {
  const observed = Math.abs(values.reduce((sum, d) => sum + d, 0)) - slack(values);
  const random = seededRandom(seed);
  let hits = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < values.length; i += 1) {
      if (i % 32 === 0) bits = (random.next() * 4_294_967_296) >>> 0;
      sum += bits & 1 ? (values[i] ?? 0) : -(values[i] ?? 0);
      bits >>>= 1;
    }
    if (Math.abs(sum) >= observed) hits += 1;
  }
  return { p: (1 + hits) / (1 + draws), method: 'monte-carlo', patterns: draws };
};

/** Holm's step-down adjustment (Holm 1979): p-values that may be compared with one level over all of them. */
export const holm = (pValues: readonly number[]): number[] => {
  const order = pValues.map((p, i) => ({ p, i })).sort((x, y) => x.p - y.p || x.i - y.i);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let running = 0;
  order.forEach(({ p, i }, rank) => {
    running = Math.max(running, Math.min(1, p * (pValues.length - rank)));
    adjusted[i] = running;
  });
  return adjusted;
};
