import { afterEach, describe, expect, it } from 'vitest';
import { memoryHost } from '../support/memory-host.ts';
import { playingHost } from '../support/played.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

/** Each view by the keys that lead to it from the list of the first user. */
const views: ReadonlyArray<readonly [string, readonly string[]]> = [
  ['overview', []],
  ['legacy', ['l']],
  ['merged', ['l', 'l', 'l']],
  ['compare', ['x']],
  ['why', ['e']],
  ['why-not', ['n', '灯', keys.enter]],
  ['counterfactual', ['c']],
  ['path-refused', ['p']],
  ['inputs', ['i']],
  ['ad', ['d']],
  ['scores', ['D']],
  ['ef-curve', ['F']],
  ['weights', ['w', 'l', 'l', 'l', 'l']],
  ['presets', ['P']],
  ['tried', ['w', 'L', keys.esc, '5']],
  ['session', ['6']],
  ['filter', ['/', '音', '箱']],
  ['filter-empty', ['/', 'z', 'z', 'z']],
  ['prompt', [':', 'e', 'x']],
  ['prompt-error', [':', 'n', 'o', 'p', 'e', keys.enter]],
  ['palette', ['\u0010', 'w', 'h', 'y']],
  ['help', ['?']],
  ['disabled-key', ['a']],
  ['finder', ['f']],
  ['finder-compared', ['f', ...'by:disagreement']],
  ['columns', ['o']],
  ['timeline', ['T']],
  ['what-if', [':', ...'what-if --search 智能音箱', keys.enter]],
  ['blast', ['w', 'L', keys.esc, ':', ...'blast --users 5', keys.enter]],
  ['compare-all', [':', ...'compare --all --allow-leak', keys.enter]],
  ['transcript', [':', ...'events', keys.enter, ';']],
  ['transcript-empty', [';']],
  ['player', [':', ...'replay sessions/音箱.jsonl', keys.enter]],
];

let tui: RunningTui | undefined;

afterEach(async () => {
  tui?.stdin.emit('end');
  await tui?.exit;
  tui = undefined;
});

describe('the frame of every view, with Chinese titles,', () => {
  for (const [columns, rows] of [
    [60, 16],
    [80, 24],
    [120, 40],
    [200, 60],
  ] as const) {
    it.each(views)(`matches its golden file at ${columns}×${rows}: %s`, async (name, presses) => {
      tui = await runTui(columns, rows, { realHost: playingHost(memoryHost()) });
      await tui.press(keys.enter, ...presses);
      expect(tui.screen.scrollback).toBe(0);
      const frame = tui.screen
        .lines()
        .map((line) => line.trimEnd())
        .join('\n')
        .trimEnd();
      await expect(`${frame}\n`).toMatchFileSnapshot(`../golden/frames/${name}-${columns}x${rows}.txt`);
    });
  }
});
