import type { ExactRank, ExactRanking } from '../../engine/ports/ports.ts';
import { createTopK, kernelOf, offer, sortedTop } from './kernel.ts';
import type { ScanRows } from './kernel.ts';

/** One pass over all rows that keeps their scores; a rank then counts those ahead, by the order of `scanRange`. */
export const rankingOf = (
  { data, dim, space, bits }: ScanRows,
  query: Float64Array,
  count: number,
  k: number,
): ExactRanking => {
  const scoreOfRow = kernelOf(space);
  const scores = new Float32Array(count);
  const top = createTopK(Math.min(k, count));
  for (let row = 0; row < count; row += 1) {
    const score = scoreOfRow(data, row * dim, query);
    // No score equals or exceeds NaN: a row that may not be returned is ahead of none.
    const counts = bits === undefined || bits[row] === 1;
    scores[row] = counts ? score : Number.NaN;
    if (counts) offer(top, score, row);
  }
  return {
    top: sortedTop(top),
    rankOf: (ordinal) => rankAmong(scores, ordinal, scoreOfRow(data, ordinal * dim, query)),
  };
};

const rankAmong = (scores: Float32Array, ordinal: number, score: number): ExactRank => {
  let ahead = 0;
  let ties = 0;
  for (let row = 0; row < scores.length; row += 1) {
    const other = scores[row]!;
    if (!(other >= score) || row === ordinal) continue;
    if (other === score) ties += 1;
    if (other > score || row < ordinal) ahead += 1;
  }
  return { rank: 1 + ahead, score, ties };
};
