import { afterEach, describe, expect, it } from 'vitest';
import { answering } from '../support/answers.ts';
import { smallWorld } from '../support/small-world.ts';
import { memoryHost } from '../support/memory-host.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';
import { lineWidth } from '../../src/views/text/line.ts';

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

const called = (t: RunningTui, command: string): readonly unknown[] =>
  t.host.calls.filter((c) => c.command === command).map((c) => c.args['ad']);

describe('the key e', () => {
  it('says in its first line why, and shows signed bars whose figures align', async () => {
    const t = await openUser();
    await t.press('e');
    const text = t.screen.text();
    expect(text).toContain('At rank 1 because of search (+.500) and browse (+.300). keyword also found it.');
    expect(text).toMatch(/\+ search +\.5000 +█+ +智能家居 06-17 20:58 \+\.500/);
    expect(text).toMatch(/− trend +−\.0620 +█/);
    expect(text).toContain('weight 1.60 · Aqara 人体传感器');
    expect(text).toMatch(/purchase +\.0000 +no input/);
    expect(text).toMatch(/= score +\.8412 +residual 3e-9/);
    const figures = text
      .split('\n')
      .flatMap((line) => /^[│┃]([+−= ] (?:baseline|search|browse|trend|score) +[−.\d]+) /.exec(line)?.[1] ?? []);
    expect(new Set(figures.map((f) => f.length)).size).toBe(1);
  });

  it('follows the cursor, with the last answer standing until the next', async () => {
    const t = await openUser();
    await t.press('e', 'j', 'j');
    expect(called(t, 'explain')).toEqual(['ad-00000', 'ad-00001', 'ad-00002']);
    expect(t.screen.text()).toContain('why #3 小米 智能插座');
  });

  it('asks again when a weight changes', async () => {
    const t = await openUser();
    await t.press('w', 'e', 'l');
    expect(called(t, 'explain')).toHaveLength(2);
    expect(t.host.calls.filter((c) => c.command === 'explain').at(-1)?.baseQuery?.weights['browse']).toBe(1.05);
  });
});

describe('the key n', () => {
  it('finds the ad by words, and gives the verdict with its certificate and the repair', async () => {
    const t = await openUser();
    await t.press('n', '音', '箱', keys.down, keys.enter);
    expect(called(t, 'why-not')).toEqual(['ad-00001']);
    const text = t.screen.text();
    expect(text).toContain('NOT RECALLED: the index missed it (model).');
    expect(text).toContain('Checked on the index: found at ef 185, not at 184');
    expect(text).toContain('Repair (run, works): ef 128 → 185, then rank 37, displaces 1 ad.');
    expect(text).toMatch(/i2i +not-matched +no co-occurrence/);
  });

  it('takes the best match with Enter, and the typed text itself after one key up', async () => {
    const t = await openUser();
    await t.press('n', 'x', keys.enter, 'n', 'x', 'y', keys.up, keys.enter);
    expect(called(t, 'why-not')).toEqual(['ad-00000', 'xy']);
  });

  it('applies the repair with a, and undoes it with u', async () => {
    const t = await openUser();
    await t.press('n', 'x', keys.enter, 'a');
    expect(t.store.get().query?.ef).toBe(185);
    expect(t.screen.text()).toContain('(before the change)');
    await t.press('u');
    expect(t.store.get().query?.ef).toBe(128);
  });
});

describe('the key p', () => {
  it('draws the path to the ad of the why-not: descent, progress, where it stopped, the links to it', async () => {
    const t = await openUser();
    await t.press('n', 'x', keys.enter, 'p');
    expect(called(t, 'search-path')).toEqual(['ad-00000']);
    const text = t.screen.text();
    expect(text).toContain(
      'NOT FOUND at ef 128: the search never reached it. Smallest sufficient ef: 185 (not found at 184).',
    );
    expect(text).toMatch(/↓ L1 +\.3000/);
    expect(text).toMatch(/→ L0 +\.5000[^\n]*\n[^\n]*→ L0 +\.7000/);
    expect(text).toContain('stopped: the nearest remaining candidate');
    expect(text).toMatch(/✗ 小米|✗ ad-00006|✗ evil/);
  });
});

describe('the key c', () => {
  it('says the smallest change, draws the intervals, and applies it with a', async () => {
    const t = await openUser();
    await t.press('c');
    const text = t.screen.text();
    expect(text).toContain('To bring it in: browse 1.000 → .413, then rank 100, displaces 1 ad (run, works).');
    expect(text).toMatch(/browse +0 █+─+┃─+ 4 +1\.00 in at \.000 to \.413/);
    await t.press('a');
    expect(t.store.get().query?.weights['browse']).toBe(0.413);
  });
});

