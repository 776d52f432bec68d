import type { FileHandle } from 'node:fs/promises';
import { badVectors } from './row-layout.ts';
import type { RowLayout } from './row-layout.ts';

const mostDims = 1 << 20;

/**
 * The rows of a `.fvecs` file (corpus-texmex.irisa.fr): each is its dimension as a little-endian int32, then that many
 * float32. Throws `bad-vectors`; that every row has the first one's dimension is checked while they are read.
 */
export const fvecsLayout = async (handle: FileHandle, path: string): Promise<RowLayout> => {
  const { size } = await handle.stat();
  const head = new DataView(new ArrayBuffer(4));
  const { bytesRead } = await handle.read(new Uint8Array(head.buffer), 0, 4, 0);
  const dim = bytesRead === 4 ? head.getInt32(0, true) : 0;
  if (dim < 1 || dim > mostDims)
    throw badVectors(path, 'field dimension of row 0: not an .fvecs file', {
      expected: `an int32 from 1 to ${mostDims}, little-endian`,
      found: bytesRead < 4 ? `${size} bytes in all` : String(head.getInt32(0, true)),
      todo: 'write each row as int32 dimension, then its float32 numbers',
    });
  return { path, count: Math.max(1, Math.round(size / (4 + 4 * dim))), dim, dtype: 'float32', offset: 0, prefix: 4 };
};
