import { RecallError } from '../../../errors.ts';

/** A failure of SQLite while it read a team's file, as `bad-sample`; any other error passes through as it is. */
export const namingDamage = (path: string, error: unknown): unknown => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof RecallError || !(error instanceof Error) || !/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return error;
  return new RecallError('bad-sample', `${path} is damaged`, {
    expected: 'an intact SQLite database',
    found: error.message,
    todo: 'copy or write the file again, whole; `sqlite3 FILE "PRAGMA integrity_check"` says where',
    cause: error,
  });
};
