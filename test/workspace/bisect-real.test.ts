import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import type { BisectData } from '../../src/answers/recall.ts';
import type { Result } from '../../src/answers/answers.ts';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeLarge } from '../../fixtures/large.ts';
import { bisectCommand } from '../../src/commands/recall/bisect.ts';
import type { ArgValues } from '../../src/console/command.ts';
import { defaultQuery } from '../../src/console/query-defaults.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import { createFactories } from '../../src/index.ts';
import { createRecorder } from '../../src/session/recorder.ts';
import { openVault } from '../../src/session/vault.ts';
import { defaultHyper } from '../../src/training/hyper.ts';
import { trainWorkspace } from '../../src/training/train-workspace.ts';
import { bisectView } from '../../src/views/answers/recall/bisect-view.ts';
import { lineWidth } from '../../src/views/text/line.ts';
import { renderPlain } from '../../src/views/text/render.ts';
import { buildIndexArtefacts } from '../../src/workspace/index-artefacts.ts';
import { readManifest, writeManifest } from '../../src/workspace/manifest/file.ts';
import { fakeContext, fakeWorkspace } from '../commands/fake-workspace.ts';
import { runnerFor } from '../session/support.ts';
import { openReal } from '../support/faulty-workspace.ts';
import { temporaryFolder } from '../support/vectors.ts';

