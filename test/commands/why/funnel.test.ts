import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunnelData } from '../../../src/answers/funnel.ts';
import { commands } from '../../../src/commands/registry.ts';
import { parseLine } from '../../../src/console/parse.ts';
import { whyNot } from '../../../src/engine/why-not/why-not.ts';
import { defaultQuery } from '../../../src/console/query-defaults.ts';
import { sampleUsers } from '../../../src/engine/blast.ts';
import { linesOf } from '../../../src/views/answers/answer-views.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { openDemo } from '../../support/demo.ts';
import { fakeContext, fakeWorkspace } from '../fake-workspace.ts';

const funnelOf = async (workspace: Workspace, line: string): Promise<FunnelData> => {
  const outcome = parseLine(line.replace(/^recall-tui /, ''), { commands, globals: [] });
  if (!outcome.ok || outcome.parsed.command === null) throw new Error(line);
  const result = await outcome.parsed.command.run(fakeContext(workspace), outcome.parsed.args);
  if (result.schema !== 'funnel') throw new Error(result.schema);
  // A view that fails would be seen by nobody else with these figures.
  for (const width of [40, 80, 200])
    expect(renderPlain(linesOf(result, width)).filter((text) => text.length > width)).toEqual([]);
  return result.data;
};

describe('the funnel of the demo', () => {
  let demo: Workspace;
  beforeAll(async () => {
    demo = await openDemo();
  }, 120_000);
  afterAll(() => demo.close());

  it('has every pair under the headline of its why-not, and its reasons add up to the pairs', async () => {
    const users = sampleUsers(demo.store.userIds(), 25, 3);
    for (const [adId, mode] of [
      ['ad-17797', 'merged'],
      ['ad-05313', 'model'],
    ] as const) {
      const data = await funnelOf(demo, `funnel ${adId} --mode ${mode} --users 25 --seed 3 --no-changes`);
      const counts = new Map<string, number>();
      for (const userId of users) {
        const query = { ...defaultQuery(demo, userId), mode };
        const { verdict, reason } = await whyNot(demo.engine, query, adId, { repair: false });
        const key = `${verdict} ${reason ?? ''}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      expect(new Map(data.reasons.map(({ reason, detail, pairs }) => [`${reason} ${detail ?? ''}`, pairs]))).toEqual(
        counts,
      );
      expect(data.reasons.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(data.pairs);
    }
  });

  it('regains by each change what the funnel of its command then has', async () => {
    let regainedInAll = 0;
    for (const line of ['funnel ad-16776', 'funnel ad-17797 --mode merged']) {
      const data = await funnelOf(demo, `${line} --users 40 --seed 3 -k 20 --ef 20`);
      const queries = data.changes.filter(({ command }) => command !== null);
      expect(queries.length).toBeGreaterThan(0);
      for (const { command, reached, pairs, regained, lost } of queries.slice(0, 2)) {
        expect(reached.before).toBe(data.reached);
        expect(reached.after).toBe(data.reached + regained - lost);
        const after = await funnelOf(demo, `${command ?? ''} --no-changes`);
        expect(after.reached).toBe(reached.after);
        expect(after.reasons.find(({ reason }) => reason === 'recalled')?.pairs ?? 0).toBe(pairs.after);
        regainedInAll += regained;
      }
    }
    expect(regainedInAll).toBeGreaterThan(5);
  }, 60_000);
});

describe('the funnel of several ads', () => {
  const workspace = fakeWorkspace();

  it('counts each user once under the ad that came furthest, and each pair once', async () => {
    const campaign = workspace.catalog.campaigns()[0] ?? '';
    const data = await funnelOf(workspace, `funnel campaign:${campaign} --mode merged`);
    const ads = workspace.catalog.inCampaign(campaign).length;
    expect(data.subject).toMatchObject({ kind: 'campaign', name: campaign, ads });
    expect(data.pairs).toBe(ads * data.users);
    expect(data.byUser.reduce((sum, { users }) => sum + users, 0)).toBe(data.users);
    expect(data.byUser.find(({ reason }) => reason === 'recalled')?.users ?? 0).toBe(data.reached);
  });

  it('lists the users of one reason with the line that asks why not', async () => {
    const data = await funnelOf(workspace, 'funnel ad-0042 --mode merged');
    const [first] = data.reasons;
    if (first === undefined) throw new Error('no reason');
    const { drill, changes } = await funnelOf(workspace, `funnel ad-0042 --mode merged --reason ${first.reason}`);
    expect(changes).toEqual([]);
    expect(drill?.users).toBe(first.users);
    for (const { userId, adId, command } of drill?.rows ?? []) {
      expect(command).toBe(`recall-tui why-not ${userId} ${adId} --mode merged`);
      const query = { ...defaultQuery(workspace, userId), mode: 'merged' as const };
      expect((await whyNot(workspace.engine, query, adId, { repair: false })).verdict).toBe(first.reason);
    }
  });

  it('refuses what names no ads, and a reason that does not exist, with the nearest name', async () => {
    await expect(funnelOf(workspace, 'funnel campaign:nothing')).rejects.toMatchObject({ code: 'unknown-ad' });
    await expect(funnelOf(workspace, 'funnel ad-0042 --reason below-cutof')).rejects.toMatchObject({
      code: 'usage',
      todo: 'did you mean "below-cutoff"?',
    });
  });
});
