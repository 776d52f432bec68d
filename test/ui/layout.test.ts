import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { innerHeight, layoutOf, panesIn } from '../../src/state/layout.ts';
import { detailName, paneKey } from '../../src/state/panes.ts';
import type { Pane } from '../../src/state/types.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

let tui: RunningTui | undefined;

afterEach(async () => {
  tui?.stdin.emit('end');
  await tui?.exit;
  tui = undefined;
});

/** Rows between the head and the foot of a pane's frame as it stands on the screen; null: it is not there. */
const rowsOnScreen = ({ screen, store }: RunningTui, pane: Pane): number | null => {
  const { columns, rows } = store.get().size;
  const key = paneKey(pane === 'detail' ? detailName(store.get()) : pane);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      if (!/[┌┏]/u.test(screen.cell(x, y)) || screen.cell(x + 2, y) !== key) continue;
      let foot = y + 1;
      while (foot < rows && !/[└┗]/u.test(screen.cell(x, foot))) foot++;
      return foot - y - 1;
    }
  return null;
};

describe('the layout', () => {
  it('gives the state the rows that Ink gives a pane, at every size, zoomed or with the sliders open', async () => {
    const t = (tui = await runTui(120, 40));
    await t.press(keys.enter);
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({ columns: fc.integer({ min: 60, max: 220 }), rows: fc.integer({ min: 16, max: 70 }) }),
        fc.array(fc.constantFrom('w', '+', keys.tab), { maxLength: 3 }),
        async ({ columns, rows }, presses) => {
          await t.resize(columns, rows);
          await t.press(...presses);
          const state = t.store.get();
          for (const pane of panesIn(layoutOf(state).box)) {
            expect(rowsOnScreen(t, pane), `${pane} at ${columns}×${rows}`).toBe(innerHeight(state, pane));
            seen++;
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(seen).toBeGreaterThanOrEqual(60);
  });
});
