import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GateData } from '../../../src/answers/gate.ts';
import { gateBetween } from '../../../src/commands/recall/gate.ts';
import { gateJunit, gateMarkdown } from '../../../src/commands/recall/gate-report.ts';
import { commands } from '../../../src/commands/registry.ts';
import type { ArgValues } from '../../../src/console/command.ts';
import { defaultQuery } from '../../../src/console/query-defaults.ts';
import { churnCheck, poissonSlack, recallCheck, stateCheck, type GateUser } from '../../../src/domain/gate.ts';
import { seededRandom } from '../../../src/domain/random.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import { cellWidth } from '../../../src/views/text/cells.ts';
import { gateView } from '../../../src/views/answers/recall/gate-view.ts';
import { manifestSchema } from '../../../src/workspace/manifest/manifest.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { contextOf, recording, sessionWorkspace, folder, textOf } from '../../session/support.ts';
import { testTools } from '../../support/demo.ts';
import { indexedWorld } from '../../support/indexed-world.ts';
import { makeWorld, worldGroups, type MemoryWorld } from '../../support/memory-world.ts';

const world = makeWorld({ seed: 3, users: 60, ads: 1500, eventsPerUser: 20, twins: 0 });
const hash = (c: string): string => c.repeat(64);

/** The memory world under an index, as a workspace whose fingerprints differ from A's in these parts. */
const side = async (
  differs: Partial<Workspace['fingerprints']> = {},
  more: Parameters<typeof indexedWorld>[2] & { world?: MemoryWorld } = {},
): Promise<Workspace> => {
  const workspace = await indexedWorld(more.world ?? world, 8, more);
  const states = new Uint8Array(world.ads.length).fill(more.order === undefined ? 1 : 0);
  for (const ordinal of more.order ?? []) states[ordinal] = 1;
  const { index } = workspace;
  return {
    ...workspace,
    ...(index === null ? {} : { index: { ...index, elements: { states, deleted: 0, labelOf: String } } }),
    manifest: manifestSchema.parse({
      ...workspace.manifest,
      index: {
        file: 'x',
        sha256: hash('d'),
        space: 'ip',
        dim: world.dim,
        count: 1500,
        m: 8,
        efConstruction: 20,
        seed: 5,
      },
    }),
    fingerprints: {
      sample: hash('a'),
      model: hash('b'),
      vectors: hash('c'),
      index: hash('d'),
      i2i: null,
      rules: null,
      ...differs,
    },
  };
};

const gate = (a: Workspace, b: Workspace, args: ArgValues = {}): Promise<GateData> =>
  gateBetween(
    () => commands,
    contextOf(a, { tools: testTools }),
    { users: 60, ef: 60, ...args },
    { a, b },
    () => Promise.resolve(null),
  );

const objecting = (data: GateData): string[] =>
  data.checks.filter(({ objections }) => objections.length > 0).map(({ name }) => name);

/** A/A runs: `npm run test:gate` makes 20 of them. */
const runs = Number(process.env['RECALL_GATE_RUNS'] ?? 3);

let a: Workspace;
beforeAll(async () => {
  a = await side();
});

