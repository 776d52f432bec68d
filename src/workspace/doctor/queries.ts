import type { AdVectors } from '../../engine/ports/ports.ts';

/** Query number q of `queries` spread over the ads: the mean of two of them, so that it is near no row by itself and as long as ads are. */
export const meanOf = (
  { count, dim, data, present, space = 'ip' }: AdVectors,
  q: number,
  queries: number,
): Float32Array => {
  const row = (i: number): number => {
    const at = Math.floor((i * count) / queries) % count;
    const next = present === undefined ? at : present.indexOf(1, at);
    return next === -1 ? at : next;
  };
  const [a, b] = [row(q) * dim, row((q * 7 + 3) % queries) * dim];
  const mean = Float64Array.from({ length: dim }, (_, i) => ((data[a + i] ?? 0) + (data[b + i] ?? 0)) / 2);
  const norm = Math.sqrt(mean.reduce((s, x) => s + x * x, 0));
  // Two opposite ads have no mean direction.
  return Float32Array.from(norm > 1e-6 || space === 'l2' ? mean : data.subarray(a, a + dim));
};
