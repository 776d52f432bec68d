import type { Space } from '../../domain/metric.ts';

/** The data of a scan: n×D float32, row = ordinal. `bits` (1 = may be returned), where given, is by ordinal. */
export interface ScanRows {
  readonly data: Float32Array;
  readonly dim: number;
  readonly space: Space;
  readonly bits?: Uint8Array;
}

/**
 * Score of the row that starts at `start`, higher is better. For `cosine` rows and query are of unit length already.
 */
export type ScoreOfRow = (data: Float32Array, start: number, query: Float64Array) => number;

export const kernelOf = (space: Space): ScoreOfRow => (space === 'l2' ? negatedSquares : dot);

/**
 * ⟨query, row⟩. The one arithmetic of every exact score: float32 products, exact in double, accumulated in
 * four double lanes (column i in lane i mod 4), added as (l0+l1)+(l2+l3), rounded once to float32. Inline, worker and
 * single-row paths all come here, so equal vectors have equal scores and the order never depends on the path.
 */
export const dot = (data: Float32Array, start: number, query: Float64Array): number => {
  const dim = query.length;
  const even = dim & ~3;
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  let i = 0;
  for (; i < even; i += 4) {
    s0 += data[start + i]! * query[i]!;
    s1 += data[start + i + 1]! * query[i + 1]!;
    s2 += data[start + i + 2]! * query[i + 2]!;
    s3 += data[start + i + 3]! * query[i + 3]!;
  }
  if (i < dim) s0 += data[start + i]! * query[i]!;
  if (i + 1 < dim) s1 += data[start + i + 1]! * query[i + 1]!;
  if (i + 2 < dim) s2 += data[start + i + 2]! * query[i + 2]!;
  return Math.fround(s0 + s1 + (s2 + s3));
};

/** −|query − row|², in the same four lanes. */
export const negatedSquares = (data: Float32Array, start: number, query: Float64Array): number => {
  const dim = query.length;
  const even = dim & ~3;
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  let i = 0;
  for (; i < even; i += 4) {
    const d0 = data[start + i]! - query[i]!,
      d1 = data[start + i + 1]! - query[i + 1]!,
      d2 = data[start + i + 2]! - query[i + 2]!,
      d3 = data[start + i + 3]! - query[i + 3]!;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (; i < dim; i++) s0 += (data[start + i]! - query[i]!) ** 2;
  return Math.fround(0 - (s0 + s1 + (s2 + s3)));
};

/** The k best of what was offered: highest score, then lowest ordinal. A binary heap with the worst kept on top. */
export interface TopK {
  readonly scores: Float32Array;
  readonly ordinals: Int32Array;
  size: number;
}

export const createTopK = (k: number): TopK => ({ scores: new Float32Array(k), ordinals: new Int32Array(k), size: 0 });

/** Is a (score, ordinal) behind the other? */
const behind = (scoreA: number, ordinalA: number, scoreB: number, ordinalB: number): boolean =>
  scoreA < scoreB || (scoreA === scoreB && ordinalA > ordinalB);

export const offer = (top: TopK, score: number, ordinal: number): void => {
  const { scores, ordinals } = top;
  if (top.size < scores.length) {
    siftUp(top, top.size++, score, ordinal);
  } else if (scores.length > 0 && behind(scores[0]!, ordinals[0]!, score, ordinal)) {
    siftDown(top, score, ordinal);
  }
};

const siftUp = ({ scores, ordinals }: TopK, from: number, score: number, ordinal: number): void => {
  let hole = from;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (!behind(score, ordinal, scores[parent]!, ordinals[parent]!)) break;
    scores[hole] = scores[parent]!;
    ordinals[hole] = ordinals[parent]!;
    hole = parent;
  }
  scores[hole] = score;
  ordinals[hole] = ordinal;
};

const siftDown = ({ scores, ordinals, size }: TopK, score: number, ordinal: number): void => {
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= size) break;
    if (child + 1 < size && behind(scores[child + 1]!, ordinals[child + 1]!, scores[child]!, ordinals[child]!)) child++;
    if (!behind(scores[child]!, ordinals[child]!, score, ordinal)) break;
    scores[hole] = scores[child]!;
    ordinals[hole] = ordinals[child]!;
    hole = child;
  }
  scores[hole] = score;
  ordinals[hole] = ordinal;
};

/** The row whose rank is asked for. */
export interface Target {
  readonly score: number;
  readonly ordinal: number;
}
/** Rows in front of the target, and other rows of exactly its score. */
export interface RankCounts {
  readonly ahead: number;
  readonly ties: number;
}

/**
 * In one pass over the (masked) rows of [from, until): offers each to `top`, and counts those in front of the target.
 */
export const scanRange = (
  { data, dim, space, bits }: ScanRows,
  query: Float64Array,
  from: number,
  until: number,
  top: TopK,
  target: Target | null,
): RankCounts => {
  const k = top.scores.length;
  const scoreOfRow = kernelOf(space);
  // No score reaches infinity: without a target nothing is counted.
  const { score: asked, ordinal } = target ?? { score: Number.POSITIVE_INFINITY, ordinal: -1 };
  let ahead = 0;
  let ties = 0;
  for (let row = from; row < until; row++) {
    if (bits !== undefined && bits[row] !== 1) continue;
    const score = scoreOfRow(data, row * dim, query);
    if (score >= asked && row !== ordinal) {
      if (score === asked) ties++;
      if (score > asked || row < ordinal) ahead++;
    }
    if (k > 0 && (top.size < k || score > top.scores[0]!)) offer(top, score, row);
  }
  return { ahead, ties };
};

/** Best first. */
export const sortedTop = ({ scores, ordinals, size }: TopK): { scores: Float32Array; ordinals: Int32Array } => {
  const order = Array.from({ length: size }, (_, i) => i).sort((a, b) =>
    behind(scores[a]!, ordinals[a]!, scores[b]!, ordinals[b]!) ? 1 : -1,
  );
  return { scores: Float32Array.from(order, (i) => scores[i]!), ordinals: Int32Array.from(order, (i) => ordinals[i]!) };
};
