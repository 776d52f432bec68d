import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Random } from '../../../src/domain/random.ts';
import { generic } from './bytes.ts';
import { damaged, oneOf, onCopy, pick, type Mutate, type Mutation } from './mutation.ts';

type Db = Database.Database;

interface Change {
  readonly what: string;
  readonly breaks?: boolean;
}

/** Changes a copy of the database by statements; those that SQLite itself refuses leave it as it was. */
const bySql =
  (change: (db: Db, random: Random) => Change): Mutate =>
  (bytes, random): Mutation => {
    const dir = mkdtempSync(join(tmpdir(), 'recall-fuzz-sql-'));
    try {
      const path = join(dir, 'copy.sqlite');
      writeFileSync(path, bytes);
      const db = new Database(path);
      let done: Change;
      try {
        db.pragma('journal_mode = OFF');
        db.pragma('synchronous = OFF');
        db.unsafeMode();
        db.pragma('writable_schema = ON');
        done = change(db, random);
      } catch (error) {
        done = { what: `SQLite refused: ${String(error)}` };
      } finally {
        db.close();
      }
      return damaged(readFileSync(path), done.what, done.breaks ?? false);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  };

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const tablesOf = (db: Db): string[] =>
  db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\'",
    )
    .pluck()
    .all();

const columnsOf = (db: Db, table: string): string[] =>
  db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);

const values: readonly string[] = [
  'NULL',
  '-1',
  '0',
  '1e308',
  '9e999',
  '-9e999',
  '9223372036854775807',
  '9007199254740993',
  "''",
  "'a' || char(10) || '::error::pwned'",
  "char(27) || '[2J'",
  'char(0)',
  "x'ff00fe'",
  'zeroblob(100000)',
  "'not a number'",
  '\'{"a":\'',
  '\'{"__proto__":{"a":[1]}}\'',
  "replace(hex(zeroblob(2500)), '00', '[')",
  "printf('%.100000c', 'x')",
  "cast(x'c328' AS TEXT)",
];

const cell = (db: Db, random: Random): Change => {
  const table = pick(random, tablesOf(db));
  const column = pick(random, columnsOf(db, table));
  const value = pick(random, values);
  const where = pick(random, ['', ` WHERE rowid % ${2 + random.below(5)} = 0`]);
  const set = `${quoted(table)} SET ${quoted(column)} = ${value}`;
  try {
    db.exec(`UPDATE OR REPLACE ${set}${where}`);
  } catch {
    db.exec(`UPDATE OR REPLACE ${set}`);
  }
  return { what: `UPDATE ${set.slice(0, 90)}${where}` };
};

const changes: ReadonlyArray<readonly [share: number, change: (db: Db, random: Random) => Change]> = [
  [6, cell],
  [
    1,
    (db, random) => {
      const table = pick(random, tablesOf(db));
      db.exec(`DROP TABLE ${quoted(table)}`);
      return { what: `without table ${table}`, breaks: true };
    },
  ],
  [
    1,
    (db, random) => {
      const table = pick(random, tablesOf(db));
      const column = pick(random, columnsOf(db, table));
      db.exec(`ALTER TABLE ${quoted(table)} RENAME COLUMN ${quoted(column)} TO ${quoted(`${column}_`)}`);
      return { what: `without column ${table}.${column}`, breaks: true };
    },
  ],
  [
    1,
    (db, random) => {
      const table = pick(random, tablesOf(db));
      db.exec(`ALTER TABLE ${quoted(table)} RENAME TO held_`);
      db.exec(
        pick(random, [
          `CREATE VIEW ${quoted(table)} AS SELECT * FROM held_`,
          `CREATE VIEW ${quoted(table)} AS SELECT * FROM held_ WHERE 0`,
          `CREATE VIEW ${quoted(table)} AS SELECT * FROM nowhere`,
          `CREATE VIEW ${quoted(table)} AS SELECT * FROM held_ UNION ALL SELECT * FROM held_`,
          `CREATE VIEW ${quoted(table)} AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT held_.* FROM held_, n`,
          `CREATE VIEW ${quoted(table)} AS SELECT * FROM ${quoted(table)}`,
        ]),
      );
      return { what: `${table} is a view` };
    },
  ],
  [
    1,
    (db, random) => {
      const table = pick(random, tablesOf(db));
      db.exec(`CREATE TRIGGER t_ AFTER INSERT ON ${quoted(table)} BEGIN DELETE FROM ${quoted(table)}; END`);
      db.exec(`DELETE FROM ${quoted(table)} WHERE rowid % 3 = 1`);
      return { what: `a trigger, and a third of ${table} is gone` };
    },
  ],
  [
    1,
    (db, random) => {
      const table = pick(random, tablesOf(db));
      db.exec(`DELETE FROM ${quoted(table)}`);
      return { what: `${table} is empty` };
    },
  ],
  [
    1,
    (db, random) => {
      const table = pick(random, tablesOf(db));
      const columns = columnsOf(db, table);
      const from = columns.map((one) => (random.next() < 0.2 ? pick(random, values) : quoted(one)));
      db.exec(
        `CREATE TABLE made_ AS SELECT ${from.map((one, i) => `${one} AS ${quoted(columns[i] ?? '')}`).join(', ')} FROM ${quoted(table)}; DROP TABLE ${quoted(table)}; ALTER TABLE made_ RENAME TO ${quoted(table)}`,
      );
      return {
        what: `${table} without types or keys: ${from
          .filter((one) => !one.startsWith('"'))
          .join(', ')
          .slice(0, 60)}`,
      };
    },
  ],
  [
    1,
    (db, random) => {
      db.pragma(`encoding = '${pick(random, ['UTF-16le', 'UTF-8'])}'`);
      db.pragma(`user_version = ${pick(random, [-1, 7, 2147483647])}`);
      db.exec(pick(random, ['VACUUM', 'REINDEX', 'PRAGMA application_id = 7', 'PRAGMA auto_vacuum = 1; VACUUM']));
      return { what: 'written again in another way' };
    },
  ],
  [
    1,
    (db, random) => {
      const name = pick(
        random,
        db.prepare<[], string>('SELECT name FROM sqlite_schema WHERE sql IS NOT NULL').pluck().all(),
      );
      const sql = pick(random, [
        "sql || ' WITHOUT ROWID'",
        "'CREATE TABLE x (a)'",
        "replace(sql, 'TEXT', 'BLOB')",
        'NULL',
        "'nonsense'",
      ]);
      db.prepare(`UPDATE sqlite_schema SET sql = ${sql} WHERE name = ?`).run(name);
      return { what: `the schema of ${name} = ${sql}` };
    },
  ],
  [
    0.5,
    (db, random) => {
      const name = pick(
        random,
        db.prepare<[], string>('SELECT name FROM sqlite_schema WHERE rootpage > 0').pluck().all(),
      );
      const page = pick(random, [0, 1, 2, 999_999]);
      db.prepare('UPDATE sqlite_schema SET rootpage = ? WHERE name = ?').run(page, name);
      return { what: `${name} begins on page ${page}` };
    },
  ],
];

