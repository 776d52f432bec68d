import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MissesData } from '../../../src/answers/misses.ts';
import { compareCommand } from '../../../src/commands/recall/compare.ts';
import { missesCommand } from '../../../src/commands/why/misses.ts';
import type { ArgValues } from '../../../src/console/command.ts';
import { engagementsOf } from '../../../src/engine/hydrate.ts';
import { whyNot } from '../../../src/engine/why-not/why-not.ts';
import { missesView } from '../../../src/views/answers/why/misses-view.ts';
import { lineWidth } from '../../../src/views/text/line.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { fakeContext } from '../fake-workspace.ts';
import { demoFolder, openDemo, testTools } from '../../support/demo.ts';
import { indexedWorld } from '../../support/indexed-world.ts';
import { makeWorld, worldEnd } from '../../support/memory-world.ts';

let workspace: Workspace;
let folder: string;
let merged: MissesData;
let sided: MissesData;
beforeAll(async () => {
  workspace = await indexedWorld(makeWorld({ seed: 3, users: 20, ads: 200, eventsPerUser: 30, twins: 0 }));
  folder = mkdtempSync(join(tmpdir(), 'recall-misses-'));
  merged = await misses({ mode: 'merged', rows: true });
  const since = (workspace.manifest.asOf ?? 0) - 10 * 86_400_000;
  sided = await misses({ mode: 'merged', since, markdown: join(folder, 'misses.md') });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const misses = async (args: ArgValues, on = workspace): Promise<MissesData> =>
  (await missesCommand.run(fakeContext(on, { tools: testTools }), { workers: 0, users: 'all', ...args })).data;

describe('misses', () => {
  it('counts each engaged ad of every user once, with the reason that why-not gives', async () => {
    const data = merged;
    const counted = new Map<string, number>();
    let pairs = 0;
    for (const userId of workspace.store.userIds()) {
      const query = { ...data.query, userId };
      for (const adId of engagementsOf(workspace, query).keys()) {
        pairs += 1;
        const { verdict, reason } = await whyNot(workspace.engine, query, adId, { repair: false });
        const key = `${verdict} ${reason ?? ''}`;
        counted.set(key, (counted.get(key) ?? 0) + 1);
      }
    }
    expect(data.pairs).toBe(pairs);
    const reasons = data.reasons.map(({ reason, detail, pairs: n }) => [`${reason} ${detail ?? ''}`, n] as const);
    expect(new Map(reasons)).toEqual(counted);
    expect(counted.size).toBeGreaterThan(2);
    expect(data.rows?.flatMap(({ losses }) => losses).length).toBe(pairs);
  });

  it('has the recall of compare --all, over the same users', async () => {
    const data = merged;
    const compared = await compareCommand.run(fakeContext(workspace), {
      all: true,
      modes: 'model,merged',
      users: 'all',
      workers: 0,
    });
    if (compared.schema !== 'compare-all') throw new Error('a report');
    const metric = compared.data.metrics.find(({ name }) => name === 'recall@10');
    expect(data.recall).toBeCloseTo(metric?.b ?? Number.NaN, 12);
    expect(data.users).toBe(compared.data.measured);
    expect(data.ceilings.find(({ name }) => name === 'list')?.recall).toBeCloseTo(metric?.b ?? Number.NaN, 12);
  });

  it('divides the pairs by segment, category, age and popularity: each field of all ads adds up to them', async () => {
    const data = merged;
    const sums = new Map<string, number>();
    for (const { by, field, pairs, recalled, reasons } of data.parts) {
      sums.set(`${by} ${field}`, (sums.get(`${by} ${field}`) ?? 0) + pairs);
      expect(reasons.reduce((sum, reason) => sum + reason.pairs, recalled)).toBe(pairs);
    }
    for (const field of ['category category', 'popularity popularity', 'segment history'])
      expect(sums.get(field), field).toBe(data.pairs);
    const ages = [...sums].filter(([field]) => field.startsWith('age ')).reduce((sum, [, pairs]) => sum + pairs, 0);
    expect(ages).toBe(data.pairs);
  });

  it('asks both sides for the ads engaged after the later time, and counts what moved since', async () => {
    const data = sided;
    expect(data.a?.asOf).toBe((workspace.manifest.asOf ?? 0) - 10 * 86_400_000);
    expect(data.a?.pairs).toBe(data.pairs);
    expect(data.moves?.pairs).toBe(data.pairs);
    const moved = data.moves?.moves.reduce((sum, { pairs }) => sum + pairs, 0) ?? 0;
    expect(moved).toBeGreaterThan(0);
    expect((data.moves?.same ?? 0) + moved).toBe(data.pairs);
    const gained = data.moves?.moves.filter(({ to }) => to.reason === 'recalled') ?? [];
    const dropped = data.moves?.moves.filter(({ from }) => from.reason === 'recalled') ?? [];
    const sum = (moves: typeof gained): number => moves.reduce((n, { pairs }) => n + pairs, 0);
    expect(data.recalled - (data.a?.recalled ?? 0)).toBe(sum(gained) - sum(dropped));
  });

  it('refuses sides that are not clear, and an as-of after which no user engaged with an ad', async () => {
    await expect(misses({ a: '{}' })).rejects.toMatchObject({ code: 'usage' });
    await expect(misses({ a: '{}', b: '{}', since: 1 })).rejects.toMatchObject({ code: 'usage' });
    await expect(misses({ at: worldEnd + 1 })).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('fits its width, and its Markdown names no user and no ad', async () => {
    const data = sided;
    for (const width of [40, 80, 120, 200])
      expect(missesView(data, width).filter((line) => lineWidth(line) > width)).toEqual([]);
    expect(renderPlain(missesView(data, 120)).join('\n')).toContain('What is to be gained at all');
    const text = readFileSync(join(folder, 'misses.md'), 'utf8');
    expect(text).toContain('| merged-out | merge |');
    expect(text).not.toMatch(/\bu\d+\b|\bad-\d+/);
  });
});

describe('misses of two workspaces', () => {
  it('has no moves between a workspace and itself', async () => {
    const demo = await openDemo();
    try {
      const data = await misses({ beside: await demoFolder(), users: '6' }, demo);
      expect(data.moves).toMatchObject({ pairs: data.pairs, same: data.pairs, moves: [] });
      expect(data.a?.reasons).toEqual(data.reasons);
    } finally {
      await demo.close();
    }
  }, 120_000);
});
