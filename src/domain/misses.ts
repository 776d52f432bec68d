import { byCodeUnit } from '../base/order.ts';
import { curveCutoffs } from './compare-all/shape.ts';
import { summariseLosses, type LossReason } from './loss-reasons.ts';
import type { Loss, LossDetail, UserLosses } from './losses.ts';
import { bootstrapMean, bootstrapRatio, pairedBootstrap, type Interval } from './significance.ts';
import type { VerdictName } from './verdict.ts';

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

/** A part of the pairs: of users by segment, of ads by category, age, or how much they are behaved with. */
export interface MissPart {
  readonly by: 'segment' | 'category' | 'age' | 'popularity';
  readonly field: string;
  readonly value: string;
  readonly users: number;
  readonly pairs: number;
  /** In the list. */
  readonly recalled: number;
  readonly share: number;
  readonly ci95: Interval;
  /** Pairs by reason, most first, `recalled` left out. */
  readonly reasons: ReadonlyArray<{
    readonly reason: VerdictName;
    readonly detail: LossDetail | null;
    readonly pairs: number;
  }>;
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

const resamples = 1_000;

export const reasonKey = ({ verdict, detail }: Pick<Loss, 'verdict' | 'detail'>): string =>
  detail === null ? verdict : `${verdict} (${detail})`;

const isRecalled = ({ verdict }: Loss): boolean => verdict === 'recalled';
const answered = (rows: readonly MissRow[]): MissRow[] =>
  rows.filter(({ failed, losses }) => failed === null && losses.length > 0);

/** Reasons, ceilings and curves over the users who were answered. `at`: the place of k among the cut-offs. */
export const summariseMisses = (
  all: readonly MissRow[],
  cutoffs: readonly number[],
  { k, seed }: { readonly k: number; readonly seed: number },
): MissSummary => {
  const rows = answered(all);
  const options = { seed, resamples };
  const pairs = rows.map(({ losses }) => losses.length);
  const total = pairs.reduce((sum, n) => sum + n, 0);
  const hits = rows.map(({ losses }) => losses.filter(isRecalled).length);
  const recalled = hits.reduce((sum, n) => sum + n, 0);
  const recalls = hits.map((n, i) => n / (pairs[i] ?? 1));
  return {
    users: rows.length,
    pairs: total,
    recalled,
    share: recalled / Math.max(1, total),
    shareCi95: bootstrapRatio(hits, pairs, options),
    recall: meanOf(recalls),
    recallCi95: bootstrapMean(recalls, options),
    reasons: summariseLosses(rows).map((reason) => ({
      ...reason,
      ci95: bootstrapRatio(
        rows.map(
          ({ losses }) =>
            losses.filter((loss) => loss.verdict === reason.reason && loss.detail === reason.detail).length,
        ),
        pairs,
        options,
      ),
    })),
    ceilings: ceilingsOf(rows, cutoffs.indexOf(k), options),
    curves: curvesOf(rows, cutoffs),
  };
};

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

const ceilingsOf = (
  rows: readonly MissRow[],
  at: number,
  options: { readonly seed: number; readonly resamples: number },
): Ceiling[] => {
  const base = recallsIn(rows, 'list', at) ?? [];
  return curveNames.flatMap((name): Ceiling[] => {
    const recalls = recallsIn(rows, name, at);
    if (recalls === null) return [];
    const { delta, deltaCi } = pairedBootstrap(base, recalls, options);
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
  });
};

const curvesOf = (rows: readonly MissRow[], cutoffs: readonly number[]): MissCurve[] =>
  curveNames.flatMap((name): MissCurve[] => {
    const points = cutoffs.flatMap((k, at) => {
      const recalls = recallsIn(rows, name, at);
      return recalls === null ? [] : [{ k, recall: meanOf(recalls) }];
    });
    return points.length === 0 ? [] : [{ name, points }];
  });

/** The parts that a pair belongs to. */
export type FactsOf = (
  row: MissRow,
  loss: Loss,
) => ReadonlyArray<readonly [by: MissPart['by'], field: string, value: string]>;

interface Part {
  readonly by: MissPart['by'];
  readonly field: string;
  readonly value: string;
  readonly users: Map<string, { pairs: number; hits: number }>;
  readonly reasons: Map<string, { readonly loss: Loss; pairs: number }>;
}

const collect = (rows: readonly MissRow[], factsOf: FactsOf): Part[] => {
  const parts = new Map<string, Part>();
  for (const row of rows)
    for (const loss of row.losses)
      for (const [by, field, value] of factsOf(row, loss)) {
        const key = JSON.stringify([by, field, value]);
        const part: Part = parts.get(key) ?? { by, field, value, users: new Map(), reasons: new Map() };
        parts.set(key, part);
        const user = part.users.get(row.userId) ?? { pairs: 0, hits: 0 };
        part.users.set(row.userId, { pairs: user.pairs + 1, hits: user.hits + (isRecalled(loss) ? 1 : 0) });
        const reason = part.reasons.get(reasonKey(loss)) ?? { loss, pairs: 0 };
        part.reasons.set(reasonKey(loss), { loss, pairs: reason.pairs + 1 });
      }
  return [...parts.values()];
};

const order: ReadonlyArray<MissPart['by']> = ['segment', 'category', 'age', 'popularity'];

/** Every part with its share in the list and its reasons: by kind of part and field, then most misses first. */
export const missParts = (all: readonly MissRow[], factsOf: FactsOf, seed: number): MissPart[] =>
  collect(answered(all), factsOf)
    .map(({ by, field, value, users, reasons }): MissPart => {
      const counts = [...users.values()];
      const pairs = counts.reduce((sum, user) => sum + user.pairs, 0);
      const recalled = counts.reduce((sum, user) => sum + user.hits, 0);
      return {
        by,
        field,
        value,
        users: users.size,
        pairs,
        recalled,
        share: recalled / pairs,
        ci95: bootstrapRatio(
          counts.map((user) => user.hits),
          counts.map((user) => user.pairs),
          { seed, resamples: 500 },
        ),
        reasons: [...reasons.values()]
          .filter(({ loss }) => !isRecalled(loss))
          .map(({ loss, pairs: n }) => ({ reason: loss.verdict, detail: loss.detail, pairs: n }))
          .sort(
            (a, b) => b.pairs - a.pairs || byCodeUnit(a.reason, b.reason) || byCodeUnit(a.detail ?? '', b.detail ?? ''),
          ),
      };
    })
    .sort(
      (a, b) =>
        order.indexOf(a.by) - order.indexOf(b.by) ||
        byCodeUnit(a.field, b.field) ||
        b.pairs - b.recalled - (a.pairs - a.recalled) ||
        byCodeUnit(a.value, b.value),
    );
