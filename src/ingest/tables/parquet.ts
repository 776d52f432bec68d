import { basename } from 'node:path';
import type { FileMetaData } from 'hyparquet';
import { RecallError } from '../../errors.ts';
import type { ReadOptions } from './lines.ts';
import { openParquet } from './parquet-file.ts';
import { openPages } from './parquet-pages.ts';
import { cellsOf, textsOf } from './cells.ts';
import type { FileCounter } from './report.ts';
import { layoutOf, type RowHandler, type TableShape } from './table.ts';

const said = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replace(/\p{Cc}/gu, '.').slice(0, 300);

const notParquet = (path: string, cause: unknown): RecallError =>
  new RecallError('bad-input', `${basename(path)} is not a whole Parquet file`, {
    expected: 'PAR1 at both ends, and the schema before the last',
    found: said(cause),
    todo: 'write it again: the end of a file that was cut short is gone',
    cause,
  });

/** Every wanted column in a codec we can read, before a row is read. */
const checkCodecs = (
  path: string,
  { row_groups }: FileMetaData,
  wanted: readonly string[],
  readable: readonly string[],
): void => {
  for (const [g, group] of row_groups.entries()) {
    for (const { meta_data: meta } of group.columns) {
      const name = meta?.path_in_schema[0];
      if (meta === undefined || name === undefined || !wanted.includes(name) || readable.includes(meta.codec)) continue;
      throw new RecallError(
        'bad-input',
        `${basename(path)}: column ${name} is compressed in a way this program cannot read`,
        {
          expected: `codec ${readable.join(', ')}`,
          found: `codec ${String(meta.codec ?? 'unknown')} (row group ${g})`,
          todo: "write the file with another codec: df.to_parquet(…, compression='zstd')",
        },
      );
    }
  }
};

/** Digits behind the point of each DECIMAL column: hyparquet multiplies by 10^−scale in floating point. */
const decimalScales = ({ schema }: FileMetaData): ReadonlyMap<string, number> =>
  new Map(
    schema.flatMap(({ name, converted_type: converted, logical_type: logical, scale = 0 }): Array<[string, number]> =>
      converted === 'DECIMAL' || logical?.type === 'DECIMAL' ? [[name, scale]] : [],
    ),
  );

/** The decimal as it was written: 19.99, not 19.990000000000002. */
const exactDecimal = (value: unknown, scale: number | undefined): unknown =>
  typeof value === 'number' && scale !== undefined && Number.isFinite(value)
    ? Number(value.toFixed(Math.min(100, scale)))
    : value;

/** A row for the log of rejected ones; nested values are not written out: they may be deeper than the stack. */
const rowText = (row: readonly unknown[]): string =>
  row
    .map((value) => (typeof value === 'object' && value !== null && !(value instanceof Date) ? '…' : String(value)))
    .join(',');

/**
 * Reads a Parquet file row group by row group, the wanted columns only: memory holds one row group of them. Rows are
 * numbered from 1. Throws `bad-input` naming file, column and codec; `cancelled`.
 */
export const readParquet = async (
  path: string,
  shape: TableShape,
  { onBytes, signal }: ReadOptions,
  counter: FileCounter,
  onRow: RowHandler,
): Promise<void> => {
  const [{ parquetSchema }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const file = await openParquet(path).catch((cause: unknown) => {
    throw cause instanceof RecallError ? cause : notParquet(path, cause);
  });
  try {
    const { metadata } = file;
    const theirs = parquetSchema(metadata).children.map(({ element }) => element.name);
    const ours = theirs.map((name) => (shape.rename ?? String)(name));
    const { positions } = layoutOf(path, ours, shape);
    const cells = cellsOf(theirs, ours, positions, shape);
    const scales = decimalScales(metadata);
    const columns = [...new Set(positions.flatMap((position) => theirs[position] ?? []))];
    checkCodecs(path, metadata, columns, ['UNCOMPRESSED', ...Object.keys(compressors)]);
    const at = positions.map((position) => (position < 0 ? -1 : columns.indexOf(theirs[position] ?? '')));
    const pages = openPages(file, { path, columns }, signal);
    try {
      let from = 0;
      for (const [g, group] of metadata.row_groups.entries()) {
        if (signal.aborted) throw new RecallError('cancelled', 'the import was stopped');
        const until = from + Number(group.num_rows);
        const read = await pages.read({ from, until }).catch((cause: unknown) => {
          if (cause instanceof RecallError && cause.code === 'cancelled') throw cause;
          throw new RecallError('bad-input', `${basename(path)}: row group ${g} cannot be read`, {
            expected: 'pages as the Parquet format says',
            found: said(cause),
            cause,
          });
        });
        for (const [i, row] of read.entries()) {
          const values = at.map((position, c) =>
            position < 0 ? null : exactDecimal(row[position], scales.get(cells[c]?.theirs ?? '')),
          );
          const texts = textsOf(values, cells, counter);
          const problem = typeof texts === 'string' ? texts : onRow(texts, from + i + 1);
          if (problem === null) counter.keep();
          else counter.reject(from + i + 1, problem, rowText(row));
        }
        from = until;
        onBytes(g + 1, metadata.row_groups.length);
      }
    } finally {
      await pages.close();
    }
  } finally {
    await file.close();
  }
};
