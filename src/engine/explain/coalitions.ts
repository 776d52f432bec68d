import { linearAds, linearDim, linearUsers } from '../../domain/linear-score.ts';
import { cosineOf } from '../../domain/metric.ts';
import type { Space } from '../../domain/metric.ts';
import type { GroupEncodings, UserEncoder } from '../ports/ports.ts';

/** Groups that can change the vector: something to read and a weight. Every other one is a null player, φ = 0 exactly. */
export const livePlayers = (encodings: GroupEncodings, weights: Float32Array): number[] =>
  Array.from(weights, (weight, g) => (weight !== 0 && encodings.present[g] === true ? g : -1)).filter((g) => g >= 0);

/**
 * Weight rows of all coalitions of `players` (bitmask order): w_g for members, 0 for the others;
 * `always` is a member of every row. 2^players × G row-major.
 */
export const coalitionWeights = (
  weights: Float32Array,
  players: readonly number[],
  always: number | null = null,
): Float32Array => {
  const groups = weights.length;
  const rows = 2 ** players.length;
  const out = new Float32Array(rows * groups);
  for (let mask = 0; mask < rows; mask += 1) {
    players.forEach((g, bit) => {
      if ((mask >> bit) & 1) out[mask * groups + g] = weights[g] ?? 0;
    });
    if (always !== null) out[mask * groups + always] = weights[always] ?? 0;
  }
  return out;
};

/** Unit vectors of every coalition, 2^players × D. */
export const coalitionVectors = (
  encoder: UserEncoder,
  encodings: GroupEncodings,
  weights: Float32Array,
  players: readonly number[],
): Float32Array => encoder.fuse(encodings, coalitionWeights(weights, players), 2 ** players.length);

/** cos(left_i, right_j), laid out as `products`: ads of a team's own vectors need not be of unit length. */
export const cosines = (left: Float32Array, right: Float32Array, dim: number): Float64Array => {
  const n = right.length / dim;
  return Float64Array.from({ length: (left.length / dim) * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n) * dim, (at % n) * dim];
    return cosineOf(left.subarray(i, i + dim), right.subarray(j, j + dim));
  });
};

/** Scores in the metric, laid out as `products`: users m×dim, ads n×dim. */
export const scoreTable = (space: Space, users: Float32Array, ads: Float32Array, dim: number): Float64Array =>
  products(linearUsers(space, users, dim), linearAds(space, ads, dim), linearDim(space, dim));

/** out[i·n + j] = ⟨left_i, right_j⟩ in double precision; left m×dim, right n×dim. */
export const products = (
  left: Float32Array | Float64Array,
  right: Float32Array | Float64Array,
  dim: number,
): Float64Array => {
  const m = left.length / dim;
  const n = right.length / dim;
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j < n; j += 1) {
      let sum = 0;
      for (let d = 0, a = i * dim, b = j * dim; d < dim; d += 1) sum += (left[a + d] ?? 0) * (right[b + d] ?? 0);
      out[i * n + j] = sum;
    }
  }
  return out;
};
