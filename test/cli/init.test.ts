import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.ts';
import { createFactories } from '../../src/index.ts';
import { readManifest } from '../../src/workspace/manifest/file.ts';
import { openWorkspaceAt } from '../../src/workspace/open.ts';
import { withDir } from '../ingest/world.ts';
import { alter, withTeam } from '../support/team-folder.ts';
import { servedLines } from '../support/team-workspace.ts';

/** Ads that run and have budget, from the shop itself. */
const aliveAt = (dir: string, seconds: number): Set<string> => {
  const db = new Database(join(dir, 'shop.sqlite'), { readonly: true });
  const ids = db
    .prepare<[number, number], string>('SELECT sku FROM things WHERE runs_from <= ? AND runs_to > ? AND budget > 0')
    .pluck()
    .all(seconds, seconds);
  db.close();
  return new Set(ids);
};

describe("init on a team's folder", () => {
  it('reads the shop of another schema without a hand edit: init, doctor, index, recall by rules, why-not, compare', () =>
    withTeam(async (dir, cli) => {
      const before = readFileSync(join(dir, 'shop.sqlite'));
      const init = await cli('init', dir, '--yes', '--json');
      expect([init.code, init.err]).toEqual([0, expect.not.stringContaining('error')]);
      const { counts, mapping, guesses, failed } = JSON.parse(init.out);
      expect([counts, failed]).toEqual([{ users: 160, ads: 701, events: 1280 }, 0]);
      expect(mapping).toMatchObject({
        users: { from: 'people', id: 'person_id', attributes: ['gender', 'city_tier'] },
        ads: {
          from: 'things',
          id: 'sku',
          title: 'name',
          category: 'path',
          brand: 'maker',
          start_at: { column: 'runs_from', unit: 's' },
          end_at: { column: 'runs_to', unit: 's' },
          budget_left: 'budget',
        },
        events: {
          from: 'log',
          id: 'log_id',
          user: 'who',
          ad: 'sku',
          at: { column: 'ts', unit: 's' },
          query: 'words',
          kind: { column: 'did', values: { pv: 'view', tap: 'click', order: 'purchase', query: 'search' } },
        },
      });
      expect(guesses.every(({ evidence }: { evidence: string }) => evidence.length > 0)).toBe(true);
      expect((await cli('doctor', dir)).code).toBe(0);
      expect((await cli('index', dir)).code).toBe(0);
      const recalled = JSON.parse(
        (await cli('-w', dir, 'recall', 'u17168', '--mode', 'legacy', '-k', '5', '--json')).out,
      );
      expect(recalled.candidates).toHaveLength(5);
      expect(recalled.candidates[0].title).toContain('登山包');
      expect(
        JSON.parse((await cli('-w', dir, 'why-not', 'u17168', 'sku-new-1', '--mode', 'legacy', '--json')).out).verdict,
      ).toBeDefined();
      expect((await cli('-w', dir, 'compare', 'u17168', '--modes', 'legacy,i2i', '--json')).code).toBe(0);
      expect(readFileSync(join(dir, 'shop.sqlite')).equals(before)).toBe(true);
    }));

  it("takes vectors, ids, index, labels and served log by their content: the model channel recalls what Python's hnswlib served", () =>
    withTeam(async (dir, cli) => {
      const names = ['ad.npy', 'user.npy', 'ads.hnsw', 'labels.csv', 'served.jsonl'];
      const before = names.map((name) => readFileSync(join(dir, name)));
      const init = JSON.parse((await cli('init', dir, '--yes', '--json')).out);
      expect(init.failed).toBe(0);
      const said = (field: string): string =>
        init.guesses.find((guess: { field: string }) => guess.field === field)?.value;
      expect(['vectors', 'index', 'index.labels', 'index.space', 'model', 'served'].map(said)).toEqual([
        'ad.npy',
        'ads.hnsw',
        'labels.csv',
        'cosine',
        'user.npy',
        'served.jsonl',
      ]);
      expect(init.files.filter(({ taken }: { taken: string }) => taken.startsWith('left out'))).toEqual([]);
      expect((await cli('doctor', dir)).code).toBe(0);
      const tools = createFactories({ XDG_CACHE_HOME: join(dir, '.cache') });
      const workspace = await openWorkspaceAt(dir, { tools, createEngine });
      try {
        let places = 0;
        for (const { user, list } of servedLines()) {
          const asOf = Date.parse('2025-06-15T00:00:00Z');
          const { rules, engine, catalog } = workspace;
          const query = engine.defaultQuery(
            {
              asOf,
              k: 20,
              ef: 64,
              mode: 'model',
              context: {},
              rules,
              merge: { order: ['model'], quota: { model: 20 } },
            },
            user,
          );
          const alive = aliveAt(dir, asOf / 1000);
          const wanted = list.filter((adId) => alive.has(adId) && catalog.ordinalOf(adId) !== null);
          const { candidates } = await engine.recall(query);
          expect(candidates.slice(0, wanted.length).map(({ adId }) => adId)).toEqual(wanted);
          places += wanted.length;
        }
        expect(places).toBeGreaterThan(600);
      } finally {
        await workspace.close();
      }
      const whyNot = async (ad: string): Promise<string> =>
        (await cli('-w', dir, 'why-not', 'u17168', ad, '--mode', 'model', '-k', '5')).out;
      expect(await whyNot('sku-76627')).toMatch(/RECALLED at rank 1:/);
      expect(await whyNot('sku-new-1')).toMatch(/NOT RECALLED: it has no vector[\s\S]*not-indexed/);
      expect(await whyNot('sku-1980')).toMatch(/NOT RECALLED[\s\S]*model +below-cutoff .*1 rank/);
      const compared = await cli('-w', dir, 'compare', 'u17168', '--modes', 'model,legacy', '--json');
      expect([compared.code, compared.out]).toEqual([0, expect.stringContaining('sku-76627')]);
      expect(names.every((name, i) => before[i]?.equals(readFileSync(join(dir, name))))).toBe(true);
    }));

  it("counts item-to-item until the workspace's own trainUntil where the team's model states none, so that i2i knows nothing of what is asked at the default as-of", () =>
    withTeam(async (dir, cli) => {
      expect(JSON.parse((await cli('init', dir, '--yes', '--json')).out).next).toBe(`recall-tui -w ${dir}`);
      const { import: made, model, asOf } = await readManifest(dir);
      expect([model?.kind, model?.builtUntil, made?.['trainUntil']]).toEqual(['vectors', null, asOf]);
      const indexed = await cli('index', dir);
      expect([indexed.code, indexed.out]).toEqual([0, expect.stringContaining('Indexed 698 of 701 ads')]);
      expect((await readManifest(dir)).i2i?.builtUntil).toBe(asOf);
      expect(asOf).toBeLessThan(Date.parse('2025-06-15'));
    }));

  it('names as the next command one that works', () =>
    withTeam(async (dir, cli) => {
      for (const name of ['user.npy', 'user_ids.txt']) rmSync(join(dir, name));
      const { next } = JSON.parse((await cli('init', dir, '--yes', '--json')).out);
      expect(next).toBe(`recall-tui doctor ${dir}`);
      expect((await cli(...next.split(' ').slice(1))).code).toBe(0);
    }));

  it('writes nothing without a yes, and replaces a manifest only with --force', () =>
    withTeam(async (dir, cli) => {
      const proposed = await cli('init', dir);
      expect([proposed.code, proposed.err]).toEqual([0, expect.stringContaining('nothing was written')]);
      expect(proposed.out).toContain('tap → click');
      expect(['recall.json', 'rules.json', 'key.hex'].map((name) => existsSync(join(dir, name)))).toEqual([
        false,
        false,
        false,
      ]);
      expect((await cli('init', dir, '--yes')).code).toBe(0);
      const again = await cli('init', dir, '--yes');
      expect([again.code, again.err]).toEqual([2, expect.stringContaining('is a workspace already')]);
      expect((await cli('init', dir, '--yes', '--force')).code).toBe(0);
    }));

  it('stops with the choices where several readings fit, and takes what --map says', () =>
    withTeam(async (dir, cli) => {
      alter(
        join(dir, 'shop.sqlite'),
        'ALTER TABLE log ADD COLUMN seen INTEGER; UPDATE log SET seen = ts + 1; ALTER TABLE things ADD COLUMN title TEXT',
      );
      const first = await cli('init', dir, '--yes');
      expect([first.code, first.err]).toEqual([
        2,
        expect.stringMatching(/ads\.title: no single column fits[\s\S]*name, title[\s\S]*--map ads\.title=COLUMN/),
      ]);
      const second = await cli('init', dir, '--yes', '--map', 'ads.title=name');
      expect([second.code, second.err]).toEqual([
        2,
        expect.stringMatching(/events\.at: no single column fits[\s\S]*ts, seen[\s\S]*--map events\.at=COLUMN:UNIT/),
      ]);
      const third = await cli('init', dir, '--yes', '--map', 'ads.title=name', '--map', 'events.at=seen:s', '--json');
      expect([third.code, JSON.parse(third.out).mapping.events.at]).toEqual([0, { column: 'seen', unit: 's' }]);
      expect((await cli('init', dir, '--yes', '--force', '--map', 'events.at=ts:weeks')).code).toBe(2);
    }));

  it('says what is in a folder without a SQLite file, or with two', () =>
    withTeam(async (dir, cli) => {
      copyFileSync(join(dir, 'shop.sqlite'), join(dir, 'other.db'));
      expect((await cli('init', dir)).err).toMatch(/several SQLite files[\s\S]*other\.db, shop\.sqlite/);
      await withDir(async (empty) => {
        writeFileSync(join(empty, 'users.csv'), 'userId\nu\n');
        expect((await cli('init', empty)).err).toMatch(/no SQLite file[\s\S]*users\.csv[\s\S]*import csv/);
      });
    }));
});
