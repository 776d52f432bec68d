import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeLarge } from '../../fixtures/large.ts';
import { bisectCommand, type BisectData } from '../../src/commands/bisect.ts';
import type { ArgValues, CommandResult } from '../../src/commands/command.ts';
import { defaultQuery } from '../../src/commands/query-defaults.ts';
import { createTools } from '../../src/index.ts';
import { bisectView } from '../../src/views/bisect-view.ts';
import { lineWidth } from '../../src/views/line.ts';
import { renderPlain } from '../../src/views/render.ts';
import { buildIndexArtefacts } from '../../src/workspace/index-artefacts.ts';
import { fakeContext, fakeWorkspace } from '../commands/fake-workspace.ts';
import { openReal } from '../support/faulty-workspace.ts';
import { temporaryFolder } from '../support/vectors.ts';

describe('bisect over real workspaces', () => {
  const root = temporaryFolder('bisect');
  const [a, b, c] = [join(root, 'a'), join(root, 'b'), join(root, 'c')];
  const tools = createTools({ XDG_CACHE_HOME: join(root, 'cache') });
  const run = (args: ArgValues): Promise<CommandResult> => bisectCommand.run(fakeContext(fakeWorkspace(), { tools, workspace: () => Promise.reject(new Error('the workspaces are those named')) }), { users: 12, k: 20, ef: 20, ...args });
  const isBisect = (data: CommandResult['data']): data is CommandResult['data'] & BisectData => 'causes' in data && 'rows' in data;
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
    writeFileSync(join(c, 'recall.json'), JSON.stringify({ ...manifest, rules: { file: 'rules.json', sha256: await tools.files.sha256File(join(c, 'rules.json')) } }));
  }, 60_000);

  it('finds nothing between a workspace and its copy', async () => {
    expect(await dataOf({ a, b: a })).toMatchObject({ asked: 12, changed: 0, differing: [], rows: [] });
  });

  it('names the graph where the index alone was built again', async () => {
    const data = await dataOf({ a, b });
    expect(data.differing.map(({ unit }) => unit)).toEqual(['graph']);
    expect(data.changed).toBeGreaterThan(0);
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

  it('asks for one user by name, and says who is not there', async () => {
    const data = await dataOf({ a, b, user: 'u-00003' });
    expect(data.asked).toBe(1);
    await expect(run({ a, b, user: 'u-nobody' })).rejects.toMatchObject({ code: 'unknown-user' });
    await expect(run({ a, b: join(root, 'nowhere') })).rejects.toMatchObject({ code: expect.stringMatching(/workspace|manifest/) });
  }, 30_000);
});
