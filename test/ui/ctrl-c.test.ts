import { afterEach, describe, expect, it } from 'vitest';
import { placeOf } from '../../src/state/select.ts';
import type { Place } from '../../src/state/types.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

let tui: RunningTui | undefined;

afterEach(async () => {
  tui?.stdin.emit('end');
  await tui?.exit;
  tui = undefined;
});

const ctrlP = '\u0010';

/** Each place by the keys that lead to it from the first screen. */
const places: ReadonlyArray<readonly [string, Place, readonly string[]]> = [
  ['the finder', 'finder', []],
  ['the finder with a word typed', 'finder', ['音']],
  ['the recalled list', 'recall', [keys.enter]],
  ['the behaviour', 'behaviour', [keys.enter, '1']],
  ['the detail', 'detail', [keys.enter, '3']],
  ['the sliders', 'weights', [keys.enter, 'w']],
  ['a list in the detail', 'detail', [keys.enter, 'P']],
  ['the columns', 'detail', [keys.enter, 'o']],
  ['an answer', 'detail', [keys.enter, 'e', '3']],
  ['the list with a filter', 'recall', [keys.enter, '/', '音', keys.enter]],
  ['the help', 'help', [keys.enter, '?']],
  ['the help, narrowed', 'help', [keys.enter, '?', 'zoom']],
];

/** Lines and menus that ctrl-c closes, as it drops the line at a shell; once more and it quits. */
const overlays: typeof places = [
  ['the command line', 'prompt', [keys.enter, ':', 'expl']],
  ['a filter being typed', 'prompt', [keys.enter, '/', '音']],
  ['a short question', 'prompt', [keys.enter, 'n', '灯']],
  ['the palette', 'palette', [keys.enter, ctrlP]],
  ['the palette of the finder', 'palette', [ctrlP]],
  ['the list of what can be copied', 'copy', [keys.enter, 'y']],
];

const quits = async (t: RunningTui): Promise<void> => {
  await t.press(keys.ctrlC);
  expect(t.store.get().exit).toBe(0);
  expect([await t.exit, t.screen.alternate, t.stdin.isRaw]).toEqual([0, false, false]);
};

describe('ctrl-c', () => {
  it.each(places)('quits from %s', async (_, place, presses) => {
    const t = (tui = await runTui(120, 40));
    await t.press(...presses);
    expect(placeOf(t.store.get())).toBe(place);
    await quits(t);
  });

  it.each(overlays)('closes %s, then quits', async (_, place, presses) => {
    const t = (tui = await runTui(120, 40));
    await t.press(...presses);
    expect(placeOf(t.store.get())).toBe(place);
    await t.press(keys.ctrlC);
    expect(['prompt', 'palette', 'copy']).not.toContain(placeOf(t.store.get()));
    expect(t.store.get().exit).toBeNull();
    await quits(t);
  });

  it('leaves the search through earlier lines, then the line, then the program', async () => {
    const t = (tui = await runTui(120, 40));
    await t.press(keys.enter, ':', '\u0012', 'e', keys.ctrlC);
    expect(t.store.get().prompt?.search).toBeNull();
    await t.press(keys.ctrlC);
    expect(placeOf(t.store.get())).toBe('recall');
    await quits(t);
  });

  it('quits while the workspace is being opened', async () => {
    const t = (tui = await runTui(120, 40, { refuse: { code: 'no-workspace', message: 'no workspace here' } }));
    expect(placeOf(t.store.get())).toBe('opening');
    await t.press(keys.ctrlC);
    expect(t.store.get().exit).not.toBeNull();
    await t.exit;
  });

  it('quits below the least size, too', async () => {
    const t = (tui = await runTui(40, 10));
    await quits(t);
  });
});
