import type { Result } from '../../../src/answers/answers.ts';
import type { CompareData } from '../../../src/answers/recall.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArgValues } from '../../../src/console/command.ts';
import { compareCommand } from '../../../src/commands/recall/compare.ts';
import { explainAll } from '../../../src/engine/explain/groups.ts';
import { compareView } from '../../../src/views/answers/recall/compare-view.ts';
import { lineWidth } from '../../../src/views/text/line.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { openDemo, testTools } from '../../support/demo.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openDemo();
}, 120_000);
afterAll(() => workspace.close());

const isCompare = (data: Result['data']): data is Result['data'] & CompareData =>
  'overlap' in data && 'differences' in data;
const compare = async (args: ArgValues): Promise<CompareData> => {
  const { data } = await compareCommand.run(
    {
      workspace: () => Promise.resolve(workspace),
      tools: testTools,
      signal: new AbortController().signal,
      progress: () => undefined,
      baseQuery: null,
      stdin: () => Promise.resolve(''),
      env: {},
    },
    { user: 'u-00412', ...args },
  );
  if (!isCompare(data)) throw new Error('no comparison');
  return data;
};

describe('compare USER', () => {
  it('says which groups carry the model’s list, in shares of |φ| that add up to 1', async () => {
    const { differences = [], queries, b } = await compare({});
    const carried = differences.flatMap((d) => (d.kind === 'carried-by' ? [d] : []));
    expect(carried.every((d) => d.side === 'b')).toBe(true);
    expect(carried.reduce((sum, d) => sum + d.share, 0)).toBeCloseTo(1, 9);
    const { groups, rows } = await explainAll(
      workspace.engine.core,
      queries.b,
      b.map((row) => row.ordinal),
    );
    for (const { group, share } of carried) {
      const g = groups.findIndex((one) => one.group === group);
      const size = (at: number): number => rows.reduce((sum, row) => sum + Math.abs(row.phi[at] ?? 0), 0);
      expect(share).toBeCloseTo(size(g) / groups.reduce((sum, _, i) => sum + size(i), 0), 9);
    }
  });

  it('says what each rule saw, and that its places add up to the list', async () => {
    const { differences = [], a } = await compare({});
    const placed = differences.flatMap((d) => (d.kind === 'placed-by' && d.side === 'a' ? [d] : []));
    expect(placed.reduce((sum, d) => sum + d.ads, 0)).toBe(a.length);
    const browse = differences.find((d) => d.kind === 'rule-saw' && d.rule === 'recent-category');
    const evidence = new Set(
      a
        .filter((row) => row.via === 'recent-category')
        .flatMap((row) =>
          row.channels.flatMap((hit) => (hit.evidence.type === 'latest-browse' ? [hit.evidence.category] : [])),
        ),
    );
    expect(evidence.size).toBeGreaterThan(0);
    expect(browse).toMatchObject({ what: 'category', values: [...evidence] });
  });

  it('profiles both lists, and tells the widest gaps of categories first', async () => {
    const { profiles, differences = [], a } = await compare({});
    expect(profiles?.a.ads).toBe(a.length);
    expect(profiles?.a.categories.reduce((sum, c) => sum + c.ads, 0)).toBe(a.length);
    const gaps = differences.flatMap((d) => (d.kind === 'category' ? [Math.abs(d.b - d.a)] : []));
    expect(gaps.length).toBeGreaterThan(0);
    expect([...gaps].sort((x, y) => y - x)).toEqual(gaps);
  });

  it('leaves out one rule, one group or one channel, and refuses a part the query does not have', async () => {
    const rule = await compare({ mode: 'legacy', without: 'keyword' });
    expect(rule.b.some((row) => row.channels.some((hit) => hit.channel === 'keyword'))).toBe(false);
    expect(rule.a.some((row) => row.via === 'keyword')).toBe(true);
    const group = await compare({ mode: 'model', without: 'purchase' });
    expect(group.queries.b.weights['purchase']).toBe(0);
    const channel = await compare({ mode: 'merged', without: 'model' });
    expect(channel.b.some((row) => row.via === 'model')).toBe(false);
    await expect(compare({ mode: 'legacy', without: 'purchase' })).rejects.toMatchObject({
      code: 'usage',
      message: 'mode legacy has no purchase to leave out',
    });
    await expect(compare({ mode: 'model', without: 'purchas' })).rejects.toMatchObject({
      code: 'usage',
      todo: expect.stringContaining('purchase'),
    });
  });

  it('shows the sentences above the lists within the width', async () => {
    const data = await compare({});
    for (const width of [60, 100]) {
      const lines = compareView(data, width);
      expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(width);
      expect(renderPlain(lines).join(' ')).toMatch(/Groups that carry model: \w+ \.\d\d/);
    }
  });
});