describe('the key w', () => {
  it('moves the slider in the same frame as the key, and the list when the answer comes', async () => {
    const t = await openUser();
    await t.press('w', 'j');
    t.host.hold = true;
    t.stdin.send('LL');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await t.screen.settled();
    expect(t.screen.text()).toMatch(/▸ search +0 ├─+┊─+┃─+┤ 4 +1\.50 \+\.50/);
    expect(t.screen.text()).toContain('movement 0 in');
    t.host.hold = false;
    t.host.release();
    await t.settle();
    expect(t.screen.text()).not.toContain('movement 0 in');
    expect(t.screen.text()).toMatch(/▲ in +– → \d+/);
  });

  it('replaces the weight by what is typed, leaves it where nothing is, and refuses one outside 0 to 4', async () => {
    const t = await openUser();
    await t.press('w', 'l', '=');
    expect(t.screen.text()).toContain('weight of browse, now 1.05, from 0 to 4');
    await t.press('2', keys.enter);
    expect(t.store.get().query?.weights['browse']).toBe(2);
    await t.press('=', keys.enter);
    expect(t.store.get().prompt).toBeNull();
    expect(t.store.get().query?.weights['browse']).toBe(2);
    await t.press('=', '9', keys.enter);
    expect(t.screen.text()).toContain('"9" is no weight: a number from 0 to 4');
    await t.press('\u0015', '1', '.', '3', '7', keys.enter);
    expect(t.store.get().query?.weights['browse']).toBe(1.37);
  });
});

describe('the key X', () => {
  it('says that a filter matches no event, and leaves the list as it is', async () => {
    const t = await openUser();
    const before = t.store.get().query;
    await t.press('X', ...'kind:nosuch', keys.enter);
    expect(t.screen.text()).toContain('No event matches kind:nosuch.');
    expect(t.store.get().query).toEqual(before);
  });

  it('says how many behaviours a filter knocks out, by the category as the lists filter it', async () => {
    tui = await runTui(80, 24, { realHost: memoryHost() });
    await tui.press(keys.enter, 'X', ...'cat:HOME,who:own', keys.enter);
    const out = tui.store.get().query?.excludedEvents.length ?? 0;
    expect(out).toBeGreaterThan(1);
    expect(tui.screen.text()).toContain(`${out} behaviours knocked out; u undoes it`);
    await tui.press('1', '/', ...'cat:home out:no', keys.enter);
    expect(tui.screen.text()).toContain('No match for /cat:home out:no');
  });
});

describe('the key A', () => {
  it('is refused with the reason in a mode that does not search the index', async () => {
    const t = await openUser();
    await t.press('A');
    expect(t.host.calls.at(-1)).toMatchObject({ command: 'recall', args: { 'check-ann': true } });
    await t.press(keys.esc, 'l', 'A');
    expect(t.screen.text()).toContain('A: needs mode model or merged; i2i does not search the index');
  });
});

describe('the key f', () => {
  it('opens the finder with an empty line and all users, and an unknown condition is named under the line', async () => {
    const t = await openUser();
    await t.press('f', ...'foo:bar');
    expect(t.screen.text()).toContain('no field "foo": there are bought: viewed: searched:');
    expect(t.screen.text()).not.toContain('No user matches');
    await t.press(keys.esc, 'f');
    expect(t.store.get().finder.input.value).toBe('');
    expect(t.screen.text()).not.toContain('no field');
    expect(t.host.calls.filter((c) => c.command === 'users').at(-1)?.args['match']).toBeUndefined();
  });
});

describe('every question', () => {
  for (const [columns, rows] of [
    [60, 16],
    [80, 24],
    [200, 60],
  ] as const) {
    it(`fits ${columns}×${rows}`, async () => {
      const t = await openUser(columns, rows);
      for (const press of ['e', 'c', 'p', 'n', 'x', keys.enter]) {
        await t.press(press);
        for (const line of t.frame()) expect(lineWidth(line)).toBe(columns);
      }
    });
  }

  it('comes to the front where panes are shown one at a time, and Esc leads back to the list', async () => {
    const t = await openUser(80, 24);
    await t.press('e');
    expect(t.screen.text()).toContain('At rank 1 because of search');
    await t.press(keys.esc);
    expect(t.screen.text()).toContain('[2 recall]');
  });

  it('can be cancelled with Esc while it runs, and its late answer is dropped', async () => {
    const t = await openUser();
    t.host.hold = true;
    t.stdin.send('e');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    t.stdin.send('\u001b');
    await new Promise((resolve) => {
      setTimeout(resolve, 60);
    });
    t.host.hold = false;
    t.host.release();
    await t.settle();
    expect(t.host.requests.some((r) => r.type === 'abort')).toBe(true);
    expect(t.screen.text()).toContain('Funnel');
  });

  it('shows the next action in the pane where it fails', async () => {
    tui = await runTui(120, 40, {
      answer: (command, ...rest) =>
        command === 'explain'
          ? { code: 'unsupported', message: 'this workspace has no model', todo: 'recall-tui train DIR' }
          : smallWorld(command, ...rest),
    });
    await tui.press(keys.enter, 'e');
    expect(tui.screen.text()).toMatch(/✗ this workspace has no model/);
    expect(tui.screen.text()).toMatch(/to do +recall-tui train DIR/);
  });
});

describe('a view that throws', () => {
  it('ends the program with the terminal restored and the error below it', async () => {
    const t = await runTui(120, 40, {
      answer: (command, ...rest) =>
        command === 'explain' ? { schema: 'explain', data: {} } : smallWorld(command, ...rest),
    });
    t.stdin.send('\r');
    await t.settle();
    t.stdin.send('e');
    expect(await t.exit).toBe(70);
    await t.screen.settled();
    expect([t.screen.alternate, t.stdin.isRaw]).toEqual([false, false]);
    expect(t.errors.join('')).toContain('recall-tui crashed');
  });
});
