import { byCodeUnit } from '../../base/order.ts';
import { compareMetric, judge, pairsOf, type JudgedMetric, type TestOptions } from './metrics.ts';
import { cutoffsOf, type CompareRow } from './rows.ts';

/** Recall at k of both sides within a part of the users: `gender=f`, `history=5-19`, `rule=keyword`. */
export interface SegmentComparison extends JudgedMetric {
  readonly field: string;
  readonly value: string;
  /** Also those without engaged ads. */ readonly members: number;
}

const key = (field: string, value: string): string => JSON.stringify([field, value]);

/** Enough for an interval of a segment; the metrics of all users have 10,000. */
export const segmentResamples = 2000;

/**
 * Recall at k by segment, by field, then most users first. Holm goes over the segments as one family; a user
 * may belong to several segments of one field (rules that fired).
 */
export const compareSegments = (rows: readonly CompareRow[], k: number, options: TestOptions): SegmentComparison[] => {
  const members = new Map<string, { field: string; value: string; rows: CompareRow[] }>();
  for (const row of rows) {
    for (const [field, value] of row.segments) {
      const segment = members.get(key(field, value)) ?? { field, value, rows: [] };
      segment.rows.push(row);
      members.set(key(field, value), segment);
    }
  }
  const metric = cutoffsOf(k).length - 1;
  const compared = [...members.values()].map(({ field, value, rows: own }) => ({
    field,
    value,
    members: own.length,
    ...compareMetric(`recall@${k}`, pairsOf(own, metric), {
      resamples: segmentResamples,
      draws: segmentResamples,
      ...options,
    }),
  }));
  return judge(compared).sort(
    (x, y) => byCodeUnit(x.field, y.field) || y.members - x.members || byCodeUnit(x.value, y.value),
  );
};
