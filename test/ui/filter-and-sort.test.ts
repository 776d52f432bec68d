import { afterEach, describe, expect, it } from 'vitest';
import { answering } from '../support/answers.ts';
import type { Answer } from '../support/fake-host.ts';
import { currentAds } from '../../src/state/select.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

let tui: RunningTui | undefined;
afterEach(async () => {
  tui?.stdin.emit('end');
  await tui?.exit;
  tui = undefined;
});

const openUser = async (columns = 120, rows = 40): Promise<RunningTui> => {
  tui = await runTui(columns, rows, { answer: answering });
  await tui.press(keys.enter);
  return tui;
};

/** Ranks of the recalled list in the order it is shown in. */
const ranks = (t: RunningTui): number[] => currentAds(t.store.get()).map((ad) => ad.rank);

describe('the filter under the key /', () => {
  it('narrows the list as one types, keeps the ranks, says how many of how many, and Esc shows all again', async () => {
    const t = await openUser();
    await t.press('/', '插', '座');
    expect(ranks(t).slice(0, 3)).toEqual([3, 11, 19]);
    expect(t.screen.text()).toMatch(/13 of 100 \/插座/);
    expect(t.store.get().selectedAd).toBe('ad-00002');
    await t.press(keys.enter, 'j');
    expect(t.screen.text()).toMatch(/▸ 11 +小米 智能插座/);
    await t.press(keys.esc);
    expect(ranks(t).slice(0, 3)).toEqual([1, 2, 3]);
    expect(t.store.get().selectedAd).toBe('ad-00010');
  });

  it('reads fields, names the fault and the known fields under the line, and narrows by the part that it can read', async () => {
    const t = await openUser();
    await t.press('/', ...'engaged:yes rank:<=20', keys.enter);
    expect(ranks(t)).toEqual([1, 6, 11, 16]);
    await t.press('/', ...' colour:red');
    const lines = t.screen.lines();
    const line = lines.findIndex((l) => l.startsWith('/engaged:yes'));
    expect(lines[line + 1]?.indexOf('^')).toBe(lines[line]?.indexOf('colour'));
    expect(t.screen.text()).toMatch(/no field "colour" here; there are title, id, category/);
    expect(ranks(t)).toEqual([1, 6, 11, 16]);
    await t.press(keys.enter);
    expect(t.store.get().prompt?.kind).toBe('filter');
  });

  it('gives the next action where no row matches', async () => {
    const t = await openUser();
    await t.press('/', '零', keys.enter);
    expect(t.screen.text()).toContain('No match for /零 in 100 ads. / changes the filter, Esc clears it.');
  });

  it('makes n and N walk the matches round the ends, and leaves n to why not without a filter', async () => {
    const t = await openUser();
    await t.press('/', ...'rank:<=3', keys.enter, 'n', 'n', 'n', 'N');
    expect(t.store.get().selectedAd).toBe('ad-00002');
    await t.press(keys.esc, 'n');
    expect(t.store.get().prompt?.kind).toBe('why-not');
  });

  it('narrows the behaviours when they have the keys, and keeps the selection by id', async () => {
    const t = await openUser();
    await t.press('1', '/', ...'kind:search', keys.enter, 'j');
    expect(t.screen.text()).toMatch(/24 of 47/);
    expect(t.store.get().selectedEvent).toBe('e2');
    await t.press(keys.esc);
    expect(t.screen.text()).toMatch(/▸06-17 18:04 search/);
    expect(t.store.get().filters).toEqual({});
  });

  it('stands while the list changes under it, and the selection stays among what is shown', async () => {
    const t = await openUser();
    await t.press('/', ...'engaged:yes', keys.enter, 'w', 'j', 'L', 'L', 'L');
    const { selectedAd, lists } = t.store.get();
    expect(lists.model?.data.candidates.find((ad) => ad.adId === selectedAd)?.engagement?.kind).toBe('click');
    expect(t.screen.text()).toMatch(/of 100 \/engaged:yes/);
  });
});

