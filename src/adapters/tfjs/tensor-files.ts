import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegular } from '../../base/regular-file.ts';
import { RecallError } from '../../errors.ts';
import { fromFloat16, toFloat16 } from '../../domain/float16.ts';

export type TensorType = 'float32' | 'float16' | 'uint32';

/** One tensor in model.json. Its bytes, little-endian, are the files' one after the other. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TensorType;
  readonly files: ReadonlyArray<{ readonly file: string; readonly bytes: number }>;
}

/** Below the 4 MB that many a repository accepts per file. */
const shardBytes = 3_800_000;

export const writeTensor = async (
  dir: string,
  name: string,
  shape: readonly number[],
  dtype: TensorType,
  values: Float32Array | Uint32Array,
): Promise<TensorEntry> => {
  const stored = dtype === 'float16' && values instanceof Float32Array ? toFloat16(values) : values;
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  const files: Array<{ file: string; bytes: number }> = [];
  for (let at = 0; at < bytes.length || files.length === 0; at += shardBytes) {
    const shard = bytes.subarray(at, at + shardBytes);
    const file = `${name}-${String(files.length).padStart(3, '0')}.bin`;
    await writeFile(join(dir, file), shard);
    files.push({ file, bytes: shard.length });
  }
  return { name, shape, dtype, files };
};

const sizes: Readonly<Record<TensorType, number>> = { float32: 4, float16: 2, uint32: 4 };

/** The tensor's values; float16 comes back as float32. Throws `bad-model` on a missing file, wrong length or a value that is not finite. */
export const readTensor = async (dir: string, entry: TensorEntry): Promise<Float32Array | Uint32Array> => {
  const bytes = await readShards(dir, entry);
  const expected = entry.shape.reduce((product, n) => product * n, 1) * sizes[entry.dtype];
  if (bytes.length !== expected) {
    throw new RecallError('bad-model', `the tensor ${entry.name} has the wrong length`, {
      expected: `${expected} bytes for ${entry.shape.join('×')} ${entry.dtype}`,
      found: `${bytes.length} bytes`,
      todo: 'train the model again, or restore its folder',
    });
  }
  const values = decode(entry.dtype, bytes.buffer, bytes.length / sizes[entry.dtype]);
  const bad = firstNotFinite(values);
  if (bad >= 0)
    throw new RecallError('bad-model', `the tensor ${entry.name} holds a value that is not finite`, {
      found: `${values[bad]} at ${bad}`,
      todo: 'train the model again',
    });
  return values;
};

/** A plain loop: callbacks over millions of weights would be seen at the start. */
const firstNotFinite = (values: Float32Array | Uint32Array): number => {
  for (let i = 0; i < values.length; i += 1) if (!Number.isFinite(values[i])) return i;
  return -1;
};

const decode = (dtype: TensorType, buffer: ArrayBuffer, length: number): Float32Array | Uint32Array => {
  if (dtype === 'uint32') return new Uint32Array(buffer, 0, length);
  return dtype === 'float32' ? new Float32Array(buffer, 0, length) : fromFloat16(new Uint16Array(buffer, 0, length));
};

const readShards = async (dir: string, entry: TensorEntry): Promise<{ buffer: ArrayBuffer; length: number }> => {
  const length = entry.files.reduce((sum, f) => sum + f.bytes, 0);
  const buffer = new ArrayBuffer(length);
  let at = 0;
  for (const { file, bytes } of entry.files) {
    const path = join(dir, file);
    const found = await stat(path).then(
      (s) => s.size,
      () => null,
    );
    if (found !== bytes) {
      throw new RecallError(
        'bad-model',
        `the model's file ${file} is ${found === null ? 'missing' : 'truncated or changed'}`,
        {
          expected: `${bytes} bytes at ${path}`,
          found: found === null ? 'no file' : `${found} bytes`,
          todo: 'train the model again, or restore its folder',
        },
      );
    }
    new Uint8Array(buffer, at, bytes).set(await readRegular(path));
    at += bytes;
  }
  return { buffer, length };
};
