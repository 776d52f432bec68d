import type { Result } from '../../../src/answers/answers.ts';
import type { CompareAllData } from '../../../src/answers/compare-all.ts';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArgValues, CommandContext } from '../../../src/console/command.ts';
import { compareCommand } from '../../../src/commands/recall/compare.ts';
import { defaultQuery } from '../../../src/console/query-defaults.ts';
import { defaultHyper } from '../../../src/training/hyper.ts';
import { trainWorkspace } from '../../../src/training/train-workspace.ts';
import { buildIndexArtefacts } from '../../../src/workspace/index-artefacts.ts';
import { realCli } from '../../support/real-cli.ts';
import { compareAllView } from '../../../src/views/answers/recall/compare-all-view.ts';
import { lineWidth } from '../../../src/views/text/line.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { openDemo, testTools } from '../../support/demo.ts';

let workspace: Workspace;
let dir: string;
beforeAll(async () => {
  workspace = await openDemo();
  dir = await mkdtemp(join(tmpdir(), 'recall-compare-'));
}, 120_000);
afterAll(async () => {
  await workspace.close();
  await rm(dir, { recursive: true, force: true });
});

const run = (args: ArgValues, more: Partial<CommandContext> = {}): Promise<Result> =>
  compareCommand.run(
    {
      workspace: () => Promise.resolve(workspace),
      tools: testTools,
      signal: new AbortController().signal,
      progress: () => undefined,
      baseQuery: null,
      stdin: () => Promise.resolve(''),
      env: {},
      ...more,
    },
    { all: true, users: '130', workers: 0, ...args },
  );

const isReport = (data: Result['data']): data is Result['data'] & CompareAllData => 'metrics' in data && 'hubs' in data;
const report = async (args: ArgValues, more?: Partial<CommandContext>): Promise<CompareAllData> => {
  const { data } = await run(args, more);
  if (!isReport(data)) throw new Error('no report');
  return data;
};
/** Not what the run was told beside the figures. */
const figures = ({ report: { command: _, ...header }, ...data }: CompareAllData): unknown => ({
  ...data,
  report: header,
});

