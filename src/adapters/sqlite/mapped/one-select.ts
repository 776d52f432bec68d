import type Database from 'better-sqlite3';
import { RecallError } from '../../../errors.ts';

/** Ends of what SQL quotes, by its first character. */
const quotes: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']' };

/** The place behind what is quoted or commented out at `at`; null where nothing of that begins there. */
const behind = (sql: string, at: number): number | null => {
  const after = (end: string, from: number): number => {
    const found = sql.indexOf(end, from);
    return found < 0 ? sql.length : found + end.length;
  };
  if (sql.startsWith('--', at)) return after('\n', at);
  if (sql.startsWith('/*', at)) return after('*/', at + 2);
  const end = quotes[sql[at] ?? ''];
  return end === undefined ? null : after(end, at + 1);
};

/** The text up to the semicolon that ends its statement. */
const untilSemicolon = (sql: string): string => {
  for (let at = 0; at < sql.length;) {
    if (sql[at] === ';') return sql.slice(0, at);
    at = behind(sql, at) ?? at + 1;
  }
  return sql;
};

/**
 * A SELECT of a mapping as it stands in another statement: it must be one statement by itself. A semicolon and comments
 * may end it. Throws `bad-sample` with SQLite's reason; `entry` is the manifest's field.
 */
export const oneSelect = (db: Database.Database, path: string, entry: string, sql: string): string => {
  try {
    db.prepare(sql);
  } catch (cause) {
    throw new RecallError('bad-sample', `${path}: the SELECT of ${entry} cannot be read`, {
      expected: 'one SELECT over tables and columns that are there',
      found: cause instanceof Error ? cause.message : String(cause),
      todo: `correct the view or the SELECT, ${entry} in recall.json: ${sql.slice(0, 200)}`,
      cause,
    });
  }
  // The line break ends a comment that would take the bracket behind it.
  return `(${untilSemicolon(sql)}\n)`;
};
