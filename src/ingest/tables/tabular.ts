import { readJsonl } from './jsonl.ts';
import type { ReadOptions } from './lines.ts';
import { readParquet } from './parquet.ts';
import type { FileCounter } from './report.ts';
import { readTable, type RowHandler, type TableShape } from './table.ts';

const readerOf = (file: string): typeof readTable =>
  file.endsWith('.parquet') ? readParquet : /\.(jsonl|ndjson)$/.test(file) ? readJsonl : readTable;

/**
 * Reads a table row by row; its extension alone decides how: `.tsv`, `.jsonl`, `.ndjson` (each also `.gz`),
 * `.parquet`, else delimited as `shape` says. Throws `bad-input`.
 */
export const readTabular = async (
  path: string,
  shape: TableShape,
  read: ReadOptions,
  counter: FileCounter,
  onRow: RowHandler,
): Promise<void> => {
  const file = path.replace(/\.gz$/, '');
  await readerOf(file)(path, file.endsWith('.tsv') ? { ...shape, delimiter: '\t' } : shape, read, counter, onRow);
};
