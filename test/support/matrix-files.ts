import { writeFileSync } from 'node:fs';
import { toFloat16 } from '../../src/domain/float16.ts';

export interface NpyOptions {
  readonly descr?: string;
  readonly fortran?: boolean;
  readonly shape?: readonly number[];
  readonly version?: 1 | 2 | 3;
  readonly header?: string;
}

/** A NumPy file of these bytes, as numpy.save lays it out: numbers start at a multiple of 64. */
export const npyBytes = (
  data: ArrayBufferView,
  { descr = '<f4', fortran = false, shape = [], version = 1, header }: NpyOptions,
): Uint8Array => {
  const preamble = version === 1 ? 10 : 12;
  const text =
    header ??
    `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const length = Math.ceil((preamble + text.length + 1) / 64) * 64 - preamble;
  const bytes = new Uint8Array(preamble + length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, length, true);
  else view.setUint32(8, length, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), preamble);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), preamble + length);
  return bytes;
};

export const writeNpy = (
  path: string,
  rows: Float32Array,
  dim: number,
  dtype: 'float32' | 'float16' = 'float32',
  version: 1 | 2 | 3 = 1,
): void => {
  writeFileSync(
    path,
    npyBytes(dtype === 'float32' ? rows : toFloat16(rows), {
      descr: dtype === 'float32' ? '<f4' : '<f2',
      shape: [rows.length / dim, dim],
      version,
    }),
  );
};

export const writeFvecs = (path: string, rows: Float32Array, dim: number): void => {
  const count = rows.length / dim;
  const words = new Float32Array(count * (dim + 1));
  const dims = new Int32Array(words.buffer);
  for (let row = 0; row < count; row++) {
    dims[row * (dim + 1)] = dim;
    words.set(rows.subarray(row * dim, (row + 1) * dim), row * (dim + 1) + 1);
  }
  writeFileSync(path, new Uint8Array(words.buffer));
};