describe('the gate', () => {
  it('lets a copy and rebuilds of the index with other seeds and insert orders pass', async () => {
    expect(await gate(a, a)).toMatchObject({ accepted: true, differing: [] });
    const refused = [];
    let churned = 0;
    for (let seed = 1; seed <= runs; seed += 1) {
      const order = seededRandom(seed).shuffle(Uint32Array.from(world.ads, (_, i) => i));
      const b = await side({ index: hash('e') }, { seed: 100 + seed, order });
      const data = await gate(a, b, { seed, rebuilds: 2 });
      expect(data.differing.map(({ unit }) => unit)).toEqual(['graph']);
      const churn = data.checks.find(({ name }) => name === 'churn (the query)')?.figures['churn'] ?? 0;
      if (churn > 0) churned += 1;
      if (!data.accepted) refused.push([seed, objecting(data)]);
    }
    // Else the index is too good for the test to tell anything.
    expect(churned).toBeGreaterThan(0.7 * runs);
    expect(refused).toEqual([]);
  }, 120_000);

  it('refuses a half-rebuilt index, and names ads that are not in it', async () => {
    const order = Uint32Array.from({ length: 750 }, (_, i) => i * 2);
    const data = await gate(a, await side({ index: hash('e') }, { order }), { rebuilds: 2 });
    expect(data.accepted).toBe(false);
    expect(objecting(data)).toEqual(expect.arrayContaining(['churn (the query)', 'ads without a node']));
    const absent = data.checks.find(({ name }) => name === 'ads without a node');
    expect(absent?.figures).toMatchObject({ a: 0, b: 750 });
    const ordinals = (absent?.objections[0]?.adIds ?? []).map((id) => world.ads.findIndex(({ adId }) => adId === id));
    expect(ordinals.length).toBeGreaterThan(5);
    expect(ordinals.filter((ordinal) => ordinal % 2 === 0)).toEqual([]);
  });

  it('refuses a zeroed group, and names the ads that leave most lists', async () => {
    const groups = worldGroups.map((group) => (group.name === 'browse' ? { ...group, kinds: ['none'] } : group));
    const b = await side({}, { deps: { settings: { groups } } });
    const data = await gate(a, b);
    const churn = data.checks.find(({ name }) => name === 'churn (the query)');
    expect(data.differing.map(({ unit }) => unit)).toContain('settings');
    const gone = new Map<string, number>();
    for (const { userId } of world.users) {
      const query = { ...defaultQuery(a, userId), ef: 60 };
      const [before, after] = [await a.engine.recall(query), await b.engine.recall(query)];
      const kept = new Set(after.candidates.map(({ adId }) => adId));
      for (const { adId } of before.candidates) if (!kept.has(adId)) gone.set(adId, (gone.get(adId) ?? 0) + 1);
    }
    const most = [...gone].sort(([x, n], [y, m]) => m - n || (x < y ? -1 : 1)).map(([adId]) => adId);
    expect(churn?.objections[0]?.adIds).toEqual(most.slice(0, 10));
    expect(churn?.objections[0]?.userIds.length).toBe(5);
    const [dead, ...others] = data.checks.find(({ name }) => name === 'feature groups')?.objections ?? [];
    expect([dead?.text, others]).toEqual([
      expect.stringMatching(/^group browse moves \d+ of 24 users on A and none on B$/),
      [],
    ]);
    expect(dead?.adIds.length).toBeGreaterThan(5);
  });

  it('refuses a lost campaign, and names it with its own ads', async () => {
    const lost = { ...world, ads: world.ads.map((ad) => (ad.campaign === 'c2' ? { ...ad, budgetLeft: 0 } : ad)) };
    const eligibility = { ...a.settings.eligibility, budget: true };
    const whole = await side({}, { deps: { settings: { eligibility } } });
    const data = await gate(
      whole,
      await side({ sample: hash('9') }, { world: lost, deps: { settings: { eligibility } } }),
    );
    expect(data.accepted).toBe(false);
    const campaigns = data.checks.filter(({ name }) => name === 'campaigns (the query)').flatMap((c) => c.objections);
    expect(campaigns.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^campaign c2 had \d+ places and has 0$/),
    ]);
    const of = new Map(world.ads.map(({ adId, campaign }) => [adId, campaign]));
    expect(new Set(campaigns[0]?.adIds.map((adId) => of.get(adId)))).toEqual(new Set(['c2']));
  });

  it('refuses swapped rules, by the lists that the rules alone give', async () => {
    const { order, quota } = a.rules;
    const rules = {
      ...a.rules,
      order: [...order].reverse(),
      quota: { ...quota, popular: quota.keyword, keyword: quota.popular },
    };
    const data = await gate(a, { ...a, rules, fingerprints: { ...a.fingerprints, rules: hash('7') } });
    expect(objecting(data)).toContain('churn (legacy)');
    expect(objecting(data)).not.toContain('churn (the query)');
    expect(data.checks.find(({ name }) => name === 'churn (legacy)')?.objections[0]?.adIds.length).toBeGreaterThan(0);
  });

  it('calls a golden session circular that holds answers of A or B itself, and counts a step that fails', async () => {
    const own = sessionWorkspace();
    const path = join(folder(), 'golden.jsonl');
    const { recorder, ask } = await recording(own, path);
    await ask('recall', { user: 'u1', k: 8 });
    recorder.expect({ kind: 'ids' });
    recorder.close();
    const other = { ...own, fingerprints: { ...own.fingerprints, model: hash('8'), index: hash('9') } };
    const run = (x: Workspace, y: Workspace): Promise<GateData> =>
      gateBetween(
        () => commands,
        contextOf(x, { tools: testTools }),
        { sessions: [path], users: 6, k: 8 },
        { a: x, b: y },
        () => Promise.resolve(null),
      );
    expect((await run(own, other)).circular).toEqual([
      expect.stringMatching(/golden\.jsonl is circular: it holds answers of A/),
    ]);
    expect((await run(other, own)).circular).toEqual([expect.stringContaining('answers of B')]);
    const third = { ...own, fingerprints: { ...own.fingerprints, model: hash('1') } };
    const clean = await run(other, third);
    expect([clean.circular, clean.checks[0]?.says]).toEqual([[], '1 of 1 steps hold']);
    expect(textOf(path)).toContain('"expect"');
  });

  it('writes the same verdict as Markdown, as JUnit without users, and in the width it is given', async () => {
    const order = Uint32Array.from({ length: 750 }, (_, i) => i * 2);
    const data = await gate(a, await side({ index: hash('e') }, { order }), { rebuilds: 1 });
    const [md, xml] = [gateMarkdown(data), gateJunit(data, () => 'user:masked')];
    expect(md).toMatch(/^# B may not replace A/);
    expect(xml.match(/<testcase /g)).toHaveLength(data.checks.length);
    expect(xml.match(/<failure /g)).toHaveLength(objecting(data).length);
    expect(xml).not.toMatch(/\bu\d+\b/);
    for (const width of [60, 120]) {
      const lines = renderPlain(gateView(data, width));
      expect(lines[0]).toMatch(/^B MAY NOT replace A/);
      expect(lines.filter((line) => cellWidth(line) > width)).toEqual([]);
    }
  });
});

