import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { extname } from 'node:path';
import { openRegular } from '../../base/regular-file.ts';
import { RecallError } from '../../errors.ts';
import type { AdVectors } from '../../engine/ports/ports.ts';
import type { MatrixShape, ReadMatrixOptions } from '../../engine/ports/artefacts.ts';
import { fvecsLayout } from './fvecs.ts';
import { missingFile } from './missing.ts';
import { npyLayout, readNpyHeader } from './npy-rows.ts';
import { readRows } from './read-rows.ts';
import { badVectors, checkLength } from './row-layout.ts';
import type { RowLayout } from './row-layout.ts';

/**
 * Rows, columns and type of a `.npy` or `.fvecs` matrix, and that the file is as long as they say. Throws
 * `missing-artefact`, `bad-vectors`.
 */
export const matrixShape = (path: string): Promise<MatrixShape> =>
  withOpenFile(path, async (handle) => {
    const { count, dim, dtype } = await layoutOf(handle, path);
    return { count, dim, dtype };
  });

/**
 * Reads a `.npy` (float32 or float16) or `.fvecs` matrix into a SharedArrayBuffer of float32: as it lies, or its rows in the
 * places the caller gives. Throws `missing-artefact`; `bad-vectors` naming file, field, expected and found.
 */
export const readMatrix = (path: string, options: ReadMatrixOptions = {}): Promise<AdVectors> =>
  withOpenFile(path, async (handle) => rowsOf(handle, await layoutOf(handle, path, options.raw), options));

/** Reads rows of a known layout. */
export const rowsOf = async (
  handle: FileHandle,
  layout: RowLayout,
  { place, rows }: ReadMatrixOptions,
): Promise<AdVectors> => {
  checkLength(layout, (await handle.stat()).size);
  const count = rows ?? layout.count;
  const data = new Float32Array(new SharedArrayBuffer(count * layout.dim * 4));
  await readRows(handle, layout, data, place);
  return { count, dim: layout.dim, data };
};

/** Opens for reading, and closes whatever happens. */
export const withOpenFile = async <T>(path: string, use: (handle: FileHandle) => Promise<T>): Promise<T> => {
  requireLittleEndian();
  const handle = await openRegular(path).catch(missingFile(path));
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
};

const layoutOf = async (handle: FileHandle, path: string, raw?: ReadMatrixOptions['raw']): Promise<RowLayout> => {
  const layout = await byEnding(handle, path, raw);
  checkLength(layout, (await handle.stat()).size);
  if (raw !== undefined && layout.count !== raw.count)
    throw badVectors(path, 'the number of rows differs from the manifest', {
      expected: `${raw.count} rows`,
      found: `${layout.count} rows`,
      todo: 'put the right file back, or correct count in recall.json',
    });
  return layout;
};

const byEnding = async (handle: FileHandle, path: string, raw: ReadMatrixOptions['raw']): Promise<RowLayout> => {
  const ending = extname(path).toLowerCase();
  if (ending === '.npy') return npyLayout(await readNpyHeader(handle, path), path);
  if (ending === '.fvecs') return fvecsLayout(handle, path);
  if (raw !== undefined) return { path, ...raw, dtype: 'float32', offset: 0, prefix: 0 };
  throw new RecallError('bad-vectors', `${path}: a file of vectors of a kind that is not known`, {
    expected: 'a name that ends in .npy or .fvecs',
    found: ending === '' ? 'no ending' : ending,
    todo: 'save it as .npy: `np.save(path, x)`',
  });
};

export const requireLittleEndian = (): void => {
  if (endianness() !== 'LE')
    throw new RecallError('unsupported', 'vector files are little-endian and this machine is not');
};
