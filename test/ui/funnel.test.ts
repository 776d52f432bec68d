import { afterEach, describe, expect, it } from 'vitest';
import type { FunnelData } from '../../src/answers/funnel.ts';
import type { LossReason } from '../../src/domain/loss-reasons.ts';
import type { Loss } from '../../src/domain/losses.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import { answering } from '../support/answers.ts';
import type { PartialAnswer } from '../support/partial-answer.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

let tui: RunningTui | undefined;
afterEach(async () => {
  tui?.stdin.emit('end');
  await tui?.exit;
  tui = undefined;
});

const reason = (name: LossReason['reason'], pairs: number, detail: LossReason['detail'] = null): LossReason => ({
  reason: name,
  detail,
  stage: 'cutoff',
  users: pairs,
  pairs,
  share: pairs / 10,
  margins: { score: null, rank: null, ef: null },
  segments: [],
});

const loss = (userId: string): Loss & { command: string } => ({
  userId,
  adId: 'ad-0007',
  verdict: 'ineligible',
  detail: 'targeting',
  channel: null,
  margin: null,
  rankMargin: null,
  rank: null,
  ef: null,
  by: {},
  crowding: 0,
  command: `recall-tui why-not ${userId} ad-0007`,
});

const funnelFor = (args: Readonly<Record<string, unknown>>, base: RecallQuery | null): PartialAnswer => {
  const isAd = !String(args['ads']).startsWith('campaign:');
  const reasons = [reason('below-cutoff', 6), reason('ineligible', 3, 'targeting'), reason('recalled', 1)];
  const wider = base === null ? null : { ...base, ef: 400 };
  const gain: FunnelData['changes'][number] = {
    change: { type: 'ef', from: 50, to: 400 },
    command: 'recall-tui funnel ad-0007 --ef 400',
    query: wider,
    verified: true,
    reached: { before: 1, after: 4 },
    regained: 3,
    lost: 0,
    pairs: { before: 1, after: 4 },
    displaced: { places: 2, share: 0.02, ads: [] },
    recall: null,
    failed: 0,
  };
  const data: FunnelData = {
    subject: {
      kind: isAd ? 'ad' : 'campaign',
      name: isAd ? String(args['ads']) : 'c1',
      title: isAd ? '智能音箱' : null,
      campaign: 'c1',
      ads: isAd ? 1 : 4,
      adIds: ['ad-0007'],
    },
    sample: { users: 10, of: 10, seed: 1, fewer: false },
    users: 10,
    failed: 0,
    pairs: 10,
    reached: 1,
    reasons,
    byUser: reasons,
    mergedBy: [],
    crowding: { pairs: 0, share: 0, places: 0 },
    changes: args['reason'] === undefined ? [gain] : [],
    best: args['reason'] === undefined ? gain : null,
    notRun: [],
    drill:
      args['reason'] === undefined
        ? null
        : { reason: String(args['reason']), users: 2, rows: [loss('u-00003'), loss('u-00002')] },
    titles: {},
    approximations: [],
    workers: 0,
  };
  return { schema: 'funnel', data, ...(base === null ? {} : { query: base }) };
};

const open = async (): Promise<RunningTui> => {
  const t = (tui = await runTui(120, 40, {
    answer: (command, args, base) => (command === 'funnel' ? funnelFor(args, base) : answering(command, args, base)),
  }));
  await t.press(keys.enter);
  return t;
};

describe('the funnel on the screen', () => {
  it('is asked by V for the ad, by V again for its campaign', async () => {
    const t = await open();
    await t.press('V');
    expect(t.screen.text()).toContain('智能音箱: RECALLED for 1 of 10 users (10 %).');
    const calls = (): unknown[] => t.host.calls.filter((c) => c.command === 'funnel').map((c) => c.args['ads']);
    expect(calls()).toEqual([t.store.get().selectedAd]);
    await t.press('V');
    expect(calls().at(-1)).toBe('campaign:c1');
  });

  it('goes by enter from the reasons to the users of one, and from a user to their why-not', async () => {
    const t = await open();
    await t.press('V');
    while (t.store.get().focus !== 'detail') await t.press(keys.tab);
    await t.press(keys.enter);
    expect(t.screen.text()).toMatch(/▸ below the cutoff +6/);
    await t.press('j', keys.enter);
    expect(t.host.calls.at(-1)).toMatchObject({ command: 'funnel', args: { reason: 'targeting' } });
    expect(t.screen.text()).toContain('2 users lost for this reason: targeting');
    await t.press(keys.enter);
    expect(t.screen.text()).toMatch(/▸ u-00003/);
    await t.press('j', keys.enter);
    expect(t.store.get().userId).toBe('u-00002');
    expect(t.host.calls.filter((c) => c.command === 'why-not').at(-1)?.args).toEqual({
      user: 'u-00002',
      ad: 'ad-0007',
    });
  });

  it('applies its best change of the query by a, which u undoes', async () => {
    const t = await open();
    await t.press('V');
    const before = t.store.get().query?.ef;
    await t.press('a');
    expect(t.store.get().query?.ef).toBe(400);
    await t.press('u');
    expect(t.store.get().query?.ef).toBe(before);
  });
});
