import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TuneData } from '../../../src/answers/tune.ts';
import { tuneCommand } from '../../../src/commands/change/tune.ts';
import type { ArgValues } from '../../../src/console/command.ts';
import { defaultQuery } from '../../../src/console/query-defaults.ts';
import { withSettings, type TuneSettings } from '../../../src/domain/tune.ts';
import { engagementsOf } from '../../../src/engine/hydrate.ts';
import { exactly } from '../../../src/engine/exact-core.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { tuneView } from '../../../src/views/answers/change/tune-view.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import { fakeContext, fakeTools } from '../fake-workspace.ts';
import { makeWorld, worldEnd } from '../../support/memory-world.ts';
import { indexedWorld } from '../../support/indexed-world.ts';

let workspace: Workspace;
let folder: string;
beforeAll(async () => {
  workspace = await indexedWorld();
  folder = mkdtempSync(join(tmpdir(), 'recall-tune-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const tune = async (args: ArgValues, on = workspace): Promise<{ data: TuneData; exitCode: number }> => {
  const context = fakeContext(on, { env: { HOME: folder, XDG_CONFIG_HOME: folder } });
  const { data, exitCode } = await tuneCommand.run(context, { workers: 0, k: 10, ...args });
  return { data, exitCode: exitCode ?? 0 };
};

/** Mean over all users, by a loop of recalls: the share of the ads to be found that the list has. */
const meanRecall = async (settings: TuneSettings, against: 'exact' | 'engaged', mode: 'model' | 'merged') => {
  const { engine, store } = workspace;
  const shares: number[] = [];
  for (const userId of store.userIds()) {
    const query = withSettings({ ...defaultQuery(workspace, userId), k: 10, mode }, settings);
    const vector = (await engine.core.userVector(query)) ?? new Float32Array();
    const best = (await workspace.scan?.topK(vector, 10, engine.core.mask(query) ?? undefined))?.ordinals ?? [];
    const wanted =
      against === 'engaged'
        ? [...engagementsOf(workspace, query).keys()]
        : Array.from(best, (ordinal) => workspace.catalog.idOf(ordinal));
    const list = new Set((await engine.recall(query)).candidates.map(({ adId }) => adId));
    if (wanted.length > 0) shares.push(wanted.filter((adId) => list.has(adId)).length / wanted.length);
  }
  return { recall: shares.reduce((sum, x) => sum + x, 0) / shares.length, users: shares.length };
};

describe('tune', () => {
  it('finds the cheapest ef of an index with M 4 that reaches the target for users held out, and every cheaper one misses it', async () => {
    const many = await indexedWorld(makeWorld({ seed: 3, users: 240, ads: 1500, eventsPerUser: 8, twins: 0 }));
    const { data, exitCode } = await tune({ recall: 0.95, users: 'all', seed: 3 }, many);
    expect(exitCode).toBe(0);
    const { settings, lower95, nextCheaper, grid, target } = data;
    if (settings === null || nextCheaper === null) throw new Error('an index with M 4 misses ads at ef 10');
    expect(lower95).toBeGreaterThanOrEqual(target);
    const at = grid.findIndex((point) => point.settings.ef === settings.ef);
    expect(at).toBeGreaterThan(0);
    expect(grid[at]?.lower95).toBeGreaterThanOrEqual(target);
    for (const cheaper of grid.slice(0, at)) expect(cheaper.lower95).toBeLessThan(target);
    expect(nextCheaper.settings).toEqual(grid[at - 1]?.settings);
    expect(nextCheaper.missesOn).toBe('tuning');
    const costs = grid.map(({ cost }) => cost.distances ?? Number.NaN);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
  });

  it('goes on to the next setting where few users leave the cheapest unproved, and says that this one misses on those held out', async () => {
    const { data, exitCode } = await tune({ recall: 0.8, users: 'all' });
    expect(exitCode).toBe(0);
    expect(data.lower95).toBeGreaterThanOrEqual(0.8);
    expect(data.nextCheaper?.missesOn).toBe('held-out');
    expect(data.nextCheaper?.lower95).toBeGreaterThanOrEqual(0.8);
    expect(renderPlain(tuneView(data, 100)).join(' ')).toContain('misses the target on the held-out users');
  });

  it('measures on both parts together what a loop of recalls and exact scans over all users gives', async () => {
    const { data } = await tune({ recall: 0.8, users: 'all' });
    const { best, settings, recall, users, grid } = data;
    const tuned = grid.find((point) => point.settings.ef === settings?.ef);
    if (settings === null || recall === null || tuned === undefined) throw new Error('there is an answer');
    const naive = await meanRecall(settings, 'exact', 'model');
    expect(users.tuning + users.heldOut).toBe(naive.users);
    expect((tuned.recall * users.tuning + recall * users.heldOut) / naive.users).toBeCloseTo(naive.recall, 12);
    expect(best.lower95).toBe(Math.max(...grid.map(({ lower95 }) => lower95)));
  });

  it('answers with the cheapest setting where that already reaches the target', async () => {
    const { data, exitCode } = await tune({ recall: 0.05 });
    expect(exitCode).toBe(0);
    expect(data.settings).toEqual(data.grid[0]?.settings);
    expect(data.settings?.ef).toBe(10);
    expect(data.nextCheaper).toBeNull();
  });

  it('ends with 1 and says the best where no setting of the grid reaches the target', async () => {
    const { data, exitCode } = await tune({ recall: 0.85, efs: '10,12', save: 'never' });
    expect(exitCode).toBe(1);
    expect([data.settings, data.lower95, data.cost, data.nextCheaper, data.saved]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    const most = Math.max(...data.grid.map(({ lower95 }) => lower95));
    expect(data.best.lower95).toBe(most);
    expect(renderPlain(tuneView(data, 100)).join(' ')).toMatch(/^NO SETTING finds \.850 of the exact 10 best/);
  });

  it('finds k, ef and quotas for a target of engaged ads, as a loop of recalls measures them', async () => {
    const { data } = await tune({
      recall: 0.05,
      against: 'engaged',
      mode: 'merged',
      ks: '10,400',
      efs: '400',
      users: 'all',
    });
    const { settings, recall, users, grid } = data;
    const tuned = grid.find((point) => JSON.stringify(point.settings) === JSON.stringify(settings));
    if (settings === null || recall === null || tuned === undefined) throw new Error('the target is low');
    const naive = await meanRecall(settings, 'engaged', 'merged');
    expect((tuned.recall * users.tuning + recall * users.heldOut) / naive.users).toBeCloseTo(naive.recall, 12);
    expect(new Set(grid.map((point) => JSON.stringify(point.settings.quota))).size).toBeGreaterThan(3);
  });

  it('counts no distance where the quota of the model is 0, and that of an exact scan by its ads', async () => {
    const { data } = await tune({
      recall: 0.05,
      against: 'engaged',
      mode: 'merged',
      ks: '10,400',
      efs: '400',
      users: 'all',
    });
    const without = data.grid.filter(({ settings }) => settings.quota?.model === 0);
    expect(without.length).toBeGreaterThan(0);
    for (const { cost } of without) expect(cost).toEqual({ distances: 0, searchMs: 0 });
    const scan = exactly(workspace.engine.core);
    const run = await scan.runChannel(defaultQuery(workspace, 'u1'), 'model', 10);
    expect(run.ann?.method).toBe('exact-scan');
  });

  it('says how many users it needs where a sample is too small to prove the target, with exit code 2', async () => {
    const few = { code: 'unsupported', exitCode: 2, message: 'tune needs at least 919 users' };
    await expect(tune({ recall: 0.99, users: '5', efs: '128,200' })).rejects.toMatchObject(few);
    await expect(tune({ recall: 0.99, users: '1' })).rejects.toMatchObject(few);
    await expect(tune({ recall: 0.05, users: '48' })).rejects.toMatchObject({
      message: 'tune needs at least 49 users',
      found: '48 of 60 users',
      todo: '--users 49',
    });
    expect((await tune({ recall: 0.05, users: '49' })).exitCode).toBe(0);
  });

  it('says so where the users are many and those with an engaged ad are few', async () => {
    const engagedAfter = (at: number): number =>
      workspace.store
        .userIds()
        .filter((userId) => engagementsOf(workspace, { ...defaultQuery(workspace, userId), asOf: at }).size > 0).length;
    const at = Array.from({ length: 400 }, (_, i) => worldEnd - i * 3_600_000).find((time) => engagedAfter(time) >= 12);
    if (at === undefined || engagedAfter(at) > 19) throw new Error('some users engage in the last hours');
    const asked = tune({ recall: 0.05, against: 'engaged', users: 'all', at });
    await expect(asked).rejects.toMatchObject({
      exitCode: 2,
      message: 'tune needs at least 20 users with something to find in either part',
    });
  });

  it('tries the values of --efs alone, a smaller one than k as k', async () => {
    const efs = async (args: ArgValues): Promise<number[]> =>
      (await tune({ recall: 0.2, users: 'all', ...args })).data.grid.map(({ settings }) => settings.ef);
    expect(await efs({ efs: '200,128' })).toEqual([128, 200]);
    expect(await efs({ efs: '3,5,128' })).toEqual([10, 128]);
  });

  it('saves the settings as a preset that gives them to any query', async () => {
    let written = '';
    const tools = fakeTools((_, content) => {
      written = content;
      return Promise.resolve();
    });
    const context = fakeContext(workspace, { tools, env: { HOME: folder } });
    const { data } = await tuneCommand.run(context, { workers: 0, k: 10, recall: 0.8, users: 'all', save: 'quick' });
    const presets: unknown = JSON.parse(written);
    expect(data.saved?.name).toBe('quick');
    expect(presets).toMatchObject({ quick: { ef: data.settings?.ef, k: 10, mode: 'model' } });
  });

  it('refuses to tune what no index search takes part in', async () => {
    await expect(tune({ mode: 'i2i' })).rejects.toMatchObject({ code: 'unsupported' });
    await expect(tune({ recall: 1.5 })).rejects.toMatchObject({ code: 'usage' });
    await expect(tune({ recall: 1 })).rejects.toMatchObject({ code: 'usage' });
    await expect(tune({ efs: '10,x' })).rejects.toMatchObject({ code: 'usage' });
  });
});
