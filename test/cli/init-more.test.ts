import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { initCommand } from '../../src/commands/build/init.ts';
import { createFactories } from '../../src/index.ts';
import { fakeContext, fakeWorkspace } from '../commands/fake-workspace.ts';
import { npyBytes, writeNpy } from '../support/matrix-files.ts';
import { smallWorkspace } from '../support/small-workspace.ts';
import { realCli } from '../support/real-cli.ts';
import { alter, withTeam } from '../support/team-folder.ts';

const guessed = (out: string, field: string): { value: string; evidence: string } =>
  JSON.parse(out).guesses.find((guess: { field: string }) => guess.field === field);
const takenAs = (out: string, file: string): string =>
  JSON.parse(out).files.find((one: { file: string }) => one.file === file).taken;
const manifestOf = (dir: string) => JSON.parse(readFileSync(join(dir, 'recall.json'), 'utf8'));
const drop = (dir: string, ...names: string[]): void => {
  for (const name of names) rmSync(join(dir, name));
};

/** Rows of the team's users, each of unit length, as many as there are ids of ads. */
const unitRows = (count: number, dim: number): Float32Array => {
  const rows = Float32Array.from({ length: count * dim }, (_, i) => Math.sin(i * 1.7 + Math.floor(i / dim)));
  for (let row = 0; row < count; row++) {
    const norm = Math.hypot(...rows.subarray(row * dim, (row + 1) * dim));
    for (let i = row * dim; i < (row + 1) * dim; i++) rows[i] = (rows[i] ?? 0) / norm;
  }
  return rows;
};

describe("a team's own index after init", () => {
  it('stays in use when --only i2i builds the item-to-item neighbours', () =>
    withTeam(async (dir, cli) => {
      const init = await cli('init', dir, '--yes');
      expect(init.err).toContain(
        `no item-to-item neighbours yet: recall-tui index ${dir} --only i2i builds them and keeps your index`,
      );
      expect((await cli('-w', dir, 'recall', 'u17168', '--mode', 'i2i')).code).toBe(2);
      const [before, bytes] = [manifestOf(dir), readFileSync(join(dir, 'ads.hnsw'))];
      const built = await cli('index', dir, '--only', 'i2i');
      expect([built.code, built.out]).toEqual([
        0,
        expect.stringMatching(
          /Built the item-to-item neighbours of 701 ads\. Vectors and index are unchanged\.[\s\S]*ads\.i2i/,
        ),
      ]);
      expect(built.out).not.toContain('ads.hnsw');
      const { i2i, ...rest } = manifestOf(dir);
      expect([i2i.file, rest]).toEqual([
        'ads.i2i',
        expect.objectContaining({
          index: before.index,
          vectors: before.vectors,
          model: before.model,
          sample: before.sample,
        }),
      ]);
      expect(readFileSync(join(dir, 'ads.hnsw')).equals(bytes)).toBe(true);
      expect((await cli('doctor', dir)).code).toBe(0);
      for (const mode of ['i2i', 'model'])
        expect(
          JSON.parse((await cli('-w', dir, 'recall', 'u17168', '--mode', mode, '-k', '5', '--json')).out).candidates
            .length,
        ).toBeGreaterThan(0);
      const whole = await cli('index', dir);
      expect([whole.code, whole.err]).toEqual([
        0,
        expect.stringContaining('recall.json now names ads-built.hnsw; your own ads.hnsw is as it was'),
      ]);
    }));

  it('gets no neighbours of another sample than that of the vectors: init writes no file', async () => {
    const { dir } = await smallWorkspace();
    alter(join(dir, 'sample.sqlite'), 'UPDATE users SET attributes = \'{"city":"x"}\' WHERE id = \'u-3\'');
    const before = readFileSync(join(dir, 'recall.json'), 'utf8');
    const { code, err } = await realCli(['index', dir, '--only', 'i2i'], { XDG_CACHE_HOME: join(dir, '.cache') });
    expect([code, err]).toEqual([2, expect.stringContaining('the ad vectors were made from another sample')]);
    expect(readFileSync(join(dir, 'recall.json'), 'utf8')).toBe(before);
  });
});

