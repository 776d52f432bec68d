import Database from 'better-sqlite3';
import { endable } from '../../../base/endable.ts';
import type { ColumnProfile, SqliteProfile, TableProfile } from '../../../domain/sample/profile.ts';
import { checkHeader } from '../open.ts';
import { namingDamage } from './damaged.ts';
import { idText, quoteName } from './sql.ts';

type Db = Database.Database;

const profiled = 2_000;

const profileColumn = (db: Db, table: string, name: string, rows: number): ColumnProfile => {
  const [t, c] = [`main.${quoteName(table)}`, quoteName(name)];
  const values = db
    .prepare<[], string>(
      `SELECT DISTINCT CAST(${c} AS TEXT) FROM (SELECT ${c} FROM ${t} WHERE ${c} IS NOT NULL LIMIT ${profiled})`,
    )
    .pluck()
    .all();
  const types = db
    .prepare<[], string>(
      `SELECT DISTINCT typeof(${c}) FROM (SELECT ${c} FROM ${t} WHERE ${c} IS NOT NULL LIMIT ${profiled})`,
    )
    .pluck()
    .all();
  const distinct = db.prepare<[], number>(`SELECT count(DISTINCT ${c}) FROM ${t}`).pluck().get() ?? 0;
  return { name, types, distinct, unique: rows > 0 && distinct === rows, values };
};

const profileTable = (db: Db, name: string): TableProfile => {
  const rows =
    db
      .prepare<[], number>(`SELECT count(*) FROM main.${quoteName(name)}`)
      .pluck()
      .get() ?? 0;
  const names = db
    .prepare(`SELECT * FROM main.${quoteName(name)} LIMIT 0`)
    .columns()
    .map((column) => column.name);
  return { name, rows, columns: names.map((column) => profileColumn(db, name, column, rows)) };
};

const profileOf = (db: Db): SqliteProfile => {
  const names = db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all();
  const tables = names.map((name) => profileTable(db, name));
  const overlaps = tables.flatMap((from) =>
    from.columns.flatMap((column) =>
      tables
        .filter((to) => to !== from)
        .flatMap((to) =>
          to.columns
            .filter((key) => key.unique)
            .map((key) => {
              const sql = `SELECT avg(recall_v IN (SELECT ${idText(key.name)} AS recall_id FROM main.${quoteName(to.name)} AS s WHERE recall_id IS NOT NULL))
      FROM (SELECT DISTINCT ${idText(column.name)} AS recall_v FROM main.${quoteName(from.name)} AS s WHERE recall_v IS NOT NULL LIMIT ${profiled})`;
              return {
                from: from.name,
                column: column.name,
                to: to.name,
                key: key.name,
                share: db.prepare<[], number | null>(sql).pluck().get() ?? 0,
              };
            }),
        ),
    ),
  );
  return { tables, overlaps: overlaps.filter(({ share }) => share > 0) };
};

/**
 * Tables of a SQLite file with what their columns hold, and how far the values of one column are found in another.
 * Read-only. Throws `bad-sample`.
 */
export const inspectSqlite = (path: string): SqliteProfile => {
  checkHeader(path);
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return endable(() => profileOf(db));
  } catch (error) {
    throw namingDamage(path, error);
  } finally {
    db.close();
  }
};
