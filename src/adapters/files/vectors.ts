import { writeThrough } from '../../base/atomic-file.ts';
import type { AdVectors } from '../../engine/ports/ports.ts';
import { withOpenFile, requireLittleEndian, rowsOf } from './matrix.ts';

const chunkBytes = 8 << 20;

/**
 * Reads count×dim float32 without any header (little-endian, row = ordinal) straight into a SharedArrayBuffer.
 * Throws `missing-artefact`; `bad-vectors` on another size or a value that is not finite.
 */
export const readVectors = (path: string, { count, dim }: { count: number; dim: number }): Promise<AdVectors> =>
  withOpenFile(path, (handle) => rowsOf(handle, { path, count, dim, dtype: 'float32', offset: 0, prefix: 0 }, {}));

export const writeVectors = (path: string, data: Float32Array): Promise<void> => {
  requireLittleEndian();
  return writeThrough(path, async (handle) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at < bytes.length; at += chunkBytes)
      await handle.write(bytes, at, Math.min(chunkBytes, bytes.length - at));
  });
};
