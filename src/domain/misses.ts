import { curveCutoffs } from './compare-all/shape.ts';
import { summariseLosses, type LossReason } from './loss-reasons.ts';
import type { Loss, UserLosses } from './losses.ts';
import { bootstrapMean, bootstrapRatio, pairedBootstrap, type Interval } from './significance.ts';

/** The lists that say what is to be gained at all. `list`: as the user gets it. */
export const curveNames = ['list', 'exact', 'quotas', 'union', 'model'] as const;
export type CurveName = (typeof curveNames)[number];

/** One user's losses over the ads they engaged with, and how many of these each list holds within each cut-off. Plain JSON. */
export interface MissRow extends UserLosses {
  readonly asOf: number;
  /** By cut-off, in the order of `missCutoffs`; null: the query has no such list. */
  readonly found: Readonly<Record<CurveName, readonly number[] | null>>;
}

/** Lists of these lengths are made: the query's own, three and ten times as long. */
export const missDepths = (k: number, ads: number): number[] => [
  ...new Set([k, 3 * k, 10 * k].map((depth) => Math.min(depth, Math.max(k, ads)))),
];

/** Cut-offs up to k are places of the query's own list; beyond it those of a list that is asked to be as long. */
export const missCutoffs = (k: number, ads: number): number[] => [...curveCutoffs(k), ...missDepths(k, ads).slice(1)];

export interface MissReason extends LossReason {
  /** Of the share of all pairs, by bootstrap over users. */
  readonly ci95: Interval;
}

/** Recall of one list at k, the mean over the users as `compare --all` measures it. */
export interface Ceiling {
  readonly name: CurveName;
  readonly recall: number;
  readonly ci95: Interval;
  /** Against `list`, with its paired interval. */
  readonly gain: number;
  readonly gainCi95: Interval;
  /** Pairs in it. */
  readonly pairs: number;
}

export interface MissCurve {
  readonly name: CurveName;
  readonly points: ReadonlyArray<{ readonly k: number; readonly recall: number }>;
}

export interface MissSummary {
  readonly users: number;
  readonly pairs: number;
  readonly recalled: number;
  /** Share of the pairs that are in the list. */
  readonly share: number;
  readonly shareCi95: Interval;
  /** Mean over the users. */
  readonly recall: number;
  readonly recallCi95: Interval;
  readonly reasons: readonly MissReason[];
  readonly ceilings: readonly Ceiling[];
  readonly curves: readonly MissCurve[];
}

export const resamples = 1_000;

export const reasonKey = ({ verdict, detail }: Pick<Loss, 'verdict' | 'detail'>): string =>
  detail === null ? verdict : `${verdict} (${detail})`;

export const isRecalled = ({ verdict }: Loss): boolean => verdict === 'recalled';
export const answered = (rows: readonly MissRow[]): MissRow[] =>
  rows.filter(({ failed, losses }) => failed === null && losses.length > 0);

/** Work in steps: a caller may breathe between them. */
export type InSteps<T> = Generator<undefined, T, undefined>;

const toTheEnd = <T>(steps: InSteps<T>): T => {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
};

export interface MissOptions {
  readonly k: number;
  readonly seed: number;
}

/** Reasons, ceilings and curves over the users who were answered; each interval is a step. */
export function* missSummary(
  all: readonly MissRow[],
  cutoffs: readonly number[],
  { k, seed }: MissOptions,
): InSteps<MissSummary> {
  const rows = answered(all);
  const options = { seed, resamples };
  const pairs = rows.map(({ losses }) => losses.length);
  const total = pairs.reduce((sum, n) => sum + n, 0);
  const hits = rows.map(({ losses }) => losses.filter(isRecalled).length);
  const recalled = hits.reduce((sum, n) => sum + n, 0);
  const recalls = hits.map((n, i) => n / (pairs[i] ?? 1));
  const reasons: MissReason[] = [];
  for (const reason of summariseLosses(rows)) {
    yield;
    const own = ({ verdict, detail }: Loss): boolean => verdict === reason.reason && detail === reason.detail;
    const counts = rows.map(({ losses }) => losses.filter(own).length);
    reasons.push({ ...reason, ci95: bootstrapRatio(counts, pairs, options) });
  }
  const ceilings: Ceiling[] = [];
  for (const name of curveNames) {
    yield;
    ceilings.push(...ceilingOf(rows, name, cutoffs.indexOf(k), options));
  }
  return {
    users: rows.length,
    pairs: total,
    recalled,
    share: recalled / Math.max(1, total),
    shareCi95: bootstrapRatio(hits, pairs, options),
    recall: meanOf(recalls),
    recallCi95: bootstrapMean(recalls, options),
    reasons,
    ceilings,
    curves: curvesOf(rows, cutoffs),
  };
}

export const summariseMisses = (...args: Parameters<typeof missSummary>): MissSummary => toTheEnd(missSummary(...args));

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);

/** Each user's recall in this list at this cut-off; null: not every user has the list. */
const recallsIn = (rows: readonly MissRow[], name: CurveName, at: number): number[] | null => {
  const recalls = rows.flatMap(({ found, losses }) => {
    const hits = found[name]?.[at];
    return hits === undefined ? [] : [hits / losses.length];
  });
  return rows.length > 0 && recalls.length === rows.length ? recalls : null;
};

const ceilingOf = (
  rows: readonly MissRow[],
  name: CurveName,
  at: number,
  options: { readonly seed: number; readonly resamples: number },
): Ceiling[] => {
  const recalls = recallsIn(rows, name, at);
  if (recalls === null) return [];
  const { delta, deltaCi } = pairedBootstrap(recallsIn(rows, 'list', at) ?? [], recalls, options);
  return [
    {
      name,
      recall: meanOf(recalls),
      ci95: bootstrapMean(recalls, options),
      gain: delta,
      gainCi95: deltaCi,
      pairs: rows.reduce((sum, { found }) => sum + (found[name]?.[at] ?? 0), 0),
    },
  ];
};

const curvesOf = (rows: readonly MissRow[], cutoffs: readonly number[]): MissCurve[] =>
  curveNames.flatMap((name): MissCurve[] => {
    const points = cutoffs.flatMap((k, at) => {
      const recalls = recallsIn(rows, name, at);
      return recalls === null ? [] : [{ k, recall: meanOf(recalls) }];
    });
    return points.length === 0 ? [] : [{ name, points }];
  });
