import { afterEach, describe, expect, it } from 'vitest';
import { answering } from '../support/answers.ts';
import type { PartialAnswer } from '../support/partial-answer.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

let tui: RunningTui | undefined;
afterEach(async () => {
  tui?.stdin.emit('end');
  await tui?.exit;
  tui = undefined;
});

const row = (userId: string, rbo: number): unknown => ({
  userId,
  same: false,
  rbo,
  entered: 3,
  left: 3,
  moved: 9,
  differing: ['graph'],
  cause: ['graph'],
  causes: [['graph']],
  runs: 4,
  verdict: 'the graph alone accounts for it',
});
const bisected: PartialAnswer = {
  schema: 'bisect',
  data: {
    a: { dir: 'a', name: 'a' },
    b: { dir: 'b', name: 'b' },
    differing: [{ unit: 'graph', title: 'the graph' }],
    asked: 5,
    changed: 2,
    causes: [{ units: ['graph'], sets: [['graph']], title: 'the graph', users: 2 }],
    runs: 14,
    rows: [row('u-00003', 0.2), row('u-00002', 0.7)],
  },
};

describe('an answer over many users', () => {
  it('lists them at enter, and enter again opens the one under the cursor, both lists side by side', async () => {
    const t = (tui = await runTui(120, 40, {
      answer: (command, args, base) => (command === 'bisect' ? bisected : answering(command, args, base)),
    }));
    await t.press(keys.enter);
    await t.press(':');
    await t.press(...'bisect a b', keys.enter);
    expect(t.screen.text()).toContain('2 of 5 lists differ');
    while (t.store.get().focus !== 'detail') await t.press(keys.tab);
    await t.press(keys.enter);
    expect(t.store.get().detail).toMatchObject({ kind: 'people', row: 0 });
    expect(t.screen.text()).toMatch(/▸ u-00003 +\.200/);
    await t.press('/', ...'u-00002', keys.enter);
    expect(t.screen.text()).toMatch(/1 of \d \/u-00002/);
    await t.press(keys.esc, 'k', 'k', 'j', keys.enter);
    expect(t.store.get()).toMatchObject({ userId: 'u-00002', compare: true });
    expect(
      t.host.calls
        .filter((c) => c.command === 'recall')
        .slice(-2)
        .map((c) => c.args['user']),
    ).toEqual(['u-00002', 'u-00002']);
  });
});
