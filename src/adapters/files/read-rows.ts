import type { FileHandle } from 'node:fs/promises';
import { fromFloat16 } from '../../domain/float16.ts';
import { badVectors, numberBytes, strideOf } from './row-layout.ts';
import type { RowLayout } from './row-layout.ts';

const chunkBytes = 8 << 20;

/**
 * Reads the rows into `out` (row-major float32), row i to row `place[i]` of it: −1 leaves the row out. Without `place`
 * row i goes to row i, and float32 rows are read where they stay. Only a chunk is held in addition to `out`. Throws
 * `bad-vectors` on a value that is not finite (also in an omitted row) or a row of another dimension, naming row and
 * column of the file.
 */
export const readRows = async (
  handle: FileHandle,
  layout: RowLayout,
  out: Float32Array,
  place?: Int32Array,
): Promise<void> => {
  if (place === undefined && layout.prefix === 0 && layout.dtype === 'float32') return readInPlace(handle, layout, out);
  const { count, dim } = layout;
  const stride = strideOf(layout);
  const perChunk = Math.max(1, Math.floor(chunkBytes / stride));
  const bytes = new Uint8Array(Math.min(count, perChunk) * stride);
  for (let first = 0; first < count; first += perChunk) {
    const rows = Math.min(perChunk, count - first);
    await readExactly(handle, layout.path, bytes.subarray(0, rows * stride), layout.offset + first * stride);
    const numbers = numbersOf(bytes.subarray(0, rows * stride), layout, first);
    checkFinite(numbers, layout, first);
    for (let row = 0; row < rows; row++) {
      const to = place === undefined ? first + row : (place[first + row] ?? -1);
      if (to >= 0) out.set(numbers.subarray(row * dim, (row + 1) * dim), to * dim);
    }
  }
};

const readInPlace = async (handle: FileHandle, layout: RowLayout, out: Float32Array): Promise<void> => {
  const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  const rowBytes = strideOf(layout);
  const step = Math.max(1, Math.floor(chunkBytes / rowBytes)) * rowBytes;
  for (let at = 0; at < bytes.length; at += step) {
    const part = bytes.subarray(at, at + step);
    await readExactly(handle, layout.path, part, layout.offset + at);
    checkFinite(out.subarray(at >> 2, (at + part.length) >> 2), layout, at / rowBytes);
  }
};

const readExactly = async (handle: FileHandle, path: string, target: Uint8Array, position: number): Promise<void> => {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
    if (bytesRead === 0)
      throw badVectors(path, 'the file ended while it was read', {
        expected: `${target.length} bytes at ${position}`,
        found: `${done} bytes`,
        todo: 'copy or write the file again, whole',
      });
    done += bytesRead;
  }
};

/** The chunk's numbers as float32, n×dim; `first` is its first row's number in the file. */
const numbersOf = (chunk: Uint8Array, layout: RowLayout, first: number): Float32Array => {
  const { dim, prefix } = layout;
  if (prefix === 4)
    return withoutPrefixes(
      new Int32Array(chunk.buffer, chunk.byteOffset, chunk.length >> 2),
      new Float32Array(chunk.buffer, chunk.byteOffset, chunk.length >> 2),
      layout,
      first,
    );
  const values = chunk.length / numberBytes(layout);
  if (layout.dtype === 'float16') return fromFloat16(new Uint16Array(chunk.buffer, chunk.byteOffset, values));
  return new Float32Array(chunk.buffer, chunk.byteOffset, (values / dim) * dim);
};

const withoutPrefixes = (
  dims: Int32Array,
  words: Float32Array,
  { path, dim }: RowLayout,
  first: number,
): Float32Array => {
  const rows = words.length / (dim + 1);
  const out = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row++) {
    const at = row * (dim + 1);
    if (dims[at] !== dim)
      throw badVectors(path, `field dimension of row ${first + row}: another than in row 0`, {
        expected: String(dim),
        found: String(dims[at]),
        todo: 'write every row with the same dimension',
      });
    out.set(words.subarray(at + 1, at + 1 + dim), row * dim);
  }
  return out;
};

/** x·0 is 0 for finite x and NaN otherwise: one sum without branches shows it. */
const checkFinite = (numbers: Float32Array, { path, dim }: RowLayout, first: number): void => {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]! * 0;
  if (sum === 0) return;
  const at = numbers.findIndex((x) => !Number.isFinite(x));
  throw badVectors(path, 'it holds a value that is not finite', {
    expected: 'finite numbers in every row',
    found: `${String(numbers[at])} in row ${first + Math.floor(at / dim)}, column ${at % dim}`,
    todo: 'write the vectors again (`recall-tui index DIR` where it made them); if it comes back, the model has diverged',
  });
};
