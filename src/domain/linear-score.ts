import { dotOf } from './metric.ts';
import type { Space } from './metric.ts';

/**
 * Users and ads written so that the score of any metric is one inner product: what is linear (a weighted mean of the
 * users of several coalitions) may then be taken before the ads are met.
 *   ip      u · v
 *   cosine  u/|u| · v/|v|
 *   l2      (2u, −|u|², 1) · (v, 1, −|v|²) = −|u − v|²
 * Such means keep the last 1 of l2 only where their weights sum to 1.
 */
export const linearDim = (space: Space, dim: number): number => (space === 'l2' ? dim + 2 : dim);

const extended = (
  space: Space,
  rows: ArrayLike<number> & { subarray(from: number, to: number): ArrayLike<number> },
  dim: number,
  write: (row: ArrayLike<number>, out: Float64Array) => void,
): Float64Array => {
  const wide = linearDim(space, dim);
  const n = rows.length / dim;
  const out = new Float64Array(n * wide);
  for (let i = 0; i < n; i += 1) write(rows.subarray(i * dim, (i + 1) * dim), out.subarray(i * wide, (i + 1) * wide));
  return out;
};

const scaled = (row: ArrayLike<number>, out: Float64Array, by: number): void => {
  for (let d = 0; d < row.length; d += 1) out[d] = (row[d] ?? 0) * by;
};

/** 1/|row|; 0 where it has no direction. */
const perNorm = (row: ArrayLike<number>): number => {
  const norm = Math.sqrt(dotOf(row, row));
  return norm > 0 ? 1 / norm : 0;
};

/** Users' vectors, m×dim, as m×linearDim. */
export const linearUsers = (space: Space, vectors: Float32Array, dim: number): Float64Array =>
  extended(space, vectors, dim, (row, out) => {
    scaled(row, out, space === 'l2' ? 2 : space === 'cosine' ? perNorm(row) : 1);
    if (space === 'l2') out.set([0 - dotOf(row, row), 1], dim);
  });

/** Ads' vectors, n×dim, as n×linearDim. */
export const linearAds = (space: Space, rows: Float32Array, dim: number): Float64Array =>
  extended(space, rows, dim, (row, out) => {
    scaled(row, out, space === 'cosine' ? perNorm(row) : 1);
    if (space === 'l2') out.set([1, 0 - dotOf(row, row)], dim);
  });
