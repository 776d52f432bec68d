import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { realCli, type Ran } from '../support/real-cli.ts';

/** SQL of a mapping that SQLite prepares, and refuses or never ends on the rows. */
const root = mkdtempSync(join(tmpdir(), 'recall-sql-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const cli = (argv: readonly string[]): Promise<Ran> => realCli(argv, { XDG_CACHE_HOME: join(root, '.cache') });

const rows = 1_000;
const tables = {
  ads: { from: 'things', id: 'sku', title: 'name' },
  events: { from: 'actions', user: 'who', ad: 'what', at: { column: 'ts', unit: 'ms' }, kind: { constant: 'view' } },
};

/** A workspace over a file of 1,000 ads, whose titles are JSON but for the 900th. */
const team = (name: string, mapping: unknown, change: (path: string) => void = () => undefined): string => {
  const dir = join(root, name);
  mkdirSync(dir);
  const path = join(dir, 'team.db');
  const db = new Database(path);
  db.exec(
    'CREATE TABLE things (sku TEXT PRIMARY KEY, name TEXT, cents INTEGER); CREATE TABLE actions (who TEXT, what TEXT, ts INTEGER)',
  );
  const [thing, action] = ['INSERT INTO things VALUES (?, ?, ?)', 'INSERT INTO actions VALUES (?, ?, ?)'].map((sql) =>
    db.prepare(sql),
  );
  db.transaction(() => {
    for (let i = 1; i <= rows; i += 1) {
      thing?.run(`t${i}`, i === 900 ? '{"a": ' : `{"a": "thing ${i}"}`, i);
      action?.run(`u${i % 10}`, `t${i}`, Date.UTC(2024, 0, 1) + i);
    }
  })();
  db.exec(
    'CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS sku FROM n',
  );
  db.close();
  change(path);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  const sample = { kind: 'mapped', file: 'team.db', sha256, users: 0, ads: 0, events: 0, tables: mapping };
  const groups = [{ name: 'browse', source: 'events', kinds: ['view'] }];
  writeFileSync(join(dir, 'recall.json'), JSON.stringify({ format: 'recall-tui/workspace@1', name, groups, sample }));
  return dir;
};

const selecting = (sql: string): unknown => ({ ...tables, ads: { ...tables.ads, from: { sql } } });
let made = 0;
const asked = (sql: string): Promise<Ran> => cli(['ads', '-w', team(`of-${(made += 1)}`, selecting(sql))]);

describe('a SELECT of a mapping', () => {
  it('is refused where it fails on a row, with table, row, column and statement', async () => {
    const { code, err } = await asked("SELECT sku, json_extract(name, '$.a') AS name FROM things");
    expect(code).toBe(2);
    expect(err).toContain('SELECT of team.db cannot be read: row 900, column name (sample.tables.ads.title)');
    expect(err).toContain('found:    malformed JSON');
    expect(err).toContain("correct sample.tables.ads in recall.json: SELECT sku, json_extract(name, '$.a')");
  });

  it.each([
    [
      "SELECT sku, load_extension('x') AS name FROM things",
      'row 1, column name (sample.tables.ads.title)',
      'not authorized',
    ],
    ['SELECT sku, zeroblob(1100000000) AS name FROM things', 'row 1, column name (sample.tables.ads.title)', 'too big'],
    [
      'SELECT sku, no_such(name) AS name FROM things',
      'the SELECT of sample.tables.ads cannot be read',
      'no such function: no_such',
    ],
    [
      'SELECT sku, name FROM things) AS q JOIN (SELECT 1',
      'the SELECT of sample.tables.ads cannot be read',
      'syntax error',
    ],
    [
      'SELECT sku, name FROM things; DELETE FROM things',
      'the SELECT of sample.tables.ads cannot be read',
      'more than one statement',
    ],
    ['DELETE FROM things', 'SELECT of team.db cannot be read', 'syntax error'],
  ])('is refused with the reason: %s', async (sql, where, found) => {
    const { code, err } = await asked(sql);
    expect(code).toBe(2);
    expect(err).toContain(where);
    expect(err).toContain(found);
    expect(err).toContain('team.db');
  });

  it.each([
    'SELECT sku, name FROM things;',
    'SELECT sku, name FROM things ; -- the end;',
    "SELECT sku, name || ';' AS name FROM things /* ; */ ;\n",
    'SELECT sku, name FROM things -- the end',
  ])('may end in a semicolon and comments: %s', async (sql) => {
    expect(await asked(sql)).toMatchObject({ code: 0, err: '' });
  });
});

describe('a damaged page', () => {
  it('is refused with the name of the file', async () => {
    const dir = team('pages', tables, (path) => {
      const size = readFileSync(path).length;
      const handle = openSync(path, 'r+');
      for (let page = 3; page * 4096 < size; page += 2)
        writeSync(handle, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
    });
    const { code, err } = await cli(['ads', '-w', dir]);
    expect(code).toBe(2);
    expect(err).toContain('team.db');
    expect(err).toMatch(/malformed|damaged/);
  });
});

const endless = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT';
const bin = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The program over a workspace that it does not finish reading; resolves once the reading has begun. */
const reading = async (
  dir: string,
): Promise<{ child: ChildProcess; reader: number; ended: Promise<number | null> }> => {
  const child = spawn(process.execPath, [bin, 'ads', '-w', dir], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, XDG_CACHE_HOME: join(root, '.cache') },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const pids = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    if (pids !== '') return { child, reader: Number(pids.split(' ')[0]), ended };
  }
};

const isThere = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};
const gone = async (pid: number): Promise<void> => {
  while (isThere(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
};

describe('a statement of a mapping without an end', () => {
  const seconds = 'RECALL_TUI_SQL_SECONDS';
  afterEach(() => {
    delete process.env[seconds];
  });

  it.each([
    ['that gives rows', `${endless} 't' || x AS sku, '' AS name FROM n`],
    ['that gives none', `${endless} count(*) AS sku, '' AS name FROM n`],
    ['in a column that stays in the file', `SELECT sku, (${endless} count(*) FROM n) AS name FROM things`],
    ['in a view', 'SELECT sku, sku AS name FROM endless'],
  ])('is ended after the seconds it is given: %s', async (_, sql) => {
    process.env[seconds] = '1';
    const { code, err } = await asked(sql);
    expect(code).toBe(2);
    expect(err).toContain('team.db: reading ads through the mapping took longer than 1 s');
    expect(err).toContain(`sample.tables.ads: ${sql.slice(0, 60)}`);
    expect(err).toContain('RECALL_TUI_SQL_SECONDS');
    expect(
      readdirSync(join(root, '.cache', 'recall-tui', 'mapped')).filter((name) => name.includes('partial')),
    ).toEqual([]);
  });

  it('is ended as the served lists, too', async () => {
    process.env[seconds] = '1';
    const dir = team('served', tables);
    const path = join(dir, 'recall.json');
    const served = {
      sql: `${endless} count(*) AS user, 1 AS time, '' AS list FROM n`,
      columns: { user: 'user', time: 'time', list: 'list' },
    };
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), served }));
    const { code, err } = await cli(['served', 'u1', '-w', dir]);
    expect(code).toBe(2);
    expect(err).toContain('took longer than 1 s');
  });

  it.skipIf(!existsSync('/proc/self/task'))('ends at ctrl-c, and with the program that reads it', async () => {
    const dir = team('stopped', selecting(`${endless} count(*) AS sku, '' AS name FROM n`));
    const stopped = await reading(dir);
    stopped.child.kill('SIGINT');
    expect(await stopped.ended).toBe(130);
    await gone(stopped.reader);
    const killed = await reading(dir);
    killed.child.kill('SIGKILL');
    await killed.ended;
    await gone(killed.reader);
  });
});