describe('compare --all', () => {
  it('gives the same report however it was interrupted', async () => {
    const whole = figures(await report({}));
    const path = join(dir, 'rows.jsonl');
    expect(figures(await report({ resume: path }))).toEqual(whole);
    const bytes = await readFile(path);
    const lines = bytes.reduce((n, byte) => n + (byte === 10 ? 1 : 0), 0);
    expect(lines).toBe(4);
    const secondLine = bytes.indexOf(10) + 1;
    for (const cut of [0, 7, secondLine, secondLine + 40_000, bytes.length - 1]) {
      await writeFile(path, bytes);
      await truncate(path, cut);
      expect(figures(await report({ resume: path }))).toEqual(whole);
      expect((await readFile(path)).length).toBe(bytes.length);
    }
  }, 120_000);

  it('goes on after a cancelled run without asking again for what is on the disk', async () => {
    const path = join(dir, 'cancelled.jsonl');
    const stop = new AbortController();
    await expect(
      run(
        { resume: path },
        {
          signal: stop.signal,
          progress: ({ stage, done }) => {
            if (stage === 'users' && done >= 64) stop.abort();
          },
        },
      ),
    ).rejects.toMatchObject({ code: 'cancelled' });
    const kept = (await readFile(path, 'utf8')).split('\n').length - 2;
    expect(kept).toBeGreaterThanOrEqual(1);
    let asked = 0;
    const resumed = await report(
      { resume: path },
      {
        progress: ({ stage, total }) => {
          if (stage === 'users') asked = total ?? 0;
        },
      },
    );
    expect(asked).toBe(130 - 64 * kept);
    expect(figures(resumed)).toEqual(figures(await report({})));
  }, 120_000);

  it('measures the same noise of the index whether the rows were on the disk or not', async () => {
    const args: ArgValues = { users: '100', modes: 'legacy,model', k: 40, ef: 40, noise: 1 };
    const whole = await report(args);
    expect(whole.noise?.rbo.min).toBeLessThan(1);
    const path = join(dir, 'noise.jsonl');
    const stop = new AbortController();
    // Stopped within the rebuild: every user's rows are on the disk, the noise is not; then the last of the rows are torn off too.
    await expect(
      run(
        { ...args, resume: path },
        {
          signal: stop.signal,
          progress: ({ stage }) => {
            if (stage.startsWith('index 1')) stop.abort();
          },
        },
      ),
    ).rejects.toMatchObject({ code: 'cancelled' });
    const bytes = await readFile(path);
    await truncate(path, bytes.indexOf(10) + 1 + 40_000);
    expect(figures(await report({ ...args, resume: path }))).toEqual(figures(whole));
    expect((await readFile(path)).equals(bytes)).toBe(true);
  }, 180_000);

  it('refuses the rows of another comparison, and says in what it differs', async () => {
    const path = join(dir, 'other.jsonl');
    await run({ users: '20', resume: path });
    await expect(run({ users: '20', resume: path, k: 50 })).rejects.toMatchObject({
      code: 'bad-input',
      found: expect.stringContaining('plan'),
    });
    await expect(run({ users: '21', resume: path })).rejects.toMatchObject({ found: expect.stringContaining('users') });
  }, 60_000);

  it('has every delta 0 and no flag for a mode against itself', async () => {
    const { metrics, segments, users } = await report({ modes: 'legacy,legacy' });
    for (const metric of metrics) expect(metric).toMatchObject({ delta: 0, p: 1, flagged: false });
    expect(segments.some((segment) => segment.flagged)).toBe(false);
    expect(users.every((user) => Math.abs(user.rbo - 1) < 1e-9 && (user.delta === null || user.delta === 0))).toBe(
      true,
    );
  }, 60_000);

  it('flags the planted regression of a group set to zero', async () => {
    const query = { ...defaultQuery(workspace, workspace.store.userIds()[0] ?? ''), mode: 'model' as const };
    const [a, b] = [join(dir, 'a.json'), join(dir, 'b.json')];
    await writeFile(a, JSON.stringify(query));
    await writeFile(b, JSON.stringify({ ...query, weights: { ...query.weights, purchase: 0 } }));
    const { metrics } = await report({ a, b, users: '400' });
    expect(metrics.find((m) => m.name === 'recall@100')).toMatchObject({ flagged: true });
    expect(metrics.find((m) => m.name === 'recall@100')?.delta).toBeLessThan(0);
  }, 60_000);

  it('refuses an as-of before the model was built without --allow-leak, and reports the leak with it', async () => {
    const at = Date.UTC(2025, 5, 10);
    await expect(run({ at, users: '5' })).rejects.toMatchObject({
      code: 'usage',
      found: expect.stringMatching(/^model: built on data until 2025-06-14.*5 of 5 users/),
    });
    const data = await report({ at, users: '5', 'allow-leak': true });
    expect(data.report.leaks).toMatchObject([{ artefact: 'model', users: 5, earliestAsOf: at }]);
    expect(renderPlain(compareAllView(data, 100)).join('\n')).toContain('LEAK');
    const legacy = await report({ at, users: '5', modes: 'legacy,popular' });
    expect(legacy.report.leaks).toEqual([]);
  }, 60_000);

  it('takes i2i, merged and popular as sides; popular holds nothing that another rule placed', async () => {
    const data = await report({ modes: 'popular,merged', users: '20' });
    expect(data.sides).toEqual({ a: 'popular', b: 'merged' });
    expect(data.hubs.a.top.every((hub) => Object.keys(hub.channels).join() === 'popular')).toBe(true);
    expect((await report({ modes: 'i2i,model', users: '20' })).failed).toBe(0);
    await expect(run({ modes: 'model,modle' })).rejects.toMatchObject({ code: 'usage' });
  }, 60_000);

  it('reports what it measured and the command that repeats it, on the screen and as Markdown', async () => {
    const markdown = join(dir, 'report.md');
    const data = await report({ users: '30', modes: 'legacy,model', k: 40, seed: 7, markdown });
    expect(data.report).toMatchObject({
      k: 40,
      asOf: workspace.manifest.asOf,
      horizonMs: null,
      fingerprints: workspace.fingerprints,
    });
    expect(data.report.command).toBe(
      `recall-tui compare --all -k 40 --modes legacy,model --seed 7 --users 30 --workspace ${workspace.dir} --json`,
    );
    const text = await readFile(markdown, 'utf8');
    for (const part of [
      data.report.command,
      workspace.fingerprints.model ?? '?',
      workspace.fingerprints.index ?? '?',
      workspace.fingerprints.sample ?? '?',
      'recall@40',
      'Hub ads',
    ])
      expect(text).toContain(part);
    expect([...text].every((c) => c === '\n' || c >= ' ')).toBe(true);
    for (const width of [60, 80, 120]) {
      const lines = compareAllView(data, width);
      expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(width);
      expect(renderPlain(lines).join('\n')).toContain('recall@40');
    }
  }, 60_000);

  it('names a command that gives the very report when it is run', async () => {
    const data = await report({ users: '30', modes: 'legacy,model', k: 40, seed: 7, noise: 1 });
    const words = data.report.command.split(' ').slice(1);
    const { code, out } = await realCli(words, { XDG_CACHE_HOME: dir });
    expect(code).toBe(0);
    const again: CompareAllData = JSON.parse(out);
    for (const part of [
      'sides',
      'report',
      'sampled',
      'metrics',
      'noise',
      'segments',
      'losing',
      'curve',
      'differences',
      'users',
      'hubs',
    ] as const)
      expect(again[part]).toEqual(JSON.parse(JSON.stringify(data[part])));
  }, 60_000);

  it('reports what another seed of the model does, and refuses a workspace that cannot tell', async () => {
    await expect(run({ users: '10', reseeded: [workspace.dir] })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('its model is the same'),
    });
    const copy = join(dir, 'seed2');
    await cp(workspace.dir, copy, { recursive: true });
    await trainWorkspace(copy, testTools, {
      hyper: { ...defaultHyper, epochs: 1, maxSamples: 2000, seed: 2 },
      until: null,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    await buildIndexArtefacts(copy, testTools, { m: 16, efConstruction: 50, seed: 1, until: null });
    const data = await report({ users: '40', modes: 'legacy,model', reseeded: [copy] });
    expect(data.modelNoise?.rebuilds).toBe(1);
    expect(data.modelNoise?.rbo.min).toBeLessThan(1);
    expect(data.modelNoise?.metrics.find((m) => m.name === 'novelty')?.spread).toBeGreaterThan(0);
    expect(renderPlain(compareAllView(data, 100)).join('\n')).toContain('trained with other seeds');
    // The rules alone do not read the model: its seed does nothing to them.
    const rules = await report({ users: '40', modes: 'legacy,popular', reseeded: [copy] });
    expect(rules.modelNoise?.rbo).toEqual({ mean: expect.closeTo(1, 9), min: expect.closeTo(1, 9) });
  }, 180_000);
});
