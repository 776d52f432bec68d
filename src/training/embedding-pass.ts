import { addScaled } from '../domain/tower/sparse-rows.ts';
import type { SparseRows } from '../domain/tower/sparse-rows.ts';
import type { SampleColumns } from './samples.ts';
import { lazyAdam } from './sparse-adam.ts';

/**
 * The sparse half of a training step: representations of the things a batch looks up, their pooling
 * into groups, and the way back, from the gradients TensorFlow returns to updates of table rows and
 * pooling weights.
 */
export interface EmbeddingPass {
  /** Starts a batch: forgets the things of the last one. */
  begin(): void;
  /** Slot of a thing in this batch; its representation is made at the first call. */
  slotOf(thing: number): number;
  /** e(thing) of these slots, C×D. */
  gather(slots: Int32Array): Float32Array;
  /** Pools samples `rows` into B×(G·D); groups with keep[b·G+g] = 0 stay empty. */
  pool(samples: SampleColumns, rows: Uint32Array, keep: Uint8Array | null): Float32Array;
  /** Adds the gradient with respect to what `gather` gave. */
  backGather(slots: Int32Array, gradients: Float32Array): void;
  /** Adds the gradient with respect to what `pool` gave, for the same rows and keep. */
  backPool(samples: SampleColumns, rows: Uint32Array, keep: Uint8Array | null, gradients: Float32Array): void;
  /** One lazy-Adam step over everything touched since `begin`. */
  apply(rate: number): void;
}

export interface PassOptions {
  readonly table: Float32Array;
  readonly pool: Float32Array;
  readonly dim: number;
  readonly things: SparseRows;
}

export const embeddingPass = ({ table, pool, dim, things }: PassOptions): EmbeddingPass => {
  const stamps = new Int32Array(things.count);
  const slots = new Int32Array(things.count);
  let batch = 0;
  let used: number[] = [];
  let e = new Float32Array(4096 * dim);
  let de = new Float32Array(4096 * dim);
  const rowSlots = new Int32Array(table.length / dim).fill(-1);
  let dRows = new Float32Array(4096 * dim);
  const rowOptimiser = lazyAdam(table, dim);
  const dPool = new Float32Array(pool.length);
  const poolOptimiser = lazyAdam(pool, 1);

  const slotOf = (thing: number): number => {
    if (stamps[thing] === batch) return slots[thing]!;
    stamps[thing] = batch;
    const slot = used.push(thing) - 1;
    slots[thing] = slot;
    if ((slot + 1) * dim > e.length) {
      e = doubled(e);
      de = doubled(de);
    }
    const at = slot * dim;
    e.fill(0, at, at + dim);
    de.fill(0, at, at + dim);
    for (let k = things.offsets[thing]!, end = things.offsets[thing + 1]!; k < end; k += 1) {
      addScaled(things.weights[k]!, table, things.rows[k]! * dim, e, at, dim);
    }
    return slot;
  };

  const eachTerm = (
    s: SampleColumns,
    rows: Uint32Array,
    keep: Uint8Array | null,
    visit: (term: number, weight: number, slot: number, at: number) => void,
  ): void => {
    for (let b = 0; b < rows.length; b += 1) {
      for (let g = 0; g < s.groups; g += 1) {
        if (keep !== null && keep[b * s.groups + g] === 0) continue;
        const at = (b * s.groups + g) * dim;
        const from = rows[b]! * s.groups + g;
        for (let k = s.offsets[from]!, end = s.offsets[from + 1]!; k < end; k += 1) {
          visit(
            k,
            s.strength[k]! * Math.exp(pool[s.position[k]!]! + pool[s.kind[k]!]! + pool[s.age[k]!]!),
            slotOf(s.thing[k]!),
            at,
          );
        }
      }
    }
  };

  const applyRows = (rate: number): void => {
    const rows: number[] = [];
    used.forEach((thing, slot) => {
      for (let k = things.offsets[thing]!, end = things.offsets[thing + 1]!; k < end; k += 1) {
        const row = things.rows[k]!;
        let at = rowSlots[row]!;
        if (at < 0) {
          at = rows.push(row) - 1;
          rowSlots[row] = at;
          if ((at + 1) * dim > dRows.length) dRows = doubled(dRows);
          dRows.fill(0, at * dim, (at + 1) * dim);
        }
        addScaled(things.weights[k]!, de, slot * dim, dRows, at * dim, dim);
      }
    });
    rowOptimiser.advance(rate);
    rows.forEach((row, i) => {
      rowSlots[row] = -1;
      rowOptimiser.update(row, dRows, i * dim);
    });
  };

  return {
    begin: () => {
      batch += 1;
      used = [];
      dPool.fill(0);
    },
    slotOf,
    gather: (list) => {
      const out = new Float32Array(list.length * dim);
      list.forEach((slot, i) => out.set(e.subarray(slot * dim, (slot + 1) * dim), i * dim));
      return out;
    },
    pool: (samples, rows, keep) => {
      const out = new Float32Array(rows.length * samples.groups * dim);
      eachTerm(samples, rows, keep, (_, weight, slot, at) => addScaled(weight, e, slot * dim, out, at, dim));
      return out;
    },
    backGather: (list, gradients) => {
      list.forEach((slot, i) => addScaled(1, gradients, i * dim, de, slot * dim, dim));
    },
    backPool: (samples, rows, keep, gradients) => {
      eachTerm(samples, rows, keep, (k, weight, slot, at) => {
        addScaled(weight, gradients, at, de, slot * dim, dim);
        const dLog = weight * dot(gradients, at, e, slot * dim, dim);
        dPool[samples.position[k]!]! += dLog;
        dPool[samples.kind[k]!]! += dLog;
        dPool[samples.age[k]!]! += dLog;
      });
    },
    apply: (rate) => {
      applyRows(rate);
      poolOptimiser.advance(rate);
      for (let i = 0; i < pool.length; i += 1) if (dPool[i] !== 0) poolOptimiser.update(i, dPool, i);
    },
  };
};

const doubled = (array: Float32Array): Float32Array<ArrayBuffer> => {
  const next = new Float32Array(array.length * 2);
  next.set(array);
  return next;
};

const dot = (x: Float32Array, xAt: number, y: Float32Array, yAt: number, n: number): number => {
  let sum = 0;
  for (let d = 0; d < n; d += 1) sum += x[xAt + d]! * y[yAt + d]!;
  return sum;
};
