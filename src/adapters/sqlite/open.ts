import Database from 'better-sqlite3';
import { closeSync, readSync } from 'node:fs';
import { openRegularSync } from '../../base/regular-file.ts';
import { RecallError } from '../../errors.ts';
import { guardStatements } from './guard-statements.ts';
import { requiredColumns, sampleFormat } from './schema.ts';

type Db = Database.Database;

const magic = 'SQLite format 3\0';
const importAgain = 'make the sample with `recall-tui import FORMAT SOURCE --out DIR`';

const header = (path: string): Buffer => {
  const bytes = Buffer.alloc(100);
  let handle: number;
  try {
    handle = openRegularSync(path);
  } catch (cause) {
    throw new RecallError('bad-sample', `cannot read the sample ${path}`, {
      expected: 'a readable SQLite file',
      found: cause instanceof Error ? cause.message : String(cause),
      todo: importAgain,
      cause,
    });
  }
  try {
    return bytes.subarray(0, readSync(handle, bytes, 0, 100, 0));
  } finally {
    closeSync(handle);
  }
};

const printable = (bytes: Buffer): string => JSON.stringify(bytes.toString('latin1').replace(/[^\x20-\x7e]/g, '.'));

/** Throws `bad-sample` for what is no SQLite file, or one that cannot be read without writing next to it. */
export const checkHeader = (path: string): void => {
  const bytes = header(path);
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) {
    throw new RecallError('bad-sample', `${path} is not a SQLite file`, {
      expected: 'a file that begins with "SQLite format 3"',
      found: bytes.length === 0 ? 'an empty file' : printable(bytes.subarray(0, 16)),
      todo: importAgain,
    });
  }
  // Bytes 18 and 19 are 2 in write-ahead-log mode: reading it would create -wal and -shm next to a team's file.
  if (bytes[18] === 2 || bytes[19] === 2) {
    throw new RecallError('bad-sample', `${path} is in write-ahead-log mode`, {
      expected: 'journal mode DELETE',
      found: 'journal mode WAL',
      todo: 'run `PRAGMA journal_mode=DELETE` on a copy of it',
    });
  }
};

const checkTables = (db: Db, path: string): void => {
  const columnsOf = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck();
  for (const [table, expected] of Object.entries(requiredColumns)) {
    const found = columnsOf.all(table);
    if (found.length === 0) {
      throw new RecallError('bad-sample', `${path} has no table ${table}`, {
        expected: `table ${table}(${expected.join(', ')})`,
        found: `tables ${tableNames(db).join(', ') || '(none)'}`,
        todo: importAgain,
      });
    }
    const missing = expected.filter((column) => !found.includes(column));
    if (missing.length > 0) {
      throw new RecallError('bad-sample', `${path}: table ${table} has no column ${missing.join(', ')}`, {
        expected: expected.join(', '),
        found: found.join(', '),
        todo: importAgain,
      });
    }
  }
};

export const tableNames = (db: Db): string[] =>
  db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();

const wrapped = (path: string, cause: unknown): unknown => {
  if (cause instanceof RecallError) return cause;
  return new RecallError('bad-sample', `${path} cannot be opened as a sample`, {
    expected: 'an intact SQLite database',
    found: cause instanceof Error ? cause.message : String(cause),
    todo: importAgain,
    cause,
  });
};

export interface SampleMeta {
  readonly users: number;
  readonly ads: number;
  readonly events: number;
  readonly friends: number;
}

export const readMeta = (db: Db, path: string, table = 'meta', expected = sampleFormat): SampleMeta => {
  const select = db.prepare<[string], string>(`SELECT value FROM ${table} WHERE key = ?`).pluck();
  const format = select.get('format');
  if (format !== expected) {
    throw new RecallError('bad-sample', `${path} is another kind of sample`, {
      expected,
      found: format ?? 'no format',
      todo: importAgain,
    });
  }
  const number = (key: string): number => {
    const value = Number(select.get(key));
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new RecallError('bad-sample', `${path}: meta.${key} is not a count`, {
      expected: 'a whole number',
      found: String(select.get(key)),
      todo: importAgain,
    });
  };
  return { users: number('users'), ads: number('ads'), events: number('events'), friends: number('friends') };
};

/** A page of the file that is damaged, or a cell that is none, as `bad-sample` with the table that was read. */
const namingTable = (path: string, error: unknown, sql: string): unknown => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!(error instanceof Error) || !/^SQLITE_(CORRUPT|NOTADB|ERROR|MISMATCH|TOOBIG)/.test(code)) return error;
  const table = /\b(?:FROM|INTO)\s+([\w.]+)/i.exec(sql)?.[1] ?? 'a table';
  return new RecallError('bad-sample', `${path}: ${table} cannot be read`, {
    expected: 'an intact SQLite database',
    found: error.message,
    todo: importAgain,
    cause: error,
  });
};

/** Throws `bad-sample` with what SQLite says of the first page that is damaged. Reads the whole file. */
export const checkPages = (db: Db, path: string): void => {
  const said = String(db.pragma('quick_check(1)', { simple: true }));
  if (said !== 'ok')
    throw new RecallError('bad-sample', `${path} has a damaged page`, {
      expected: 'an intact SQLite database',
      found: said.split('\n', 1)[0] ?? said,
      todo: importAgain,
    });
};

/**
 * Opens read-only and checks the shape. Nothing is created next to the file. Throws `bad-sample` naming
 * the file, and the table or column that is not there.
 */
export const openChecked = (path: string): { db: Db; meta: SampleMeta } => {
  checkHeader(path);
  let db: Db | null = null;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    db.pragma('temp_store = MEMORY');
    db.pragma('query_only = ON');
    checkTables(db, path);
    const meta = readMeta(db, path);
    guardStatements(db, (error, sql) => namingTable(path, error, sql));
    return { db, meta };
  } catch (cause) {
    db?.close();
    throw wrapped(path, cause);
  }
};
