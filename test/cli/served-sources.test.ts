import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { alter, withTeam } from '../support/team-folder.ts';
import { servedLines } from '../support/team-workspace.ts';

const time = '2025-06-15T00:00:00Z';
const seconds = Date.parse(time) / 1000;
/** Some lists, so that each comparison stays quick. */
const lines = servedLines().slice(0, 4);
const asLists = (sep: string, join: string): string =>
  ['user_id', 'requestTime', 'list', 'scores'].join(sep) +
  '\n' +
  lines.map(({ user, list, scores }) => [user, time, list.join(join), scores.join(join)].join(sep)).join('\n');
/** Places in an order no list has: the reader must sort them. */
const asPlaces = (at: string | number): string =>
  'uid,at,ad_id,position,score\n' +
  lines
    .flatMap(({ user, list, scores }) => list.map((ad, i) => `${user},${at},${ad},${i},${scores[i] ?? ''}`))
    .toSorted()
    .join('\n') +
  '\n';

const jsonLines = (): string =>
  lines.map(({ user, list, scores }) => JSON.stringify({ user, time, list, scores })).join('\n');

type Cli = Parameters<Parameters<typeof withTeam>[0]>[1];

const compared = async (cli: Cli, dir: string, ...more: string[]): Promise<unknown> => {
  const { code, out, err } = await cli('-w', dir, 'compare', '--served', ...more, '--json');
  expect([code, err]).toEqual([0, expect.not.stringContaining('error')]);
  const { requests, same, jaccard, rbo, causes, users } = JSON.parse(out);
  return { requests, same, jaccard, rbo, causes, users };
};

const fillTable = (dir: string, sql: string, insert: (db: Database.Database) => void): void => {
  const db = new Database(join(dir, 'shop.sqlite'));
  db.exec(sql);
  insert(db);
  db.close();
};

const guessOf = (out: string): { value: string; evidence: string } =>
  JSON.parse(out).guesses.find(({ field }: { field: string }) => field === 'served');

