import type { FileHandle } from 'node:fs/promises';
import { npyHeaderLength, npyPreamble, parseNpyHeader, saveAgain } from './npy.ts';
import type { NpyHeader } from './npy.ts';
import { badVectors } from './row-layout.ts';
import type { RowLayout } from './row-layout.ts';

/** Reads the header of an open `.npy` file. Throws `bad-vectors`. */
export const readNpyHeader = async (handle: FileHandle, path: string): Promise<NpyHeader> => {
  const length = npyHeaderLength(await firstBytes(handle, npyPreamble), path);
  return parseNpyHeader(await firstBytes(handle, length), path);
};

const firstBytes = async (handle: FileHandle, length: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, 0);
  return bytes.subarray(0, bytesRead);
};

const floats: Readonly<Record<string, RowLayout['dtype']>> = { '<f4': 'float32', '<f2': 'float16' };

/** The rows of a `.npy` matrix: 2-D, C order, little-endian float32 or float16. Throws `bad-vectors` naming the field. */
export const npyLayout = ({ descr, fortran, shape, offset }: NpyHeader, path: string): RowLayout => {
  const dtype = floats[descr];
  if (dtype === undefined)
    throw badVectors(path, `field descr: ${nameOf(descr)}`, {
      expected: "'<f4' or '<f2' (little-endian float32 or float16)",
      found: `'${descr}'`,
      todo: saveAgain,
    });
  if (fortran)
    throw badVectors(path, 'field fortran_order: the rows are not stored one after another', {
      expected: 'False (C order)',
      found: 'True',
      todo: saveAgain,
    });
  const [count, dim] = shape;
  if (shape.length !== 2 || count === undefined || dim === undefined || count < 1 || dim < 1) {
    throw badVectors(path, 'field shape: not one vector a row', {
      expected: '(rows, columns), both at least 1',
      found: `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`,
      todo: 'save a matrix with one row for each id, e.g. `x.reshape(len(ids), -1)`',
    });
  }
  return { path, count, dim, dtype, offset, prefix: 0 };
};

const nameOf = (descr: string): string => {
  if (descr.startsWith('>')) return 'big-endian numbers';
  if (descr === '<f8') return 'float64 numbers: they would be rounded without your knowing';
  return 'not a type of number a vector can have';
};
