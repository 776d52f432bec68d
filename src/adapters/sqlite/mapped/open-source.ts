import Database from 'better-sqlite3';
import type { SampleMapping } from '../../../domain/sample/mapping.ts';
import { RecallError } from '../../../errors.ts';
import { checkHeader } from '../open.ts';
import { addFunctions } from './functions.ts';
import { createSourceViews, type SourceViews } from './views.ts';

type Db = Database.Database;

/**
 * Opens a team's file read-only, checks what the mapping names, and lays our views over it (TEMP: they live in memory).
 * Throws `bad-sample` naming file, table and column.
 */
export const openSource = (path: string, mapping: SampleMapping): { db: Db; views: SourceViews } => {
  checkHeader(path);
  let db: Db | null = null;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    db.pragma('temp_store = MEMORY');
    addFunctions(db);
    return { db, views: createSourceViews(db, path, mapping) };
  } catch (cause) {
    db?.close();
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('bad-sample', `${path} cannot be read through the mapping`, {
      expected: 'an intact SQLite database',
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'close the program that writes it, or map a copy',
      cause,
    });
  }
};

/** The derived tables of the file, in the same connection, as read-only as the file itself. */
export const attachCache = (db: Db, path: string): void => {
  db.prepare('ATTACH ? AS recall_cache').run(path);
};
