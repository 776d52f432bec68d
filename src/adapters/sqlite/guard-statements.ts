import type Database from 'better-sqlite3';

type Db = Database.Database;

/** Names of the ways to run a statement; `iterate` is another: it fails while it is read. */
const ways = ['get', 'all', 'run'] as const;

/**
 * Every failure of the statements of this connection, prepared from now on, is thrown as what `explain` makes of it.
 * While it explains, statements of its own fail as they are. Each runs within `around`.
 */
export const guardStatements = (
  db: Db,
  explain: (error: unknown, sql: string) => unknown,
  around: <T>(run: () => T) => T = (run) => run(),
): void => {
  const prepare = db.prepare.bind(db);
  let explaining = false;
  const explained = (error: unknown, sql: string): unknown => {
    if (explaining) return error;
    explaining = true;
    try {
      return explain(error, sql);
    } finally {
      explaining = false;
    }
  };
  const guarded = <T>(sql: string, run: () => T): T => {
    try {
      return around(run);
    } catch (error) {
      throw explained(error, sql);
    }
  };
  const prepareGuarded = (sql: string): unknown => {
    const statement = guarded(sql, () => prepare(sql));
    for (const way of ways) {
      const run: unknown = statement[way];
      if (typeof run !== 'function') continue;
      const value = (...args: unknown[]): unknown => guarded(sql, () => Reflect.apply(run, statement, args));
      Object.defineProperty(statement, way, { value });
    }
    const iterate: unknown = statement.iterate;
    if (typeof iterate === 'function')
      Object.defineProperty(statement, 'iterate', {
        value: function* (...args: unknown[]): Generator<unknown> {
          try {
            yield* Reflect.apply(iterate, statement, args);
          } catch (error) {
            throw explained(error, sql);
          }
        },
      });
    return statement;
  };
  Object.defineProperty(db, 'prepare', { value: prepareGuarded });
};
