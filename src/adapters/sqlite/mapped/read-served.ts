import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { isRecord } from '../../../base/json.ts';
import { columnOf, type TableSource } from '../../../domain/sample/mapping.ts';
import type { ServedColumns } from '../../../domain/served/columns.ts';
import { requestsOf, type ServedCells } from '../../../domain/served/table.ts';
import type { ServedLog } from '../../../domain/served/served.ts';
import { fromPlain, RecallError, toPlain } from '../../../errors.ts';
import { checkHeader } from '../open.ts';
import { checkSource, type Source } from './check-source.ts';
import { inSqlProcess } from './sql-process.ts';
import type { PlainLog } from './sql-protocol.ts';
import { addFunctions } from './functions.ts';
import { column, idText, text, time } from './sql.ts';

type Db = Database.Database;

interface Row {
  readonly user: string | null;
  readonly at: number | string | null;
  readonly time: string;
  readonly ads: string | null;
  readonly rank: string | null;
  readonly scores: string;
  readonly channels: string;
}

const rowsOf = (db: Db, { sql, rowid }: Source, columns: ServedColumns): Row[] => {
  const ads = columns.list === undefined ? idText(columns.ad) : text(columns.list);
  return db
    .prepare<[], Row>(
      `SELECT ${idText(columns.user)} AS user, ${time(columns.time, 'first')} AS at, coalesce(CAST(${column(columnOf(columns.time))} AS TEXT), '') AS time, ${ads} AS ads,
    ${idText(columns.rank)} AS rank, ${text(columns.scores)} AS scores, ${text(columns.channels)} AS channels FROM ${sql} AS s ${rowid === null ? '' : `ORDER BY s.${rowid}`}`,
    )
    .all();
};

/**
 * The same from anywhere in the file: a SELECT or a view runs in a process of its own, which is ended where it does not
 * end. Throws `cancelled` besides.
 */
export const readServedSelect = async (
  path: string,
  from: TableSource,
  columns: ServedColumns,
  signal: AbortSignal,
): Promise<ServedLog> => {
  const task = { kind: 'served', path, from, columns } as const;
  return (await inSqlProcess(task, { signal }, logFrom)) ?? readServedRows(path, from, columns);
};

const isPlainLog = (value: unknown): value is PlainLog =>
  isRecord(value) && Array.isArray(value['requests']) && Array.isArray(value['faults']);

const logFrom = (value: unknown): ServedLog => {
  if (!isPlainLog(value)) throw new Error('no served requests');
  return { ...value, faults: value.faults.map((fault) => ({ ...fault, error: fromPlain(fault.error) })) };
};

/** The log as it goes to another process, which knows no class of errors. */
export const plainLog = ({ requests, faults }: ServedLog): PlainLog => ({
  requests,
  faults: faults.map((fault) => ({ ...fault, error: toPlain(fault.error) })),
});

/**
 * Served lists of a table, a view or a SELECT of a team's SQLite file, opened read-only as its mapping opens it: ids, times and
 * columns read alike. Throws `bad-sample` naming file, table and column, `bad-input` naming the row
 * where a fault is of no one request.
 */
export const readServedRows = (
  path: string,
  from: TableSource,
  columns: ServedColumns,
  onStatements: (statements: readonly string[]) => void = () => undefined,
): ServedLog => {
  checkHeader(path);
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    db.pragma('temp_store = MEMORY');
    addFunctions(db);
    const { separator, time: at, ...plain } = columns;
    const source = checkSource(db, path, 'served.columns', from, { ...plain, time: columnOf(at) });
    onStatements(source.mayNotEnd === null ? [] : [`served: ${source.mayNotEnd}`]);
    const cells = rowsOf(db, source, columns).map((row, i): ServedCells => ({
      where: `${basename(path)}: ${source.label}, row ${i + 1}`,
      user: row.user ?? '',
      at: typeof row.at === 'number' ? row.at : null,
      time: row.time,
      ads: row.ads ?? '',
      rank: row.rank ?? '',
      scores: row.scores,
      channels: row.channels,
    }));
    return requestsOf(
      cells,
      columns.list === undefined ? { by: 'rank' } : { by: 'list', separator: separator ?? null },
    );
  } catch (cause) {
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('bad-sample', `${path}: what was served cannot be read`, {
      expected: 'an intact SQLite database, and a SELECT that runs',
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'correct served in recall.json',
      cause,
    });
  } finally {
    db.close();
  }
};
