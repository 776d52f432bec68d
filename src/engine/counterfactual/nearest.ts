import type { HoldingInterval } from '../../domain/intervals.ts';
import { maxWeight, minWeight } from '../../domain/query.ts';
import { printedScale, rowWith } from './weight-scan.ts';
import type { WeightProbe } from './weight-scan.ts';
import type { Goal, GroupIntervals, WeightChange } from './types.ts';

/** `value` rounded away from `weight`, to this many decimals. */
export const roundedOutwards = (value: number, weight: number, decimals: number): number => {
  const scale = 10 ** decimals;
  // A decimal that float64 holds a hair too far is not rounded to the next one.
  const scaled =
    Math.abs(value * scale - Math.round(value * scale)) < 1e-9 * scale ? Math.round(value * scale) : value * scale;
  return (value > weight ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
};

const decimals = [3, 4, 5, 6, 7];

/** Nearest ends at which the goal was seen. */
const endsOf = (intervals: readonly HoldingInterval[], weight: number, goal: Goal): number[] =>
  goal === 'in'
    ? intervals.flatMap(({ from, to }) => [from, to])
    : intervals
        .filter(({ from, to }) => from <= weight && weight <= to)
        .flatMap(({ outsideBelow, outsideAbove }) => [outsideBelow, outsideAbove])
        .filter((end) => end !== null);

export interface WeightMove {
  readonly weights: Float32Array;
  readonly g: number;
  readonly weight: number;
  readonly goal: Goal;
}

/**
 * The nearest weight of one group that was run and reaches the goal: an end of an interval rounded outwards to the
 * coarsest scale from thousandths on at which it still does; null: none.
 */
export const nearestWeight = async (
  probe: WeightProbe,
  intervals: readonly HoldingInterval[],
  { weights, g, weight, goal }: WeightMove,
): Promise<number | null> => {
  const reaches = async (at: number): Promise<boolean> =>
    (await probe.one(rowWith(weights, g, at))) === (goal === 'in');
  const ends = endsOf(intervals, weight, goal)
    .filter((end) => end !== weight)
    .sort((a, b) => Math.abs(a - weight) - Math.abs(b - weight));
  for (const end of ends) {
    const tries = [...decimals.map((n) => roundedOutwards(end, weight, n)), end];
    for (const at of tries) if (at >= minWeight && at <= maxWeight && at !== weight && (await reaches(at))) return at;
  }
  return null;
};

export const smallestOf = (intervals: readonly GroupIntervals[]): WeightChange | null => {
  let best: WeightChange | null = null;
  for (const { group, weight, nearest } of intervals)
    if (nearest !== null && (best === null || Math.abs(nearest - weight) < Math.abs(best.to - best.from)))
      best = { group, from: weight, to: nearest };
  return best;
};

/** At most so many weights are run one thousandth after the other. */
export const mostThousandths = 2048;

/** Groups that can move, and where they stand. */
export interface Movable {
  readonly g: number;
  readonly group: string;
  readonly weight: number;
}

/** The `n`-th thousandth from `weight` on, upwards (sign 1) or downwards (−1). */
export const thousandth = (weight: number, sign: number, n: number): number => {
  const first = sign > 0 ? Math.floor(weight * printedScale + 1e-6) : Math.ceil(weight * printedScale - 1e-6);
  return (first + sign * n) / printedScale;
};

/**
 * Every thousandth of each weight alone, nearest first, up to the change `best` (not included): the first that reaches
 * the goal, and how far all of them were run; at most `most` weights are run.
 */
export const byThousandths = async (
  probe: WeightProbe,
  weights: Float32Array,
  goal: Goal,
  movable: readonly Movable[],
  best: number | null,
  most = mostThousandths,
): Promise<{ readonly change: WeightChange | null; readonly within: number; readonly all: boolean }> => {
  const limit = best ?? maxWeight - minWeight;
  const all: WeightChange[] = [];
  let cut = limit;
  for (let n = 1; n <= (maxWeight - minWeight) * printedScale; n += 1) {
    const ring = movable.flatMap(({ group, weight }) =>
      [1, -1].flatMap((sign): WeightChange[] => {
        const to = thousandth(weight, sign, n);
        return to < minWeight || to > maxWeight || Math.abs(to - weight) >= limit - 1e-9
          ? []
          : [{ group, from: weight, to }];
      }),
    );
    if (n / printedScale > limit) break;
    if (all.length + ring.length > most) {
      cut = (n - 1) / printedScale;
      break;
    }
    all.push(...ring);
  }
  all.sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from));
  const rowOf = ({ group, to }: WeightChange): Float32Array =>
    rowWith(weights, movable.find((one) => one.group === group)?.g ?? 0, to);
  for (let from = 0; from < all.length; from += 64) {
    const part = all.slice(from, from + 64);
    const inside = await probe.many(part.map(rowOf));
    for (const [i, change] of part.entries())
      if (inside[i] === (goal === 'in') && (await probe.one(rowOf(change))) === (goal === 'in'))
        return { change, within: Math.abs(change.to - change.from), all: true };
  }
  return { change: null, within: cut, all: cut === limit };
};
