import type { Space } from '../../domain/metric.ts';
import { createTopK, scanRange } from './kernel.ts';
import type { RankCounts, ScanRows, Target } from './kernel.ts';

/** A request over the rows: the best k (none with 0), and the rank of the row `target`, if given. */
export interface ScanWork {
  readonly query: Float64Array;
  readonly k: number;
  readonly target: Target | null;
  readonly bits?: Uint8Array;
}
/** One piece of it: a range of rows. */
export interface ScanTask extends ScanWork {
  readonly from: number;
  readonly until: number;
}
/** The best of the range in no order. */
export interface ScanAnswer {
  readonly scores: Float32Array;
  readonly ordinals: Int32Array;
  readonly counts: RankCounts;
}

export interface WorkerData {
  readonly shared: SharedArrayBuffer;
  readonly byteOffset: number;
  readonly length: number;
  readonly dim: number;
  readonly space: Space;
}

/** Runs one task; the same function inline and in the workers. */
export const runTask = (
  rows: Omit<ScanRows, 'bits'>,
  { query, k, target, bits, from, until }: ScanTask,
): ScanAnswer => {
  const top = createTopK(k);
  const counts = scanRange(bits === undefined ? rows : { ...rows, bits }, query, from, until, top, target);
  return { scores: top.scores.slice(0, top.size), ordinals: top.ordinals.slice(0, top.size), counts };
};