describe('the serving log as a table', () => {
  it('gives the same requests from CSV, TSV or gzip of these, by lists or by ranks, in ISO or seconds, as from JSON lines', () =>
    withTeam(async (dir, cli) => {
      writeFileSync(join(dir, 'served.jsonl'), jsonLines());
      expect((await cli('init', dir, '--yes')).code).toBe(0);
      const wanted = await compared(cli, dir);
      expect(wanted).toMatchObject({
        requests: 4,
        causes: expect.arrayContaining([expect.objectContaining({ cause: expect.any(String) })]),
      });
      const written: ReadonlyArray<readonly [string, string | Uint8Array]> = [
        ['places.csv', asPlaces(time)],
        ['ms.csv', asPlaces(seconds * 1000)],
        ['lists.csv', asLists(',', '|')],
        ['spaces.csv.gz', gzipSync(asLists(',', ' '))],
        ['lists.tsv', asLists('\t', ', ')],
        [
          'json.csv',
          'user,time,list\n' +
            lines.map(({ user, list }) => `${user},${time},"${JSON.stringify(list).replaceAll('"', '""')}"`).join('\n'),
        ],
      ];
      for (const [name, content] of written) {
        writeFileSync(join(dir, name), content);
        expect([name, await compared(cli, dir, '--log', join(dir, name))]).toEqual([name, wanted]);
      }
      writeFileSync(join(dir, 'seconds.csv'), asPlaces(seconds));
      const refused = await cli('-w', dir, 'compare', '--served', '--log', join(dir, 'seconds.csv'));
      expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/looks like seconds[\s\S]*"unit": "s"/)]);
    }));

  it('comes from a table or a SELECT of the mapped SQLite file: init proposes it, the mapping reads it, and the file stays as it is', () =>
    withTeam(async (dir, cli) => {
      writeFileSync(join(dir, 'served.jsonl'), jsonLines());
      expect((await cli('init', dir, '--yes')).code).toBe(0);
      const wanted = await compared(cli, dir);
      rmSync(join(dir, 'served.jsonl'));
      fillTable(
        dir,
        'CREATE TABLE answers (answer INTEGER PRIMARY KEY, who TEXT, shown INTEGER, what TEXT, position INTEGER, score REAL)',
        (db) => {
          const row = db.prepare('INSERT INTO answers (who, shown, what, position, score) VALUES (?,?,?,?,?)');
          for (const { user, list, scores } of lines)
            [...list.keys()].reverse().forEach((i) => {
              row.run(user, seconds, list[i], i + 1, scores[i]);
            });
        },
      );
      const before = readFileSync(join(dir, 'shop.sqlite'));
      const init = await cli('init', dir, '--yes', '--force', '--json');
      expect(init.code).toBe(0);
      expect(guessOf(init.out)).toMatchObject({
        value: 'shop.sqlite, table answers',
        evidence: expect.stringMatching(
          /^users, times and ads with ranks: 4 requests; 100 % are of users of the sample, (9\d\.\d|100) % of their ads/,
        ),
      });
      const manifest = JSON.parse(readFileSync(join(dir, 'recall.json'), 'utf8'));
      expect(manifest.served).toEqual({
        table: 'answers',
        columns: { user: 'who', time: { column: 'shown', unit: 's' }, ad: 'what', rank: 'position', scores: 'score' },
      });
      expect(manifest.sample.tables.events.from).toBe('log');
      expect(await compared(cli, dir)).toEqual(wanted);
      const { table: _, ...select } = {
        ...manifest.served,
        sql: 'SELECT who, shown, what, position FROM answers WHERE answer > 20',
        columns: { user: 'who', time: { column: 'shown', unit: 's' }, ad: 'what', rank: 'position' },
      };
      writeFileSync(join(dir, 'recall.json'), JSON.stringify({ ...manifest, served: select }));
      expect(await compared(cli, dir)).toMatchObject({ requests: 3 });
      for (const [served, said] of [
        [
          { ...manifest.served, columns: { ...manifest.served.columns, rank: 'positoin' } },
          /answers has no column positoin[\s\S]*served\.columns\.rank[\s\S]*did you mean position\?/,
        ],
        [{ ...manifest.served, table: 'answer' }, /no table answer[\s\S]*did you mean answers\?/],
        [{ sql: 'DELETE FROM answers', columns: manifest.served.columns }, /cannot be read/],
        [{ table: 'answers' }, /served is wrong[\s\S]*columns: a table or SELECT needs them/],
        [{ table: 'answers', columns: { user: 'who', time: 'shown', ad: 'what' } }, /neither list, nor ad and rank/],
      ] as const) {
        writeFileSync(join(dir, 'recall.json'), JSON.stringify({ ...manifest, served }));
        const { code, err } = await cli('-w', dir, 'compare', '--served');
        expect([code, err]).toEqual([2, expect.stringMatching(said)]);
      }
      expect(readFileSync(join(dir, 'shop.sqlite')).equals(before)).toBe(true);
    }));

  it('is proposed by init from a CSV in seconds, with its columns; of two candidates init takes neither, and says so', () =>
    withTeam(async (dir, cli) => {
      writeFileSync(join(dir, 'served.jsonl'), jsonLines());
      expect((await cli('init', dir, '--yes')).code).toBe(0);
      const wanted = await compared(cli, dir);
      writeFileSync(join(dir, 'answers.csv'), asPlaces(seconds));
      const both = await cli('init', dir, '--yes', '--force', '--json');
      expect(guessOf(both.out)).toEqual({
        field: 'served',
        value: 'none',
        evidence: 'several say it: answers.csv; served.jsonl; write served into recall.json',
      });
      rmSync(join(dir, 'served.jsonl'));
      const init = await cli('init', dir, '--yes', '--force', '--json');
      expect(guessOf(init.out).value).toBe('answers.csv');
      expect(JSON.parse(readFileSync(join(dir, 'recall.json'), 'utf8')).served).toEqual({
        file: 'answers.csv',
        columns: { user: 'uid', time: { column: 'at', unit: 's' }, ad: 'ad_id', rank: 'position', scores: 'score' },
      });
      expect(await compared(cli, dir)).toEqual(wanted);
    }));

  it('does not stop init where its rows are no lists: init names the fault', () =>
    withTeam(async (dir, cli) => {
      rmSync(join(dir, 'served.jsonl'));
      alter(
        join(dir, 'shop.sqlite'),
        `CREATE TABLE answers (who TEXT, shown INTEGER, what TEXT, rank INTEGER); INSERT INTO answers SELECT person_id, ${seconds}, (SELECT sku FROM things LIMIT 1 OFFSET 3), 2 FROM people`,
      );
      const init = await cli('init', dir, '--yes', '--json');
      expect([init.code, guessOf(init.out)]).toEqual([
        0,
        {
          field: 'served',
          value: 'none',
          evidence: expect.stringMatching(/answers, row 1: not a served request: rank: 2 for u\d+ at \d+, and none 1/),
        },
      ]);
    }));

  it('differs by the end date of an ad under precomputed vectors, not by the age of features, which have none', () =>
    withTeam(async (dir, cli) => {
      expect((await cli('init', dir, '--yes')).code).toBe(0);
      for (const user of ['u29895', 'u29943', 'u57628']) {
        const { causes, rows } = JSON.parse((await cli('-w', dir, 'served', user, '--json')).out);
        expect(causes).toEqual([{ cause: 'not-eligible-then', ads: expect.any(Number) }]);
        expect(
          rows
            .filter(({ recomputed }: { recomputed: number | null }) => recomputed === null)
            .map(({ cause }: { cause: { reason: string } }) => cause.reason),
        ).toContain('ended');
      }
    }));

  it('compare --served --markdown writes the same figures as a report', () =>
    withTeam(async (dir, cli) => {
      writeFileSync(join(dir, 'served.jsonl'), jsonLines());
      expect((await cli('init', dir, '--yes')).code).toBe(0);
      const { code, out } = await cli('-w', dir, 'compare', '--served', '--markdown', join(dir, 'report.md'), '--json');
      const { same, rbo, users } = JSON.parse(out);
      const report = readFileSync(join(dir, 'report.md'), 'utf8');
      expect(code).toBe(0);
      expect(report).toContain(`| requests | 4; ${same} recomputed ad by ad |`);
      expect(report).toContain(`, ${rbo.toFixed(4)} |`);
      expect(
        report
          .split('\n')
          .filter((line) => /^\| u\d+ \| 2025-06-15T00:00:00\.000Z \|/.test(line))
          .map((line) => line.split(' | ')[0]),
      ).toEqual(users.map(({ userId }: { userId: string }) => `| ${userId}`));
    }));
});
