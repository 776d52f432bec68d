import { afterEach, describe, expect, it } from 'vitest';
import { answering } from '../support/answers.ts';
import { longHistories } from '../support/small-world.ts';
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

/** The title of the pane drawn with heavy lines. */
const focused = (t: RunningTui): string => /┏ (\d \S+)/.exec(t.screen.text())?.[1] ?? '';

describe('the behaviour pane of a long history', () => {
  it('lists the newest, says how many of how many, and lists older ones as the cursor comes to the end', async () => {
    const t = (tui = await runTui(120, 40, { answer: longHistories }));
    await t.press(keys.enter, '1');
    expect(t.screen.text()).toMatch(/1 behaviour ━* 500 of 1,200 ━*┓/);
    const asked = (): unknown[] =>
      t.host.calls
        .filter(({ command, args }) => command === 'events' && args['at'] === undefined)
        .map((c) => c.args['limit']);
    await t.press('G');
    expect([t.store.get().selectedEvent, asked()]).toEqual(['e499', [500, 1000]]);
    await t.press('j', 'G', 'G', 'G');
    expect([t.store.get().selectedEvent, asked()]).toEqual(['e1199', [500, 1000, 2000]]);
    expect(t.screen.text()).toContain('1 behaviour 1200');
  });
});

describe('the digit keys', () => {
  it('focus the pane whose title carries them; 4 opens the weights, 5 and 6 trials and session in the detail’s place', async () => {
    const t = await openUser();
    const seen: string[] = [];
    for (const digit of ['1', '2', '3', '4', '5', '6']) {
      await t.press(digit);
      seen.push(focused(t));
      if (digit === '4') await t.press('w');
    }
    expect(seen).toEqual(['1 behaviour', '2 recall', '3 overview', '4 weights', '5 tried', '6 session']);
    expect(t.screen.text()).toContain(
      'No session is open. R records one, :sessions lists the recorded ones, :replay FILE plays one.',
    );
  });

  it('name the tabs where panes are shown one at a time, and fit the narrowest terminal with any tab open', async () => {
    const t = await openUser(60, 16);
    for (const [digit, name] of ['behaviour', 'recall', 'detail', 'weights', 'tried', 'session'].map(
      (n, i) => [String(i + 1), n] as const,
    )) {
      await t.press('2', digit);
      expect(t.screen.lines()[1]).toContain(`[${digit} ${name}]`);
      expect(t.screen.lines()[1]).toMatch(/6 session/);
      await t.press('3');
    }
  });

  it('leave 1 to the weights pane, where it is the weight as trained', async () => {
    const t = await openUser();
    await t.press('4', 'L', '1');
    expect(t.store.get().focus).toBe('weights');
    expect(t.store.get().query?.weights['browse']).toBe(1);
  });

  it('bring back the answer that the trials covered, and ask again when the selection has moved on', async () => {
    const t = await openUser();
    await t.press('e', '5', '2', 'j', '3');
    expect(focused(t)).toBe('3 why');
    expect(t.screen.text()).toContain('why #2 Aqara');
    expect(t.host.calls.filter((c) => c.command === 'explain').map((c) => c.args['ad'])).toEqual([
      'ad-00000',
      'ad-00001',
    ]);
    await t.press('6', keys.esc);
    expect(t.screen.text()).toContain('why #2 Aqara');
    expect(focused(t)).toBe('2 recall');
  });

  it('take an answer that comes while the trials cover its place', async () => {
    const t = await openUser();
    t.host.hold = true;
    t.stdin.send('e5');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    t.host.hold = false;
    t.host.release();
    await t.settle();
    expect(focused(t)).toBe('5 tried');
    await t.press('3');
    expect(t.screen.text()).toContain('At rank 1 because of search');
  });
});

describe('the lists of the modes', () => {
  it('follow h and l in the recall pane, in the order of its title, and M from any pane', async () => {
    const t = await openUser();
    const shown = (): string => /\[(\w+) \d+\]/.exec(t.screen.text())?.[1] ?? '';
    const seen = [shown()];
    for (const key of ['l', 'l', '\u001b[C', 'l', 'h', '\u001b[D']) {
      await t.press(key);
      seen.push(shown());
    }
    expect(seen).toEqual(['model', 'i2i', 'legacy', 'merged', 'model', 'merged', 'legacy']);
    await t.press('1', 'M');
    expect(shown()).toBe('merged');
    expect(focused(t)).toBe('1 behaviour');
  });

  it('come to the front with M where panes are shown one at a time', async () => {
    const t = await openUser(80, 24);
    await t.press('1', 'M');
    expect(t.screen.text()).toMatch(/\[2 recall\][^]*\[i2i 100\]/);
  });
});
