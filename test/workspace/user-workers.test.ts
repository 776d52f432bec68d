import type { Result, ResultOf } from '../../src/answers/answers.ts';
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLarge } from '../../fixtures/large.ts';
import { runUsers } from '../../src/commands/users/workers.ts';
import { audienceCommand } from '../../src/commands/why/audience.ts';
import { blastCommand } from '../../src/commands/change/blast.ts';
import { compareCommand } from '../../src/commands/recall/compare.ts';
import { defaultQuery } from '../../src/console/query-defaults.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { fakeContext } from '../commands/fake-workspace.ts';
import { openReal } from '../support/faulty-workspace.ts';
import { temporaryFolder } from '../support/vectors.ts';

describe('work over many users', () => {
  let workspace: Workspace;
  let adId = '';
  const seen: number[] = [];
  beforeAll(async () => {
    const folder = temporaryFolder('workers');
    await makeLarge({ ads: 400, out: join(folder, 'shop'), users: 200, dim: 16 });
    workspace = await openReal(join(folder, 'shop'), join(folder, 'cache'));
    adId =
      (await workspace.engine.recall(defaultQuery(workspace, workspace.store.userIds()[5] ?? ''))).candidates[3]
        ?.adId ?? '';
  });
  afterAll(() => workspace.close());

  const audience = (workers: number, signal = new AbortController().signal): Promise<ResultOf<'audience'>> =>
    audienceCommand.run(
      fakeContext(workspace, {
        signal,
        progress: ({ done }) => {
          seen.push(done);
        },
      }),
      { ad: adId, users: 0, workers },
    );

  it('gives the same audience in this thread and in two workers, with progress to the last user', async () => {
    const [here, there] = [await audience(0), await audience(2)];
    expect(there.data.workers).toBe(2);
    expect({ ...there.data, workers: 0 }).toEqual(here.data);
    expect(here.data.reached).toBeGreaterThan(0);
    expect(seen.filter((done) => done === 200)).toHaveLength(2);
  });

  it('gives the same blast radius, row by row, in this thread and in two workers', async () => {
    for (const mode of ['model', 'merged', 'legacy']) {
      const blast = (workers: number): Promise<ResultOf<'blast'>> =>
        blastCommand.run(fakeContext(workspace), { users: '200', workers, rows: true, mode, weight: ['browse=0'] });
      const [here, there] = [await blast(0), await blast(2)];
      expect(there.data.workers).toBe(2);
      expect({ ...there.data, workers: 0 }).toEqual(here.data);
      expect(here.data.changed).toBeGreaterThan(mode === 'legacy' ? -1 : 0);
    }
  }, 60_000);

  it('gives the same comparison of all users, the rules as a side, in this thread and in two workers', async () => {
    const compare = (workers: number): Promise<Result> =>
      compareCommand.run(fakeContext(workspace), {
        all: true,
        users: 'all',
        'allow-leak': true,
        workers,
        modes: 'legacy,merged',
      });
    const [here, there] = [await compare(0), await compare(2)];
    expect([here.timingsMs?.['workers'], there.timingsMs?.['workers']]).toEqual([0, 2]);
    expect(there.data).toEqual(here.data);
  }, 60_000);

  it.each([0, 2])(
    'goes on where a stopped run was, in %i workers, and leaves nothing when it is complete',
    async (workers) => {
      const cache = temporaryFolder(`checkpoint-${workers}`);
      const queries = workspace.store.userIds().map((userId) => defaultQuery(workspace, userId));
      const tasks = Array.from({ length: 20 }, (_, i) => ({
        kind: 'audience' as const,
        adId,
        queries: queries.slice(i * 10, i * 10 + 10),
      }));
      const run = (env: Record<string, string>, stopAfter = Infinity) => {
        const stop = new AbortController();
        const progress: number[] = [];
        const rows = runUsers(
          fakeContext(workspace, {
            env,
            signal: stop.signal,
            progress: ({ done }) => {
              progress.push(done);
              if (progress.length === stopAfter) stop.abort();
            },
          }),
          workspace,
          { tasks, users: 200, workers, stage: 'test', keptAfterMs: 0 },
        );
        return { rows, progress };
      };
      const whole = await run({}).rows;
      const env = { XDG_CACHE_HOME: cache };
      const folder = join(cache, 'recall-tui', 'runs');
      const first = run(env, 7);
      await expect(first.rows).rejects.toMatchObject({ code: 'cancelled' });
      const [name = ''] = readdirSync(folder);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      // The process died within a line.
      appendFileSync(join(folder, name), 'bm90IGEgd2hvbGU');
      const second = run(env);
      expect((await second.rows).rows).toEqual(whole.rows);
      expect(second.progress).toHaveLength(20);
      expect(second.progress.at(-1)).toBe(200);
      expect(readdirSync(folder)).toEqual([]);

      // Another question goes its own way, and a batch that was kept is not asked again.
      await expect(run(env, 3).rows).rejects.toMatchObject({ code: 'cancelled' });
      const [kept = ''] = readdirSync(folder);
      const lines = readFileSync(join(folder, kept), 'latin1').trimEnd().split('\n');
      const marked = { place: 0, rows: { kind: 'audience', rows: [] } };
      writeFileSync(join(folder, kept), `${lines[0]}\n${serialize(marked).toString('base64')}\n`);
      expect((await run(env).rows).rows[0]).toEqual(marked.rows);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('ends its workers when it is cancelled', async () => {
    const abort = new AbortController();
    const running = audience(2, abort.signal);
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});
