import type Database from 'better-sqlite3';
import { RecallError } from '../../../errors.ts';
import type { SourceView, SourceViews } from './views.ts';

type Db = Database.Database;

/** Refusals of the file system, which are no fault of what is read. */
const ofTheSystem = /^SQLITE_(FULL|READONLY|CANTOPEN|IOERR|NOMEM|BUSY|LOCKED)/;

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');

/** Is it SQLite that failed, over the file or over a statement? */
const isFailure = (error: unknown): error is Error =>
  error instanceof Error &&
  !(error instanceof RecallError) &&
  codeOf(error).startsWith('SQLITE_') &&
  !ofTheSystem.test(codeOf(error));

const longestSearchMs = 5_000;

/** The first row on which a column of a view fails, from 1; null where none does, or none was found in time. */
const failingRow = (db: Db, view: SourceView, column: string, until: number): { row: number; error: Error } | null => {
  let row = 0;
  try {
    for (const _ of db.prepare(`SELECT ${column} FROM ${view.name}`).pluck().iterate()) {
      row += 1;
      if (row % 1_000 === 0 && performance.now() > until) return null;
    }
    return null;
  } catch (error) {
    return error instanceof Error ? { row: row + 1, error } : null;
  }
};

const damaged = (path: string, error: Error): RecallError =>
  new RecallError('bad-sample', `${path} is damaged`, {
    expected: 'an intact SQLite database',
    found: error.message,
    todo: 'copy or write the file again, whole; `sqlite3 FILE "PRAGMA integrity_check"` says where',
    cause: error,
  });

const refused = (path: string, view: SourceView, where: string, error: Error): RecallError =>
  new RecallError('bad-sample', `${path}: ${view.label} cannot be read${where}`, {
    expected: 'a value on every row',
    found: error.message,
    todo:
      view.mayNotEnd === null
        ? `correct the table, or ${view.entry} in recall.json`
        : `correct ${view.entry} in recall.json: ${view.mayNotEnd.slice(0, 200)}`,
    cause: error,
  });

/**
 * A failure of SQLite while it read a team's file, as `bad-sample` naming table, column, row and statement, as far as they
 * are found by reading column by column; any other error passes through as it is.
 */
export const namingFailure = (db: Db, path: string, views: SourceViews, error: unknown): unknown => {
  if (!isFailure(error)) return error;
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error))) return damaged(path, error);
  const until = performance.now() + longestSearchMs;
  const all = [views.ads, ...(views.users === null ? [] : [views.users]), ...views.events];
  for (const view of views.friends === null ? all : [...all, views.friends])
    for (const [ours, theirs] of Object.entries(view.columns)) {
      const found = failingRow(db, view, ours, until);
      if (found !== null)
        return refused(path, view, `: row ${found.row}, column ${theirs ?? ours} (${view.entry}.${ours})`, found.error);
    }
  return new RecallError('bad-sample', `${path} cannot be read through the mapping`, {
    expected: 'an intact SQLite database, and SELECTs that give a value on every row',
    found: error.message,
    todo: 'correct sample.tables in recall.json, or the views of the file',
    cause: error,
  });
};

/** The same for reading without a mapping: only damage is named. */
export const namingDamage = (path: string, error: unknown): unknown =>
  isFailure(error) && /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error)) ? damaged(path, error) : error;