describe('the key o', () => {
  it('sorts by the column under the cursor, the other way round when asked again, and shows the ranks as they are', async () => {
    const t = await openUser();
    await t.press('o', 'j', keys.enter);
    expect(t.store.get().sort).toEqual({ by: 'ad', reverse: false });
    expect(ranks(t).slice(0, 2)).not.toEqual([1, 2]);
    await t.press('g', keys.enter);
    expect(ranks(t).slice(0, 2)).toEqual([1, 2]);
    await t.press(keys.enter);
    expect(ranks(t).slice(0, 2)).toEqual([100, 99]);
    await t.press('2', 'O');
    expect(ranks(t).slice(0, 2)).toEqual([1, 2]);
  });

  it('shows and hides columns with space, aligned also where titles are Chinese, and r brings the usual ones back', async () => {
    const t = await openUser(200, 60);
    await t.press('o', 'G', 'k', ' ');
    const header = t.screen.lines().find((line) => / # +ad /.test(line)) ?? '';
    expect(header).toMatch(/score +via +from +id +engaged/);
    const at = header.indexOf(' id ') + 1;
    for (let y = 3; y < 12; y++) expect(t.screen.cell(at, y)).toBe('a');
    await t.press('r');
    expect(t.store.get().columns).toBeNull();
  });
});

describe('the finder', () => {
  it('asks for users by their events, and names a condition that it cannot read', async () => {
    tui = await runTui(120, 40, { answer: answering });
    await tui.press(...'bought:"扫地 机器人" searched:智能家居 0');
    expect(tui.host.calls.filter((c) => c.command === 'users').at(-1)?.args).toEqual({
      limit: 200,
      bought: ['扫地 机器人'],
      searched: ['智能家居'],
      match: '0',
    });
    await tui.press('\u0015', ...'is:new');
    expect(tui.screen.text()).toContain('! "is:" knows bookmarked, not "new"');
  });

  it('lists the users marked with B, which carry a mark', async () => {
    const t = await openUser();
    await t.press('B', 'f', ...'is:bookmarked');
    expect(t.host.calls.filter((c) => c.command === 'users').at(-1)?.args).toEqual({ limit: 200, only: ['u-00001'] });
    expect(t.screen.text()).toMatch(/u-00001 \*/);
    await t.press(keys.esc, 'B', 'f');
    expect(t.screen.text()).not.toMatch(/u-00001 \*/);
  });
});

describe('the order by:disagreement', () => {
  const compared: Answer = (command, args, base) =>
    command === 'users' && args['disagreement'] === true
      ? {
          schema: 'users',
          data: {
            users: [
              { userId: 'u-00003', attributes: { city: '上海' }, events: 4, lastAt: null, difference: 0.9128 },
              { userId: 'u-00001', attributes: {}, events: 47, lastAt: null, difference: 0.25 },
            ],
            total: 3,
            match: null,
            disagreement: { sides: ['legacy', 'model'], compared: 2, of: 3, failed: 1, kept: 0 },
          },
        }
      : answering(command, args, base);

  it('sorts users by the disagreement of legacy and model, largest first, with the figure', async () => {
    tui = await runTui(100, 30, { answer: compared });
    await tui.press(...'by:disagreement');
    expect(tui.host.calls.filter((c) => c.command === 'users').at(-1)?.args).toEqual({
      limit: 200,
      disagreement: true,
    });
    expect(tui.screen.text()).toMatch(
      /Sorted by disagreement of legacy and model \(1 − RBO\), largest first\. All 3 users\. 1 recall failed/,
    );
    expect(tui.screen.text()).toMatch(/▸ u-00003 +\.913 +4/);
    await tui.press(keys.enter);
    expect(tui.store.get().userId).toBe('u-00003');
  });

  it('shows how far it is, and Esc or another line gives it up', async () => {
    tui = await runTui(100, 30, { answer: compared });
    await tui.press(...'by:disagreemen');
    tui.host.hold = true;
    const sendKey = async (key: string): Promise<void> => {
      tui?.stdin.send(key);
      await new Promise((resolve) => {
        setTimeout(resolve, key === keys.esc ? 60 : 5);
      });
      await tui?.screen.settled();
    };
    await sendKey('t');
    expect(tui.screen.text()).toContain('Esc cancels.');
    await sendKey(' ');
    await sendKey('x');
    await sendKey(keys.esc);
    tui.host.hold = false;
    tui.host.release();
    await tui.settle();
    expect(tui.host.requests.filter((r) => r.type === 'abort').length).toBe(3);
    expect(tui.screen.text()).toContain('! comparison cancelled: the users are not sorted by disagreement');
    expect(tui.screen.text()).not.toContain('1 − RBO');
  });
});
