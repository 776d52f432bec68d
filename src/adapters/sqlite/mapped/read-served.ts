import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { columnOf, type TableSource } from '../../../domain/sample/mapping.ts';
import type { ServedColumns } from '../../../domain/served/columns.ts';
import { requestsOf, type ServedCells } from '../../../domain/served/table.ts';
import type { ServedLog } from '../../../domain/served/served.ts';
import { RecallError } from '../../../errors.ts';
import { checkHeader } from '../open.ts';
import { checkSource, type Source } from './check-source.ts';
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
 * Served lists of a table, a view or a SELECT of a team's SQLite file, opened read-only as its mapping opens it: ids, times and
 * columns read alike. Throws `bad-sample` naming file, table and column, `bad-input` naming the row
 * where a fault is of no one request.
 */
export const readServedRows = (path: string, from: TableSource, columns: ServedColumns): ServedLog => {
  checkHeader(path);
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    db.pragma('temp_store = MEMORY');
    addFunctions(db);
    const { separator, time: at, ...plain } = columns;
    const source = checkSource(db, path, 'served.columns', from, { ...plain, time: columnOf(at) });
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
