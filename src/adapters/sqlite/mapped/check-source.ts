import type Database from 'better-sqlite3';
import { editDistance } from '../../../base/edit-distance.ts';
import type { TableSource } from '../../../domain/sample/mapping.ts';
import { RecallError } from '../../../errors.ts';
import { oneSelect } from './one-select.ts';
import { quoteName } from './sql.ts';

type Db = Database.Database;

/** A table, view or SELECT of the team's file, checked. */
export interface Source {
  /** Table name, or `SELECT …`: for messages. */
  readonly label: string;
  /** The text after FROM. */
  readonly sql: string;
  /** The SELECT or view that is read, which may have no end; null for a table. */
  readonly mayNotEnd: string | null;
  /** The column that finds a row again: the rowid of a table; null where there is none, and the id must do. */
  readonly rowid: string | null;
}

const nearest = (wrong: string, names: readonly string[]): string | null => {
  const [best] = names
    .map((name) => ({ name, distance: editDistance(wrong.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(2, wrong.length / 2) ? best.name : null;
};

const said = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const correct = (entry: string): string => `correct ${entry.slice(0, entry.lastIndexOf('.'))} in recall.json`;

interface Listed {
  readonly name: string;
  readonly type: string;
  readonly wr: number;
}

const listed = (db: Db): Listed[] =>
  db
    .prepare<[], Listed>(
      "SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .all();

/** Columns of a table or a view. A view that reads what is no longer there is named with SQLite's own reason. */
const columnsOf = (db: Db, path: string, label: string, from: string): string[] => {
  try {
    return db
      .prepare(`SELECT * FROM ${from} LIMIT 0`)
      .columns()
      .map(({ name }) => name);
  } catch (cause) {
    throw new RecallError('bad-sample', `${path}: ${label} cannot be read`, {
      expected: 'a table, or a view whose tables and columns are all there',
      found: said(cause),
      todo: 'correct the view or the SELECT, or map another table',
      cause,
    });
  }
};

const tableSource = (db: Db, path: string, entry: string, name: string): { source: Source; columns: string[] } => {
  const tables = listed(db);
  const found = tables.find((table) => table.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) {
    const names = tables.map((table) => table.name);
    const near = nearest(name, names);
    throw new RecallError('bad-sample', `${path} has no table ${name}`, {
      expected: `a table or view ${name}`,
      found: `tables ${names.join(', ') || '(none)'}`,
      todo: near === null ? correct(entry) : `did you mean ${near}? ${correct(entry)}`,
    });
  }
  const sql = `main.${quoteName(found.name)}`;
  const columns = columnsOf(db, path, `${found.type} ${found.name}`, sql);
  const alias =
    ['_rowid_', 'rowid', 'oid'].find((word) => !columns.some((column) => column.toLowerCase() === word)) ?? null;
  return {
    source: {
      label: found.name,
      sql,
      mayNotEnd: found.type === 'view' ? `view ${found.name}` : null,
      rowid: found.type === 'table' && found.wr === 0 ? alias : null,
    },
    columns,
  };
};

const selectSource = (db: Db, path: string, entry: string, select: string): { source: Source; columns: string[] } => {
  const label = `SELECT of ${path.split('/').at(-1) ?? path}`;
  const sql = oneSelect(db, path, entry, select);
  return { source: { label, sql, mayNotEnd: select, rowid: null }, columns: columnsOf(db, path, label, sql) };
};

/**
 * Checks one entry of the manifest (`sample.tables.ads`) against the file: the table and each column it names. Throws
 * `bad-sample` naming file, table and column.
 */
export const checkSource = (
  db: Db,
  path: string,
  entry: string,
  from: TableSource,
  mapped: Readonly<Record<string, string | undefined>>,
): Source => {
  const { source, columns } =
    typeof from === 'string' ? tableSource(db, path, entry, from) : selectSource(db, path, entry, from.sql);
  for (const [field, name] of Object.entries(mapped)) {
    if (name === undefined || columns.some((column) => column.toLowerCase() === name.toLowerCase())) continue;
    const near = nearest(name, columns);
    throw new RecallError('bad-sample', `${path}: ${source.label} has no column ${name}`, {
      expected: `column ${name} (${entry}.${field})`,
      found: columns.join(', '),
      todo: near === null ? correct(entry) : `did you mean ${near}? ${correct(entry)}`,
    });
  }
  return source;
};
