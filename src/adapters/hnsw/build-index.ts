import { rename, rm, open, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { partialPath, syncFolder } from '../../base/atomic-file.ts';
import { RecallError } from '../../errors.ts';
import type { BuildIndexOptions } from '../../engine/ports/artefacts.ts';
import type { AdVectors } from '../../engine/ports/ports.ts';
import { HierarchicalNSW } from './native.ts';

const sliceMs = 20;
const normTolerance = 1e-3;

/**
 * Builds an HNSW in the vectors' space, label = ordinal, in slices of 20 ms so that progress and
 * abort get their turn; writes to a temporary file, fsync, rename. One thread and one seed: the same input gives
 * the same file. Ads without a vector are omitted. Throws `bad-vectors` (not finite; not of unit norm where that was
 * declared), `cancelled`.
 */
export const buildIndex = async (options: BuildIndexOptions): Promise<void> => {
  const { vectors, path, m, efConstruction, seed, signal } = options;
  if (options.unit !== false) checkUnitVectors(vectors);
  const native = new HierarchicalNSW(vectors.space ?? 'ip', vectors.dim);
  native.initIndex({ maxElements: Math.max(1, vectors.count), m, efConstruction, randomSeed: seed });
  await addAll(native, options);
  await mkdir(dirname(path), { recursive: true });
  const temporary = partialPath(path);
  try {
    await native.writeIndex(temporary);
    if (signal?.aborted) throw cancelled();
    await syncFile(temporary);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

const addAll = async (
  native: InstanceType<typeof HierarchicalNSW>,
  { vectors, order, onProgress, signal }: BuildIndexOptions,
): Promise<void> => {
  const { dim, data, present } = vectors;
  const count = order?.length ?? vectors.count;
  let since = performance.now();
  for (let i = 0; i < count; i++) {
    const ordinal = order === undefined ? i : (order[i] ?? i);
    if (present?.[ordinal] === 0) continue;
    native.addPoint(Array.from(data.subarray(ordinal * dim, (ordinal + 1) * dim)), ordinal);
    if (performance.now() - since < sliceMs) continue;
    onProgress?.(i + 1, count);
    await yieldToEventLoop();
    if (signal?.aborted) throw cancelled();
    since = performance.now();
  }
  onProgress?.(count, count);
};

/** Every row finite and of norm 1 within 1e-3; raw inner products leave near-duplicates unreachable. */
export const checkUnitVectors = ({ count, dim, data, present }: AdVectors): void => {
  for (let row = 0; row < count; row++) {
    if (present?.[row] === 0) continue;
    let sum = 0;
    for (let i = row * dim; i < (row + 1) * dim; i++) sum += data[i]! * data[i]!;
    const norm = Math.sqrt(sum);
    if (Math.abs(norm - 1) <= normTolerance) continue;
    throw new RecallError('bad-vectors', `the vector of ad row ${row} cannot be indexed`, {
      expected: 'finite numbers with norm 1',
      found: Number.isFinite(norm) ? `norm ${norm.toPrecision(6)}` : 'a value that is not finite',
      todo: 'normalise the vectors; a value that is not finite means that the model has diverged',
    });
  }
};

const cancelled = (): RecallError =>
  new RecallError('cancelled', 'building the index was cancelled; the old index is as it was');

const syncFile = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
};
