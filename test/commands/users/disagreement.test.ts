import type { UsersData } from '../../../src/answers/look.ts';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ArgValues, CommandContext } from '../../../src/console/command.ts';
import { defaultQuery } from '../../../src/console/query-defaults.ts';
import { usersCommand } from '../../../src/commands/look/users.ts';
import { usersView } from '../../../src/views/answers/look/users-view.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import { rbo } from '../../../src/domain/rank-similarity.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { openDemo, testTools } from '../../support/demo.ts';

let workspace: Workspace;
let cacheDir: string;
beforeAll(async () => {
  workspace = await openDemo();
}, 120_000);
afterAll(async () => {
  await workspace.close();
});
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'recall-disagreement-'));
  return () => rm(cacheDir, { recursive: true, force: true });
});

const ask = async (args: ArgValues, more: Partial<CommandContext> = {}): Promise<UsersData> => {
  const { data } = await usersCommand.run(
    {
      workspace: () => Promise.resolve(workspace),
      tools: { ...testTools, files: { ...testTools.files, cacheDir } },
      signal: new AbortController().signal,
      progress: () => undefined,
      baseQuery: null,
      stdin: () => Promise.resolve(''),
      env: {},
      ...more,
    },
    { disagreement: true, workers: 0, ...args },
  );
  const isUsers = (value: typeof data): value is typeof data & UsersData => Array.isArray(value['users']);
  if (!isUsers(data)) throw new Error('no users');
  return data;
};

const differences = ({ users }: UsersData): Array<readonly [string, number | undefined]> =>
  users.map(({ userId, difference }) => [userId, difference] as const);

describe('the order of users by disagreement', () => {
  it('is 1 − RBO of the two default lists, as a loop over the users finds it, the most different first', async () => {
    const ids = workspace.store.userIds().slice(0, 40);
    const naive: Array<readonly [string, number]> = [];
    for (const userId of ids) {
      const query = defaultQuery(workspace, userId);
      const listOf = async (mode: 'legacy' | 'model'): Promise<string[]> =>
        (await workspace.engine.recall({ ...query, mode })).candidates.map((ad) => ad.adId);
      naive.push([userId, 1 - rbo(await listOf('legacy'), await listOf('model'))]);
    }
    naive.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    const data = await ask({ only: ids, limit: 40 });
    expect(differences(data).map(([userId]) => userId)).toEqual(naive.map(([userId]) => userId));
    data.users.forEach((user, i) => {
      expect(user.difference).toBeCloseTo(naive[i]?.[1] ?? Number.NaN, 12);
    });
    expect(new Set(naive.map(([, difference]) => difference)).size).toBeGreaterThan(10);
    expect(data.disagreement).toEqual({ sides: ['legacy', 'model'], compared: 40, of: 40, failed: 0, kept: 0 });
    expect(differences(await ask({ only: ids, limit: 5, offset: 3 }))).toEqual(differences(data).slice(3, 8));
  }, 60_000);

  it('is the same from the cache, which computes only users it lacks', async () => {
    const [few, many] = [workspace.store.userIds().slice(0, 20), workspace.store.userIds().slice(0, 50)];
    await ask({ only: few, limit: 50 });
    const grown = await ask({ only: many, limit: 50 });
    expect(grown.disagreement?.kept).toBe(20);
    const done: number[] = [];
    const cached = await ask(
      { only: many, limit: 50 },
      {
        progress: (p) => {
          done.push(p.done);
        },
      },
    );
    expect(cached).toEqual({ ...grown, disagreement: { ...grown.disagreement, kept: 50 } });
    expect(done).toEqual([]);
    await rm(cacheDir, { recursive: true });
    const again = differences(await ask({ only: many, limit: 50 }));
    expect(again.map(([userId]) => userId)).toEqual(differences(cached).map(([userId]) => userId));
    again.forEach(([, difference], i) => {
      expect(difference).toBeCloseTo(cached.users[i]?.difference ?? Number.NaN, 12);
    });
  }, 60_000);

  it('stores no row of a cancelled run, and reports its progress', async () => {
    const stop = new AbortController();
    const reached: Array<readonly [number, number | null]> = [];
    const cancelled = ask(
      { users: '200' },
      {
        signal: stop.signal,
        progress: ({ done, total }) => {
          reached.push([done, total]);
          stop.abort();
        },
      },
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(reached).toEqual([[64, 200]]);
    expect(await readdir(cacheDir)).toEqual([]);
  }, 60_000);

  it('ignores a damaged file and one of other artefacts or queries', async () => {
    const only = workspace.store.userIds().slice(0, 10);
    const right = differences(await ask({ only }));
    const [name = ''] = await readdir(cacheDir);
    const path = join(cacheDir, name);
    const text = await readFile(path, 'utf8');
    for (const bad of [
      text.slice(0, -20),
      '',
      'null',
      text.replace(/:(0?\.\d+|1)([,}])/, ':7$2'),
      text.replace(/"key":"./, '"key":"x'),
    ]) {
      expect(bad).not.toBe(text);
      await writeFile(path, bad);
      const data = await ask({ only });
      expect(data.disagreement?.kept).toBe(0);
      expect(differences(data)).toEqual(right);
    }
    expect((await ask({ only }, { config: { k: 7 } })).disagreement?.kept).toBe(0);
    expect((await readdir(cacheDir)).length).toBe(2);
  }, 60_000);

  it('covers only users who meet the conditions, and reports how many were drawn', async () => {
    const match = 'tier-1';
    const data = await ask({ match, users: '15', limit: 3 });
    expect(data.disagreement?.compared).toBe(15);
    expect(data.disagreement?.of).toBe(workspace.store.listUsers({ words: [match], limit: 100_000 }).length);
    expect(
      data.users.every((user) => Object.values(user.attributes ?? {}).some((value) => value.includes(match))),
    ).toBe(true);
    const text = renderPlain(usersView(data, 100)).join('\n');
    expect(text).toMatch(/Sorted by disagreement of legacy and model \(1 − RBO\), largest first\. Sample: 15 of/);
    expect(text).toMatch(/1 − RBO/);
  }, 60_000);
});