describe('the build time of user vectors', () => {
  it('comes from --built-until and flags the leak of an earlier query; without it init warns that no leak can be flagged', () =>
    withTeam(async (dir, cli) => {
      const without = await cli('init', dir, '--yes', '--json');
      expect([guessed(without.out, 'model.builtUntil').value, without.err]).toEqual([
        'unknown',
        expect.stringContaining('their leaks cannot be flagged: give it by --built-until TIME'),
      ]);
      const leaks = async (): Promise<string[]> =>
        JSON.parse((await cli('-w', dir, 'recall', 'u17168', '--at', '2025-06-05', '--json')).out).leaks;
      expect(await leaks()).toEqual([]);
      const told = await cli('init', dir, '--yes', '--force', '--built-until', '2025-06-10', '--json');
      expect([guessed(told.out, 'model.builtUntil').value, told.err]).toEqual([
        '2025-06-10T00:00:00.000Z',
        expect.not.stringContaining('leaks'),
      ]);
      expect(await leaks()).toEqual([expect.stringContaining('model: built on data until')]);
    }));
});

describe('the survey of init', () => {
  it('finds vectors of unit length, which order alike in every space: it proposes ip, says why, and an index to be built', () =>
    withTeam(async (dir, cli) => {
      drop(dir, 'ads.hnsw', 'labels.csv');
      writeNpy(join(dir, 'ad.npy'), unitRows(700, 16), 16);
      const init = await cli('init', dir, '--yes', '--json');
      expect(guessed(init.out, 'vectors.metric')).toEqual({
        field: 'vectors.metric',
        value: 'ip',
        evidence: 'all rows are of unit length, for which ip, cosine and l2 order alike: taken as ip',
      });
      expect(JSON.parse(init.out).next).toContain('recall-tui index ');
      expect((await cli('index', dir)).code).toBe(0);
      expect(
        JSON.parse(
          (await cli('-w', dir, 'recall', 'u17168', '--mode', 'model', '-k', '5', '--check-ann', '--json')).out,
        ).candidates,
      ).toHaveLength(5);
      drop(dir, 'ads.hnsw');
      writeNpy(
        join(dir, 'ad.npy'),
        unitRows(700, 16).map((x, i) => x * (1 + (i % 3))),
        16,
      );
      const refused = await cli('init', dir, '--yes', '--force');
      expect([refused.code, refused.err]).toEqual([
        2,
        expect.stringMatching(
          /the vectors do not show the space of ad\.npy[\s\S]*--space ip or --space cosine or --space l2/,
        ),
      ]);
    }));

  it('finds labels in a .npy in the folder of the ids of the ads', () =>
    withTeam(async (dir, cli) => {
      const lines = readFileSync(join(dir, 'labels.csv'), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0] ?? '');
      expect((await cli('init', dir, '--yes')).code).toBe(0);
      const recalled = async (): Promise<unknown> =>
        JSON.parse((await cli('-w', dir, 'recall', 'u17168', '--mode', 'model', '-k', '9', '--json')).out).candidates;
      const wanted = await recalled();
      drop(dir, 'labels.csv');
      writeFileSync(
        join(dir, 'labels.npy'),
        npyBytes(BigInt64Array.from(lines, BigInt), { descr: '<i8', shape: [lines.length] }),
      );
      const init = await cli('init', dir, '--yes', '--force', '--json');
      expect([init.code, guessed(init.out, 'index.labels').value, manifestOf(dir).index.labels]).toEqual([
        0,
        'labels.npy',
        expect.objectContaining({ file: 'labels.npy', ids: 'ad_ids.txt' }),
      ]);
      expect(await recalled()).toEqual(wanted);
    }));

  it('cannot know the space of an index without vectors: it asks, and recall then uses the vectors in the index', () =>
    withTeam(async (dir, cli) => {
      drop(dir, 'ad.npy');
      const refused = await cli('init', dir, '--yes');
      expect([refused.code, refused.err]).toEqual([
        2,
        expect.stringMatching(/the vectors do not show the space of ads\.hnsw[\s\S]*--space cosine/),
      ]);
      const init = await cli('init', dir, '--yes', '--space', 'cosine', '--json');
      expect([init.code, manifestOf(dir).vectors, manifestOf(dir).index.space]).toEqual([0, null, 'cosine']);
      expect(takenAs(init.out, 'ad_ids.txt')).toContain('left out');
      const recalled = JSON.parse(
        (await cli('-w', dir, 'recall', 'u17168', '--mode', 'model', '-k', '5', '--check-ann', '--json')).out,
      );
      expect([recalled.candidates[0].adId, recalled.candidates.length]).toEqual(['sku-76627', 5]);
    }));

  it('stops where users and ads share their ids, so that the vectors may belong to either, and follows --map', () =>
    withTeam(async (dir, cli) => {
      const db = new Database(join(dir, 'shop.sqlite'));
      const rename = (table: string, column: string, from: string, to: string): void => {
        db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`).run(to, from);
      };
      for (const name of ['ad_ids.txt', 'user_ids.txt'] as const) {
        const [table, key, column] = name === 'ad_ids.txt' ? ['things', 'sku', 'sku'] : ['people', 'person_id', 'who'];
        const ids = readFileSync(join(dir, name), 'utf8').trimEnd().split('\n');
        ids.forEach((id, i) => {
          rename(table, key, id, String(i + 1));
          rename('log', column, id, String(i + 1));
        });
        writeFileSync(join(dir, name), ids.map((_, i) => `${i + 1}\n`).join(''));
      }
      db.close();
      drop(dir, 'served.jsonl', 'ads.hnsw', 'labels.csv');
      const who = await cli('init', dir, '--yes');
      expect([who.code, who.err]).toEqual([
        2,
        expect.stringMatching(/users and ads alike[\s\S]*--map (users|ads)\.vectors=FILE/),
      ]);
      const init = await cli(
        'init',
        dir,
        '--yes',
        '--space',
        'cosine',
        '--map',
        'ads.vectors=ad.npy',
        '--map',
        'users.vectors=user.npy',
        '--json',
      );
      expect([
        init.code,
        manifestOf(dir).vectors.ids.file,
        manifestOf(dir).model.ids.file,
        manifestOf(dir).sample.tables.events,
      ]).toEqual([0, 'ad_ids.txt', 'user_ids.txt', expect.objectContaining({ user: 'who', ad: 'sku' })]);
    }));
});

describe('the question of init', () => {
  it('shows its evidence at the terminal, writes after a yes, and writes no file after any other answer', () =>
    withTeam(async (dir) => {
      const asked: string[] = [];
      const run = (answer: string | null) =>
        initCommand.run(
          fakeContext(fakeWorkspace(), {
            tools: createFactories({ XDG_CACHE_HOME: join(dir, '.cache') }),
            ask: (text) => {
              asked.push(text);
              return Promise.resolve(answer);
            },
          }),
          { dir },
        );
      for (const answer of ['', 'no', 'yesterday', null]) {
        expect([answer, (await run(answer)).data['written']]).toEqual([answer, false]);
        expect(() => readFileSync(join(dir, 'recall.json'))).toThrow();
      }
      expect((await run(' Y ')).data).toMatchObject({ written: true, failed: 0 });
      expect(asked).toHaveLength(5);
      expect(asked[0]).toMatch(
        /events: log \(has times[\s\S]*index\.space: cosine \([\s\S]*\nWrite recall\.json\? \[y\/N\] $/,
      );
    }));
});
