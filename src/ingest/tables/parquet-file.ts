import type { FileHandle } from 'node:fs/promises';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { openRegular } from '../../base/regular-file.ts';

/** A Parquet file that is open, and its footer. */
export interface ParquetFile {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  close(): Promise<void>;
}

/** Rows `from` (inclusive, from 0) to `until` (exclusive): those of one row group. */
export interface RowRange {
  readonly from: number;
  readonly until: number;
}

export type ParquetRows = ReadonlyArray<readonly unknown[]>;

/** The thread that decodes pages: what it is asked and what it says. */
export interface PagesTask {
  readonly path: string;
  readonly columns: readonly string[];
}
export type PagesReply =
  | { readonly kind: 'ready' }
  /** A page is decoded: it has not come to a halt. */
  | { readonly kind: 'page' }
  | { readonly kind: 'rows'; readonly rows: ParquetRows }
  | { readonly kind: 'failed'; readonly message: string };

const bufferOf = (handle: FileHandle, byteLength: number): AsyncBuffer => ({
  byteLength,
  slice: async (start, end = byteLength) => {
    const from = start < 0 ? byteLength + start : start;
    const bytes = new Uint8Array(Math.max(0, Math.min(end, byteLength) - from));
    await handle.read(bytes, 0, bytes.length, from);
    return bytes.buffer;
  },
});

/** Opens a file and reads its footer. Throws what hyparquet says of a footer that is none. */
export const openParquet = async (path: string): Promise<ParquetFile> => {
  const { parquetMetadataAsync } = await import('hyparquet');
  const handle = await openRegular(path);
  try {
    const file = bufferOf(handle, (await handle.stat()).size);
    return { file, metadata: await parquetMetadataAsync(file), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
};

/** The rows of a range, columns in the order asked. Throws what hyparquet says of a page that is none. */
export const decodeRows = async (
  { file, metadata }: ParquetFile,
  columns: readonly string[],
  { from, until }: RowRange,
  onPage: () => void = () => undefined,
): Promise<ParquetRows> => {
  const [{ parquetRead }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const read: Array<readonly unknown[]> = [];
  await parquetRead({
    file,
    metadata,
    compressors,
    columns: [...columns],
    rowStart: from,
    rowEnd: until,
    onPage,
    onComplete: (rows) => {
      for (const row of rows) read.push(row);
    },
  });
  return read;
};
