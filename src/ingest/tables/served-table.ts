import { basename } from 'node:path';
import { readTime } from '../../base/time.ts';
import { columnOf, formOf } from '../../domain/sample/mapping.ts';
import {
  lackingFields,
  servedFieldOf,
  servedFields,
  type ServedColumns,
  type ServedField,
} from '../../domain/served/columns.ts';
import { notServed, requestsOf, type ServedCells } from '../../domain/served/table.ts';
import type { ServedFault, ServedLog } from '../../domain/served/served.ts';
import type { TableShape } from './table.ts';
import { readTabular } from './tabular.ts';

/** Files that hold a table of served lists; others are JSON lines of requests. */
export const isServedTable = (file: string): boolean => /\.(csv|tsv)(\.gz)?$|\.parquet$/i.test(file);

/** By the columns that were named, under their own names; else by the names of the header. `has` is known once the header is read. */
const shapeOf = (
  path: string,
  columns: ServedColumns | undefined,
): { shape: TableShape; fields: readonly ServedField[]; has: (field: ServedField) => boolean } => {
  if (columns === undefined) {
    let found: readonly string[] = [];
    const select = (names: readonly string[]): readonly string[] => {
      found = names;
      const lacking = lackingFields((field) => names.includes(field));
      if (lacking !== null)
        throw notServed(
          basename(path),
          `${lacking} in the header ${names.join(', ')}`,
          'name the columns: served.columns in recall.json',
        );
      return [];
    };
    return {
      shape: {
        columns: servedFields,
        optional: servedFields,
        header: true,
        rename: (header) => servedFieldOf(header) ?? header,
        select,
      },
      fields: servedFields,
      has: (field) => found.includes(field),
    };
  }
  const named = (field: ServedField): string | undefined =>
    field === 'time' ? columnOf(columns.time) : columns[field];
  const fields = servedFields.filter((field) => named(field) !== undefined);
  return {
    shape: { columns: fields.map((field) => named(field) ?? ''), header: true },
    fields,
    has: (field) => fields.includes(field),
  };
};

/**
 * Served lists as a table: `.csv`, `.tsv` (each also `.gz`) or `.parquet`, one row a request with its list, or one row a place
 * with ad and rank. Throws `bad-input` naming file and line where a fault is of no one request; `cancelled`.
 */
export const readServedTable = async (
  path: string,
  columns: ServedColumns | undefined,
  signal: AbortSignal,
): Promise<ServedLog> => {
  const { shape, fields, has } = shapeOf(path, columns);
  const form = formOf(columns?.time, 'first');
  const rows: ServedCells[] = [];
  const faults: ServedFault[] = [];
  const where = (line: number): string => `${path}, line ${line}`;
  const counter = {
    keep: () => undefined,
    reject: (line: number, reason: string, row: string) => {
      const error = notServed(where(line), `${reason}: ${row.slice(0, 60)}`, 'correct the line');
      // A lost row of a place would be read as an ad that was not served.
      if (!has('list')) throw error;
      faults.push({ userId: null, error });
    },
    empty: () => undefined,
    report: () => ({ file: path, read: 0, kept: 0, rejected: {}, firstLines: {}, emptied: {} }),
  };
  await readTabular(path, shape, { encoding: 'utf-8', signal, onBytes: () => undefined }, counter, (values, line) => {
    const cell = (field: ServedField): string => values[fields.indexOf(field)] ?? '';
    const time = cell('time').trim();
    rows.push({
      where: where(line),
      user: cell('user'),
      at: time === '' ? null : readTime(time, form),
      time,
      ads: has('list') ? cell('list') : cell('ad'),
      rank: cell('rank'),
      scores: cell('scores'),
      channels: cell('channels'),
    });
    return null;
  });
  const log = requestsOf(rows, has('list') ? { by: 'list', separator: columns?.separator ?? null } : { by: 'rank' });
  return { ...log, faults: [...faults, ...log.faults] };
};
