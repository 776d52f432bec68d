import { afterEach, describe, expect, it } from 'vitest';
import { movingWorld } from '../support/drive.ts';
import type { Answer } from '../support/fake-host.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

let tui: RunningTui | undefined;
afterEach(async () => {
  tui?.stdin.emit('end');
  await tui?.exit;
  tui = undefined;
});

const presets = ['618', '双11 预热', 'everyday', '双12'].map((name) => ({
  name,
  title: `the ${name} preset`,
  from: name === 'everyday' ? 'personal' : 'workspace',
}));
const sessions = ['音箱为何.jsonl', 'lamp.jsonl', 'broken.jsonl'].map((name, i) => ({
  path: `sessions/${name}`,
  note: i === 0 ? '智能音箱的人' : '',
  steps: 4 - i,
  expectations: i,
  commands: i === 2 ? [] : ['recall', 'why-not'],
  tool: 'recall-tui',
  bytes: 10,
  problem: i === 2 ? 'line 1 is no header' : null,
}));

const answers: Answer = (command, args, base) => {
  switch (command) {
    case 'presets':
      return {
        schema: 'presets',
        data: {
          presets,
          ...(args['diff'] === undefined
            ? {}
            : { diff: { a: args['diff'], b: 'now', differences: [{ path: 'weights.search', a: 2, b: 1 }] } }),
        },
      };
    case 'sessions':
      return { schema: 'sessions', data: { sessions, folders: [], lost: [] } };
    default:
      return movingWorld(command, args, base);
  }
};

const open = async (...presses: string[]): Promise<RunningTui> => {
  tui = await runTui(120, 40, { answer: answers });
  await tui.press(keys.enter, ...presses);
  return tui;
};

const calls = (t: RunningTui, command: string): unknown[] =>
  t.host.calls.filter((c) => c.command === command).map((c) => c.args);

describe('/ in a list that stands in the detail’s place', () => {
  it('narrows the trials, n and N walk the matches, Enter goes back to the one under the cursor', async () => {
    const t = await open('w', 'L', 'j', 'L', 'k', 'H', 'H', keys.esc, '5');
    expect(t.store.get().trials.length).toBe(4);
    const [, first, , last] = t.store.get().trials;
    const group = t.store.get().workspace?.groups[0] ?? '';
    await t.press('/', ...group);
    expect(t.store.get().focus).toBe('detail');
    expect(t.screen.text()).toContain(`2 of 4 /${group}`);
    await t.press(keys.enter);
    expect(t.screen.text()).toMatch(/▸ +3 /);
    await t.press('n');
    expect(t.screen.text()).toMatch(/▸ +1 /);
    await t.press('n');
    expect(t.screen.text()).toMatch(/▸ +3 /);
    await t.press('N', keys.enter);
    expect(t.store.get().query?.weights).toEqual(first?.query.weights);
    expect(first?.query.weights).not.toEqual(last?.query.weights);
    await t.press('5');
    expect(t.screen.text()).not.toContain(' of 5 /');
    await t.press('/', ...'now:yes');
    expect(t.screen.text()).toMatch(/1 of \d \/now:yes/);
    await t.press(keys.esc, '/', ...'zzz');
    expect(t.screen.text()).toMatch(/No match for \/zzz in \d trials. \/ changes the filter, Esc clears it/);
  });

  it('narrows the presets as one types, asks for the differences of the one shown, and Esc gives back the cursor', async () => {
    const t = await open('P', 'j', 'j', '/', '双');
    expect(t.screen.text()).toContain('2 of 4 /双');
    expect(calls(t, 'presets').at(-1)).toEqual({ diff: '双11 预热' });
    await t.press(keys.esc);
    expect(t.screen.text()).toMatch(/▸ everyday/);
    await t.press('/', ...'of:personal', keys.enter, keys.enter);
    expect(calls(t, 'recall').at(-1)).toMatchObject({ preset: 'everyday' });
  });

  it('never acts on a row that the filter hides', async () => {
    const t = await open('P', '/', ...'双12', keys.enter, keys.enter);
    expect(calls(t, 'recall').at(-1)).toMatchObject({ preset: '双12' });
    const before = calls(t, 'recall').length;
    await t.press('3', 'P', '/', ...'nothing', keys.enter, keys.enter);
    expect(calls(t, 'recall').length).toBe(before);
  });

  it('lists the recorded sessions, filters them, and plays the one under the cursor', async () => {
    const t = await open(':', ...'sessions', keys.enter, keys.enter);
    expect(t.screen.text()).toMatch(/6 sessions 3 · enter plays one/);
    expect(t.screen.text()).toMatch(/▸ 音箱为何\.jsonl +4 +0 +智能音箱的人/);
    expect(t.screen.text()).toMatch(/broken\.jsonl +- +- +line 1 is no header/);
    await t.press('/', ...'!broken:yes steps:<4', keys.enter);
    expect(t.screen.text()).toContain('1 of 3 /!broken:yes steps:<4');
    await t.press(keys.enter);
    expect(calls(t, 'play').at(-1)).toMatchObject({ session: 'sessions/lamp.jsonl' });
  });
});