describe('the bisection of real workspaces', () => {
  const root = temporaryFolder('bisect');
  const [a, b, c] = [join(root, 'a'), join(root, 'b'), join(root, 'c')];
  const tools = createFactories({ XDG_CACHE_HOME: join(root, 'cache') });
  const run = (args: ArgValues): Promise<Result> =>
    bisectCommand.run(
      fakeContext(fakeWorkspace(), {
        tools,
        workspace: () => Promise.reject(new Error('the workspaces are those named')),
      }),
      { users: 12, k: 20, ef: 20, ...args },
    );
  const isBisect = (data: Result['data']): data is Result['data'] & BisectData => 'causes' in data && 'rows' in data;
  const dataOf = async (args: ArgValues): Promise<BisectData> => {
    const { data, exitCode } = await run(args);
    if (!isBisect(data)) throw new Error('no bisect');
    expect(exitCode).toBe(0);
    return data;
  };

  beforeAll(async () => {
    await makeLarge({ ads: 3000, out: a, users: 40, dim: 16 });
    cpSync(a, b, { recursive: true });
    await buildIndexArtefacts(b, tools, { m: 4, efConstruction: 12, seed: 7, until: null });
    cpSync(b, c, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(c, 'recall.json'), 'utf8'));
    writeFileSync(join(c, 'rules.json'), JSON.stringify({ keywordQueries: 1, frequentCategories: 1 }));
    writeFileSync(
      join(c, 'recall.json'),
      JSON.stringify({
        ...manifest,
        rules: { file: 'rules.json', sha256: await tools.files.sha256File(join(c, 'rules.json')) },
      }),
    );
  }, 60_000);

  it('finds nothing between a workspace and its copy', async () => {
    expect(await dataOf({ a, b: a })).toMatchObject({ asked: 12, changed: 0, differing: [], rows: [] });
  });

  it('names the graph where the index alone was built again', async () => {
    const data = await dataOf({ a, b });
    expect(data.differing.map(({ unit }) => unit)).toEqual(['graph']);
    expect(data.changed).toBeGreaterThan(0);
    expect(data.workspace).toMatchObject({
      a: { dir: a, users: 40, ads: 3000, fingerprints: { sample: data.workspace.b.fingerprints.sample } },
      b: { dir: b },
    });
    expect(data.workspace.a.fingerprints.index).not.toBe(data.workspace.b.fingerprints.index);
    expect(data.queries).toMatchObject({
      a: { k: 20, ef: 20, userId: data.queries?.b.userId },
      b: { asOf: data.queries?.a.asOf },
    });
    expect(data.causes).toMatchObject([{ units: ['graph'], users: data.changed }]);
    for (const width of [60, 80, 120]) {
      const lines = bisectView(data, width);
      expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(width);
      expect(renderPlain(lines).join('\n')).toContain('the graph over the same vectors');
    }
  }, 30_000);

  it('names graph and rules together where a merged list needs both, and each alone where it suffices', async () => {
    const data = await dataOf({ a, b: c, mode: 'merged', k: 100, ef: 100 });
    expect(data.causes.some(({ units }) => units?.join() === 'graph,rules')).toBe(true);
    expect((await dataOf({ a, b: c, mode: 'model' })).causes.map(({ units }) => units)).toEqual([['graph']]);
    expect((await dataOf({ a: b, b: c, mode: 'legacy' })).causes.map(({ units }) => units)).toEqual([['rules']]);
  }, 60_000);

  it('names the weights where one group was set to zero, among artefacts that play no part', async () => {
    const workspace = await openReal(a, join(root, 'cache'));
    const query = { ...defaultQuery(workspace, workspace.store.userIds()[0] ?? ''), k: 20, ef: 400 };
    await workspace.close();
    const [plain, zeroed] = [join(root, 'plain.json'), join(root, 'zeroed.json')];
    writeFileSync(plain, JSON.stringify(query));
    writeFileSync(zeroed, JSON.stringify({ ...query, weights: { ...query.weights, browse: 0 } }));
    const data = await dataOf({ a, b: a, query: plain, 'query-b': zeroed, ef: 400 });
    expect(data.changed).toBeGreaterThan(6);
    expect(data.causes).toMatchObject([{ units: ['weights'] }]);
    // A second change beside it: model without the group, and another graph that shows at this ef.
    const pair = await dataOf({ a, b, query: plain, 'query-b': zeroed, ef: 20 });
    expect(pair.causes.some(({ units }) => units?.join() === 'graph,weights')).toBe(true);
  }, 60_000);

  it('asks for one user by name, and names a user that one of them lacks', async () => {
    const data = await dataOf({ a, b, user: 'u-00003' });
    expect(data.asked).toBe(1);
    await expect(run({ a, b, user: 'u-nobody' })).rejects.toMatchObject({ code: 'unknown-user' });
    await expect(run({ a, b: join(root, 'nowhere') })).rejects.toMatchObject({
      code: expect.stringMatching(/workspace|manifest/),
    });
  }, 30_000);

  const copyOf = (name: string, from = a): string => {
    const dir = join(root, name);
    cpSync(from, dir, { recursive: true });
    return dir;
  };
  const indexed = async (dir: string): Promise<string> => {
    await buildIndexArtefacts(dir, tools, { m: 16, efConstruction: 100, seed: 100, until: null });
    return dir;
  };
  const queryFile = async (name: string, more: (query: RecallQuery) => Partial<RecallQuery>): Promise<string> => {
    const workspace = await openReal(a, join(root, 'cache'));
    const query = { ...defaultQuery(workspace, workspace.store.userIds()[0] ?? ''), k: 20, ef: 400 };
    await workspace.close();
    writeFileSync(join(root, name), JSON.stringify({ ...query, ...more(query) }));
    return join(root, name);
  };
  const unitsOf = ({ causes }: BisectData): Array<string | undefined> => causes.map(({ units }) => units?.join());

  it('names model, vectors and graph as one unit where the model was trained again, alone and with a change of weights', async () => {
    const retrained = copyOf('retrained');
    const { model } = await readManifest(retrained);
    await trainWorkspace(retrained, tools, {
      hyper: { ...defaultHyper, dim: 16, epochs: 1, maxSamples: 500, seed: 2 },
      until: model?.builtUntil ?? null,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    await indexed(retrained);
    const [before, after] = [await openReal(a, join(root, 'cache')), await openReal(retrained, join(root, 'cache'))];
    for (const part of ['model', 'vectors', 'index'] as const)
      expect(after.fingerprints[part]).not.toBe(before.fingerprints[part]);
    for (const one of [before, after]) await one.close();
    const data = await dataOf({ a, b: retrained, mode: 'model' });
    expect(data.differing.map(({ unit }) => unit)).toEqual(['model']);
    expect(data.changed).toBe(12);
    expect(unitsOf(data)).toEqual(['model']);
    expect(data.rows[0]?.verdict).toBe(
      "model, vectors and graph alone account for it: with B's, A gives B's list exactly",
    );
    const [plain, zeroed] = [
      await queryFile('m-plain.json', () => ({})),
      await queryFile('m-zeroed.json', ({ weights }) => ({ weights: { ...weights, browse: 0 } })),
    ];
    expect(unitsOf(await dataOf({ a, b: retrained, query: plain, 'query-b': zeroed, users: 12 }))).toEqual([
      'model,weights',
    ]);
  }, 120_000);

  it("names the manifest's settings where they alone were edited", async () => {
    const moved = copyOf('moved');
    const manifest = await readManifest(moved);
    await writeManifest(moved, { ...manifest, tzOffsetMinutes: manifest.tzOffsetMinutes + 7 * 60 }, tools.files);
    const data = await dataOf({ a, b: moved, mode: 'model', ef: 400 });
    expect(data.differing.map(({ unit }) => unit)).toEqual(['settings']);
    expect(data.changed).toBeGreaterThan(6);
    expect(unitsOf(data)).toEqual(['settings']);
    // The rules read no hour: what differs plays no part there.
    expect(await dataOf({ a, b: moved, mode: 'legacy' })).toMatchObject({ changed: 0, causes: [] });
  }, 60_000);

  it('names ef where it alone differs, on lists that did change', async () => {
    const [narrow, wide] = [
      await queryFile('narrow.json', () => ({ ef: 20 })),
      await queryFile('wide.json', () => ({ ef: 400 })),
    ];
    const { data } = await run({ a: b, b, query: narrow, 'query-b': wide, users: 12, k: undefined, ef: undefined });
    if (!isBisect(data)) throw new Error('no bisect');
    expect(data.differing).toEqual([]);
    expect(data.changed).toBeGreaterThan(0);
    expect(data.rows.every((row) => row.entered > 0 && row.left > 0 && row.differing.join() === 'ef')).toBe(true);
    expect(unitsOf(data)).toEqual(['ef']);
  }, 30_000);

  it('takes model, vectors, graph, neighbours and sample together where the samples hold other ads, and the rules by themselves', async () => {
    const fewer = join(root, 'fewer');
    await makeLarge({ ads: 2900, out: fewer, users: 40, dim: 16 });
    const data = await dataOf({ a, b: fewer, mode: 'model' });
    expect(data.differing.map(({ unit }) => unit)).toEqual(['model', 'i2i', 'data']);
    expect(data.changed).toBeGreaterThan(0);
    expect(unitsOf(data)).toEqual(['model,i2i,data']);
    const manifest = await readManifest(fewer);
    writeFileSync(join(fewer, 'rules.json'), JSON.stringify({ keywordQueries: 1, frequentCategories: 1 }));
    await writeManifest(
      fewer,
      { ...manifest, rules: { file: 'rules.json', sha256: await tools.files.sha256File(join(fewer, 'rules.json')) } },
      tools.files,
    );
    expect(unitsOf(await dataOf({ a, b: fewer, mode: 'model' }))).toEqual(['model,i2i,data']);
    const legacy = unitsOf(await dataOf({ a, b: fewer, mode: 'legacy', k: 100, ef: 100 }));
    expect(legacy.length).toBeGreaterThan(0);
    expect(
      legacy.every((units) => units === 'rules' || units === 'model,i2i,data' || units === 'model,i2i,data,rules'),
    ).toBe(true);
    expect(legacy).toContain('model,i2i,data,rules');
  }, 90_000);

  it('asks for the users of a session, each once, and refuses one recorded under another key', async () => {
    const path = join(root, 'recorded.jsonl');
    const workspace = await openReal(a, join(root, 'cache'));
    const runner = runnerFor(workspace);
    const recorder = await createRecorder({
      path,
      workspace,
      vault: await openVault(workspace),
      locks: fileLocks,
      specsOf: runner.specsOf,
      tool: 'recall-tui/test',
    });
    for (const userId of ['u-00007', 'u-00002', 'u-00007', 'u-00030']) {
      const query = { ...defaultQuery(workspace, userId), k: 20, ef: 20 };
      recorder.record('recall', { user: userId }, { schema: 'recall', data: { candidates: [] }, query });
    }
    recorder.close();
    await workspace.close();
    expect(readFileSync(path, 'utf8')).not.toContain('u-00007');
    const data = await dataOf({ a, b, session: path, users: undefined });
    expect(data.asked).toBe(3);
    expect(data.rows.length).toBeGreaterThan(0);
    expect(data.rows.every(({ userId }) => ['u-00007', 'u-00002', 'u-00030'].includes(userId))).toBe(true);
    expect(unitsOf(data)).toEqual(['graph']);
    const locked = copyOf('locked');
    writeFileSync(join(locked, 'key.hex'), `${'5a'.repeat(32)}\n`);
    await expect(run({ a: locked, b, session: path })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining("another workspace's key"),
    });
  }, 30_000);
});
