import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { RecallError } from '../../errors.ts';
import type { AdVectors } from '../../engine/ports.ts';
import { writeThrough } from './atomic-write.ts';
import { missingFile } from './missing.ts';

const chunkBytes = 8 << 20;

/**
 * Reads count×dim float32 (little-endian, row = ordinal) straight into a SharedArrayBuffer.
 * Throws `missing-artefact`; `bad-vectors` on another size or a value that is not finite.
 */
export const readVectors = async (path: string, shape: { count: number; dim: number }): Promise<AdVectors> => {
  requireLittleEndian();
  const handle = await open(path, 'r').catch(missingFile(path));
  try {
    await checkSize(handle, path, shape);
    const data = new Float32Array(new SharedArrayBuffer(shape.count * shape.dim * 4));
    await fill(handle, path, data, shape.dim);
    return { count: shape.count, dim: shape.dim, data };
  } finally {
    await handle.close();
  }
};

export const writeVectors = (path: string, data: Float32Array): Promise<void> => {
  requireLittleEndian();
  return writeThrough(path, async (handle) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at < bytes.length; at += chunkBytes) await handle.write(bytes, at, Math.min(chunkBytes, bytes.length - at));
  });
};

const checkSize = async (handle: FileHandle, path: string, { count, dim }: { count: number; dim: number }): Promise<void> => {
  const { size } = await handle.stat();
  if (size === count * dim * 4) return;
  throw new RecallError('bad-vectors', `${path} has the wrong size`, {
    expected: `${count} × ${dim} float32 = ${count * dim * 4} bytes`,
    found: `${size} bytes`,
    todo: 'rebuild it with `recall-tui index DIR`',
  });
};

const fill = async (handle: FileHandle, path: string, data: Float32Array, dim: number): Promise<void> => {
  const bytes = new Uint8Array(data.buffer);
  let checked = 0;
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(chunkBytes, bytes.length - at), at);
    if (bytesRead === 0) throw new RecallError('bad-vectors', `${path} ended while it was read`, { expected: `${bytes.length} bytes`, found: `${at} bytes` });
    at += bytesRead;
    const until = at >> 2;
    if (!allFinite(data, checked, until)) throw notFinite(path, data, dim);
    checked = until;
  }
};

/** x·0 is 0 for finite x and NaN otherwise: one sum without branches tells. */
const allFinite = (data: Float32Array, from: number, until: number): boolean => {
  let sum = 0;
  for (let i = from; i < until; i++) sum += (data[i] ?? 0) * 0;
  return sum === 0;
};

const notFinite = (path: string, data: Float32Array, dim: number): RecallError => {
  const at = data.findIndex((x) => !Number.isFinite(x));
  return new RecallError('bad-vectors', `${path} holds a value that is not finite`, {
    expected: 'finite float32 in every row',
    found: `${String(data[at])} in row ${Math.floor(at / dim)}, column ${at % dim}`,
    todo: 'rebuild the ad vectors with `recall-tui index DIR`; if it comes back, the model has diverged',
  });
};

const requireLittleEndian = (): void => {
  if (endianness() !== 'LE') throw new RecallError('unsupported', 'vector files are little-endian and this machine is not');
};
