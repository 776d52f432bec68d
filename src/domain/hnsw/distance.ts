import type { Space } from '../metric.ts';

/** Distance of the query to the row that starts at `offset` of `data`, rounded as the native code rounds it. */
export type DistanceTo = (data: Float32Array, offset: number) => number;

const f = Math.fround;

/**
 * The arithmetic of hnswlib's SSE build (space_ip.h, space_l2.h; the addon is compiled without -mavx, so
 * x86-64 always takes it): four float32 lanes, each summed in order, then ((l0+l1)+l2)+l3; columns
 * beyond a multiple of 16 (dim > 16) or of 4 (dim > 4) are summed apart and added; up to 4 columns that
 * are no multiple of 4 are one plain sum. Multiplying or adding two float32 in double and rounding once equals the float32 operation, so on
 * x86-64 the bits agree. Other processors may fuse or reorder: distances then differ in the last bits,
 * and nodes within about 1e-6 of each other may change places.
 */
const lanesOf = (dim: number): number => (dim % 4 === 0 ? dim : dim > 16 ? dim & ~15 : dim > 4 ? dim & ~3 : 0);

const dotTo = (query: Float32Array): DistanceTo => {
  const dim = query.length;
  const lanes = lanesOf(dim);
  return (data, offset) => {
    let s0 = 0,
      s1 = 0,
      s2 = 0,
      s3 = 0;
    for (let i = 0; i < lanes; i += 4) {
      s0 = f(s0 + f(query[i]! * data[offset + i]!));
      s1 = f(s1 + f(query[i + 1]! * data[offset + i + 1]!));
      s2 = f(s2 + f(query[i + 2]! * data[offset + i + 2]!));
      s3 = f(s3 + f(query[i + 3]! * data[offset + i + 3]!));
    }
    const sum = f(f(f(s0 + s1) + s2) + s3);
    let tail = 0;
    for (let i = lanes; i < dim; i++) tail = f(tail + f(query[i]! * data[offset + i]!));
    return f(1 - f(sum + tail));
  };
};

const squaredTo = (query: Float32Array): DistanceTo => {
  const dim = query.length;
  const lanes = lanesOf(dim);
  const square = (a: number, b: number): number => {
    const d = f(a - b);
    return f(d * d);
  };
  return (data, offset) => {
    let s0 = 0,
      s1 = 0,
      s2 = 0,
      s3 = 0;
    for (let i = 0; i < lanes; i += 4) {
      s0 = f(s0 + square(query[i]!, data[offset + i]!));
      s1 = f(s1 + square(query[i + 1]!, data[offset + i + 1]!));
      s2 = f(s2 + square(query[i + 2]!, data[offset + i + 2]!));
      s3 = f(s3 + square(query[i + 3]!, data[offset + i + 3]!));
    }
    const sum = f(f(f(s0 + s1) + s2) + s3);
    let tail = 0;
    for (let i = lanes; i < dim; i++) tail = f(tail + square(query[i]!, data[offset + i]!));
    return f(sum + tail);
  };
};

/** addon.cc `normalizePoint`: float32 sum of squares in order, float32 root and quotients. */
const normalised = (vector: Float32Array): Float32Array => {
  let sum = 0;
  for (const x of vector) sum = f(sum + f(x * x));
  const norm = f(Math.sqrt(Math.abs(sum)));
  return norm > 0 ? vector.map((x) => f(x / norm)) : vector;
};

export const distanceFrom = (space: Space, query: Float32Array): DistanceTo => {
  if (space === 'l2') return squaredTo(query);
  return dotTo(space === 'cosine' ? normalised(query) : query);
};

/** Distance → score, higher is better: ⟨u, v⟩ or cos(u, v) = 1 − d, and −|u − v|² = −d. float32. */
export const scoreOf = (space: Space, distance: number): number => (space === 'l2' ? -distance || 0 : f(1 - distance));
