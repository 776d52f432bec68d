import { byCodeUnit } from '../base/order.ts';
import { quantileOf } from './quantile.ts';
import { stageOf } from './losses.ts';
import type { Loss, LossDetail, LossStage, UserLosses } from './losses.ts';
import type { VerdictName } from './verdict.ts';

/** Quantiles of the pairs that have the figure. */
export interface Spread {
  readonly pairs: number;
  readonly min: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly max: number;
  /** How many lie in each of ten equal parts from `min` to `max`. */
  readonly bins: readonly number[];
}

export interface LossMargins {
  /** Score missing to the cutoff; null: no pair has one. */
  readonly score: Spread | null;
  /** Ranks missing; exact ones for the model. */
  readonly rank: Spread | null;
  /** The smallest ef that is certified to return the ad. */
  readonly ef: Spread | null;
}

/** A part of the users, e.g. `city=tier-4`: its pairs of this reason, of all its pairs. */
export interface LossSegment {
  readonly field: string;
  readonly value: string;
  readonly pairs: number;
  readonly of: number;
  readonly share: number;
}

/** One reason: a verdict, and of `ineligible` and `not-indexed` its detail. */
export interface LossReason {
  readonly reason: VerdictName;
  readonly detail: LossDetail | null;
  readonly stage: LossStage;
  /** Users with at least one pair of this reason. A user may count for several reasons, a pair for one alone. */
  readonly users: number;
  readonly pairs: number;
  /** Of all pairs. */
  readonly share: number;
  readonly margins: LossMargins;
  /** `ineligible` alone: the segments with any such pair, largest share first. */
  readonly segments: readonly LossSegment[];
}

/** A reason as a person names it: `ineligible`, or its filter alone; `not-indexed`, or `deleted`. */
export const isReason = (loss: Pick<Loss, 'verdict' | 'detail'>, name: string): boolean =>
  loss.verdict === name || loss.detail === name;

/** The reasons of these pairs, most pairs first, `recalled` last: their pairs add up to all pairs. */
export const summariseLosses = (rows: readonly UserLosses[]): LossReason[] => {
  const groups = new Map<string, Array<{ loss: Loss; row: UserLosses }>>();
  let all = 0;
  for (const row of rows)
    for (const loss of row.losses) {
      all += 1;
      const key = `${loss.verdict} ${loss.detail ?? ''}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ loss, row }]);
      else group.push({ loss, row });
    }
  const segments = segmentPairs(rows);
  return [...groups.values()]
    .flatMap((group): LossReason[] => {
      const [first] = group;
      if (first === undefined) return [];
      const { verdict, detail } = first.loss;
      return [
        {
          reason: verdict,
          detail,
          stage: stageOf[verdict],
          users: new Set(group.map(({ row }) => row.userId)).size,
          pairs: group.length,
          share: group.length / all,
          margins: {
            score: spreadOf(group.map(({ loss }) => loss.margin)),
            rank: spreadOf(group.map(({ loss }) => loss.rankMargin)),
            ef: spreadOf(group.map(({ loss }) => loss.ef)),
          },
          segments: verdict === 'ineligible' ? segmentsOf(group, segments) : [],
        },
      ];
    })
    .sort(
      (a, b) =>
        Number(a.reason === 'recalled') - Number(b.reason === 'recalled') ||
        b.pairs - a.pairs ||
        byCodeUnit(`${a.reason} ${a.detail ?? ''}`, `${b.reason} ${b.detail ?? ''}`),
    );
};

/** null: none of the pairs has the figure. */
const spreadOf = (figures: ReadonlyArray<number | null>): Spread | null => {
  const sorted = Float64Array.from(figures.flatMap((figure) => figure ?? [])).sort();
  const at = (q: number): number => quantileOf(sorted, q);
  return sorted.length === 0
    ? null
    : {
        pairs: sorted.length,
        min: at(0),
        p10: at(0.1),
        p50: at(0.5),
        p90: at(0.9),
        max: at(1),
        bins: binsOf(sorted, at(0), at(1)),
      };
};

const parts = 10;

const binsOf = (values: Float64Array, min: number, max: number): number[] => {
  const bins = new Array<number>(parts).fill(0);
  for (const value of values) {
    const bin = max > min ? Math.min(parts - 1, Math.floor(((value - min) / (max - min)) * parts)) : 0;
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
};

interface SegmentCount {
  readonly field: string;
  readonly value: string;
  readonly pairs: number;
}

const countSegments = (
  parts: Iterable<{ readonly segments: UserLosses['segments']; readonly pairs: number }>,
): Map<string, SegmentCount> => {
  const counts = new Map<string, SegmentCount>();
  for (const { segments, pairs } of parts)
    for (const [field, value] of segments) {
      const key = JSON.stringify([field, value]);
      counts.set(key, { field, value, pairs: (counts.get(key)?.pairs ?? 0) + pairs });
    }
  return counts;
};

const segmentPairs = (rows: readonly UserLosses[]): Map<string, SegmentCount> =>
  countSegments(rows.map(({ segments, losses }) => ({ segments, pairs: losses.length })));

const segmentsOf = (
  group: ReadonlyArray<{ readonly row: UserLosses }>,
  all: ReadonlyMap<string, SegmentCount>,
): LossSegment[] =>
  [...countSegments(group.map(({ row }) => ({ segments: row.segments, pairs: 1 })))]
    .map(([key, { field, value, pairs }]) => {
      const of = all.get(key)?.pairs ?? pairs;
      return { field, value, pairs, of, share: pairs / of };
    })
    .sort(
      (a, b) => b.share - a.share || b.pairs - a.pairs || byCodeUnit(a.field, b.field) || byCodeUnit(a.value, b.value),
    );
