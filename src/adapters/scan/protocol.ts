import { createTopK, countRange, scanRange } from './kernel.ts';
import type { RankCounts, ScanRows } from './kernel.ts';

/** One piece of work: a range of rows, for the best k or for the rank of one row. */
export type ScanTask =
  | { readonly kind: 'top'; readonly query: Float64Array; readonly k: number; readonly from: number; readonly until: number; readonly bits?: Uint8Array }
  | { readonly kind: 'rank'; readonly query: Float64Array; readonly score: number; readonly ordinal: number; readonly from: number; readonly until: number; readonly bits?: Uint8Array };

export type ScanAnswer =
  | { readonly kind: 'top'; readonly scores: Float32Array; readonly ordinals: Int32Array }
  | { readonly kind: 'rank'; readonly counts: RankCounts };

export interface WorkerData { readonly shared: SharedArrayBuffer; readonly byteOffset: number; readonly length: number; readonly dim: number }

/** Runs one task; the same function inline and in the workers. `top` answers come in no order. */
export const runTask = (rows: Omit<ScanRows, 'bits'>, task: ScanTask): ScanAnswer => {
  const masked: ScanRows = task.bits === undefined ? rows : { ...rows, bits: task.bits };
  if (task.kind === 'rank') return { kind: 'rank', counts: countRange(masked, task.query, task.from, task.until, task.score, task.ordinal) };
  const top = createTopK(task.k);
  scanRange(masked, task.query, task.from, task.until, top);
  return { kind: 'top', scores: top.scores.slice(0, top.size), ordinals: top.ordinals.slice(0, top.size) };
};