/** What is written by `src/adapters/sqlite/packed.ts`: blobs that are read as typed arrays, and lists as JSON. */
const packed = (db: Db, random: Random): Change => {
  const names = db.prepare<[], string>('SELECT name FROM columns').pluck().all();
  const name = pick(random, names);
  const data =
    db.prepare<[string], Buffer>('SELECT data FROM columns WHERE name = ?').pluck().get(name) ?? Buffer.alloc(0);
  const isText = data[0] === 0x5b;
  const [what, bytes, breaks] = pick<readonly [string, Buffer, boolean]>(random, [
    ['cut', data.subarray(0, Math.max(0, data.length - 1 - random.below(8))), false],
    ['empty', Buffer.alloc(0), false],
    ['of 0xff', Buffer.alloc(data.length, 0xff), false],
    ['of zeros', Buffer.alloc(data.length), false],
    ['of NaN', Buffer.alloc(data.length, Buffer.from(Float64Array.of(Number.NaN).buffer)), false],
    ['longer', Buffer.concat([data, Buffer.alloc(8)]), false],
    ['turned', Buffer.from(data.toReversed()), false],
    isText ? ['no list', Buffer.from('{"a":1}'), false] : ['of 0x7f', Buffer.alloc(data.length, 0x7f), false],
    isText ? ['a list of numbers', Buffer.from('[1,null,{}]'), false] : ['damaged', generic(data, random).bytes, false],
  ]);
  db.prepare('UPDATE columns SET data = ? WHERE name = ?').run(bytes, name);
  return { what: `the packed column ${name} is ${what}`, breaks };
};

const counts = (db: Db, random: Random): Change => {
  const key = pick(random, ['users', 'ads', 'events', 'friends', 'format']);
  const value = pick(random, ['0', '1', '-1', '1e9', 'NaN', '', '9007199254740993', null]);
  if (value === null) db.prepare('DELETE FROM meta WHERE key = ?').run(key);
  else db.prepare('UPDATE meta SET value = ? WHERE key = ?').run(value, key);
  return { what: `meta.${key} = ${value}`, breaks: key === 'users' || key === 'ads' || key === 'format' };
};

const headers: Mutate = onCopy((copy, random) => {
  const at = pick(random, [16, 18, 19, 20, 21, 22, 23, 24, 28, 32, 36, 40, 44, 52, 56, 96]);
  const value = pick(random, [0, 1, 2, 3, 64, 255]);
  copy[at] = value;
  return { what: `byte ${at} of the header = ${value}` };
});

/** The first bytes of a page say what it is and where its cells lie. */
const pages: Mutate = onCopy((copy, random) => {
  const size = copy.readUInt16BE(16) || 4096;
  const page = random.below(Math.max(1, Math.floor(copy.length / size)));
  const at = page * size + (page === 0 ? 100 : 0);
  const [offset, value] = [random.below(16), random.below(256)];
  if (at + offset >= copy.length) return null;
  copy[at + offset] = value;
  return { what: `byte ${offset} of page ${page + 1} = ${value}` };
});

const pageCut: Mutate = (bytes, random) => {
  const size = bytes.readUInt16BE(16) || 4096;
  const length = random.below(Math.max(1, Math.floor(bytes.length / size))) * size;
  return damaged(bytes.subarray(0, length), `cut after ${length} bytes, at a page`);
};

const byStatements = oneOf(...changes.map(([share, change]) => [share, bySql(change)] as const));
const inPages = oneOf([1, headers], [2, pages], [1, pageCut], [2, generic]);

/** A SQLite file of a team. */
export const teamSqlite: Mutate = oneOf([6, withoutCertainty(byStatements)], [4, inPages]);

/** A sample of ours. */
export const sampleSqlite: Mutate = oneOf([5, byStatements], [3, bySql(packed)], [1, bySql(counts)], [4, inPages]);

/** What was derived from a team's file: it is derived again where it is damaged. */
export const derivedSqlite: Mutate = oneOf([3, withoutCertainty(byStatements)], [5, inPages]);

/** Whether a mapping misses a table or a column is its own affair. */
function withoutCertainty(mutate: Mutate): Mutate {
  return (bytes, random) => ({ ...mutate(bytes, random), breaks: false });
}
