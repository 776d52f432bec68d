/**
 * Adam over the rows of a table that took part in a step; other rows are not touched, nor are their
 * moments decayed ("lazy Adam"). Kingma & Ba 2015, algorithm 1, β = (0.9, 0.999), ε = 1e-8.
 */
export interface RowOptimiser {
  /** Call once per step, before its rows. */
  advance(rate: number): void;
  /** table[row] −= update for the gradient at gradients[at … at+D). */
  update(row: number, gradients: Float32Array, at: number): void;
}

export const lazyAdam = (table: Float32Array, dim: number): RowOptimiser => {
  const first = new Float32Array(table.length);
  const second = new Float32Array(table.length);
  let step = 0;
  let scaled = 0;
  return {
    advance: (rate) => {
      step += 1;
      scaled = (rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
    },
    update: (row, gradients, at) => {
      const base = row * dim;
      for (let d = 0; d < dim; d += 1) {
        const g = gradients[at + d]!;
        const m = first[base + d]! * 0.9 + g * 0.1;
        const v = second[base + d]! * 0.999 + g * g * 0.001;
        first[base + d] = m;
        second[base + d] = v;
        table[base + d]! -= (scaled * m) / (Math.sqrt(v) + 1e-8);
      }
    },
  };
};