describe('a check of the gate', () => {
  const user = (i: number, before: string[], after: string[], engaged: string[] = []): GateUser => ({
    userId: `u${i}`,
    engaged,
    a: { ads: before, crowded: 0 },
    b: { ads: after, crowded: 0 },
  });

  it('compares recall of engaged ads by the lower end of the paired interval', () => {
    const same = Array.from({ length: 40 }, (_, i) => user(i, ['x', 'y'], ['y', 'x'], ['x']));
    expect(recallCheck('m', same, { margin: 0, seed: 1 }).objections).toEqual([]);
    const worse = same.map((one, i) => (i % 4 === 0 ? user(i, ['x', 'y'], ['y', 'z'], ['x']) : one));
    const [objection] = recallCheck('m', worse, { margin: 0.01, seed: 1 }).objections;
    expect(objection).toMatchObject({ adIds: ['x'], userIds: ['u0', 'u12', 'u16', 'u20', 'u24'] });
  });

  it('measures churn against the rebuilds of the same users, and counts states beyond chance', () => {
    const moved = Array.from({ length: 40 }, (_, i) => user(i, ['x', 'y'], i % 2 === 0 ? ['y', 'x'] : ['x', 'y']));
    const bounds = { most: null, seed: 1 };
    const loud = [moved.map((_, i) => (i % 2 === 0 ? 0.9 : 0))];
    expect(churnCheck('m', moved, { ...bounds, noise: loud }).objections).toEqual([]);
    expect(churnCheck('m', moved, { ...bounds, noise: [moved.map(() => 0)] }).objections).toHaveLength(1);
    expect(churnCheck('m', moved, { ...bounds, noise: null }).objections).toEqual([]);
    expect(stateCheck('s', ['x'], ['x', 'y', 'z'], poissonSlack([1])).objections).toEqual([]);
    expect(stateCheck('s', ['x'], ['x', 'y', 'z'], 0).objections[0]?.adIds).toEqual(['y', 'z']);
  });
});
