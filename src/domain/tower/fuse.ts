import { RecallError } from '../../errors.ts';
import { normalise } from './sparse-rows.ts';

/** The parameters of fusion beyond the projections A_g h_g and W1_g h_g made at encoding. */
export interface FusionWeights {
  readonly dim: number;
  readonly hidden: number;
  readonly b: Float32Array;
  readonly b1: Float32Array;
  /** M×D row-major. */
  readonly w2: Float32Array;
}

/**
 * u = normalise(b + Σ w_g A_g h_g + relu(b1 + Σ w_g W1_g h_g) W2) for each row of `weights` (rows×G).
 * `projected` is G×(D+M): A_g h_g, then W1_g h_g. A group with w = 0 or h = 0 adds exactly nothing.
 * Returns rows×D. Throws `unsupported` on a norm below 1e-6.
 */
export const fuseRows = (
  fusion: FusionWeights,
  projected: Float32Array,
  weights: Float32Array,
  rows: number,
): Float32Array => {
  const { dim, hidden } = fusion;
  const groups = projected.length / (dim + hidden);
  if (weights.length !== rows * groups) {
    throw new RecallError('internal', 'fuse: weights have the wrong shape', {
      expected: `${rows}×${groups}`,
      found: String(weights.length),
    });
  }
  const out = new Float32Array(rows * dim);
  const z = new Float64Array(hidden);
  const u = new Float64Array(dim);
  for (let row = 0; row < rows; row += 1) {
    u.set(fusion.b);
    z.set(fusion.b1);
    for (let g = 0; g < groups; g += 1) addGroup(projected, g * (dim + hidden), weights[row * groups + g]!, u, z);
    addHidden(fusion.w2, z, u);
    out.set(u, row * dim);
    if (normalise(out, row * dim, dim) < 1e-6) {
      throw new RecallError('unsupported', 'the user vector vanishes under these weights', {
        expected: 'a norm of at least 1e-6',
        todo: 'change a weight; only the direction of the vector carries meaning',
      });
    }
  }
  return out;
};

const addGroup = (projected: Float32Array, at: number, weight: number, u: Float64Array, z: Float64Array): void => {
  if (weight === 0) return;
  accumulate(weight, projected, at, u);
  accumulate(weight, projected, at + u.length, z);
};

const addHidden = (w2: Float32Array, z: Float64Array, u: Float64Array): void => {
  const dim = u.length;
  for (let m = 0; m < z.length; m += 1) {
    const active = z[m]!;
    if (active > 0) accumulate(active, w2, m * dim, u);
  }
};

/** sum += a · x[at …]. In double precision: the Shapley values of 64 rows are differences of these. */
const accumulate = (a: number, x: Float32Array, at: number, sum: Float64Array): void => {
  const n = sum.length;
  let d = 0;
  for (; d + 3 < n; d += 4, at += 4) {
    const p = sum[d]! + a * x[at]!;
    const q = sum[d + 1]! + a * x[at + 1]!;
    const r = sum[d + 2]! + a * x[at + 2]!;
    const s = sum[d + 3]! + a * x[at + 3]!;
    sum[d] = p;
    sum[d + 1] = q;
    sum[d + 2] = r;
    sum[d + 3] = s;
  }
  for (; d < n; d += 1, at += 1) sum[d]! += a * x[at]!;
};
