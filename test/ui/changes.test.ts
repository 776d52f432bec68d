import type { PartialAnswer } from '../support/partial-answer.ts';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer } from '../support/fake-host.ts';
import { movingWorld } from '../support/drive.ts';
import { queryOf } from '../support/small-world.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';
import { lineWidth } from '../../src/views/text/line.ts';

let tui: RunningTui | undefined;
afterEach(async () => {
  tui?.stdin.emit('end');
  await tui?.exit;
  tui = undefined;
});

const presetRows = ['618', 'everyday'].map((name) => ({ name, title: `the ${name} preset`, from: 'workspace' }));

const presets = (args: Parameters<Answer>[1]): PartialAnswer => ({
  schema: 'presets',
  data: {
    presets: presetRows,
    ...(args['diff'] === undefined
      ? {}
      : { diff: { a: args['diff'], b: 'the current query', differences: [{ path: 'weights.search', a: 2, b: 1 }] } }),
    ...(args['save'] === undefined ? {} : { saved: args['save'], path: '/w/presets.json' }),
  },
});

const answers: Answer = (command, args, baseQuery) => {
  const query = baseQuery ?? queryOf('u-00001');
  switch (command) {
    case 'presets':
      return presets(args);
    case 'inputs':
      return {
        schema: 'inputs',
        query,
        data: {
          inputs: [],
          groups:
            query.excludedEvents.length > 0
              ? [{ group: 'browse', present: false }]
              : [{ group: 'social', present: false }],
        },
      };
    case 'record':
      return args['file'] === undefined
        ? { schema: 'record', data: { session: 's.jsonl', recording: false, steps: 3 } }
        : { schema: 'record', data: { session: args['file'], recording: true, steps: 0 } };
    case 'note':
      return { schema: 'note', data: { note: 'x', session: 's.jsonl' } };
    case 'blast':
      return { code: 'cancelled', message: 'stopped' };
    case 'recall':
      if (args['preset'] !== undefined)
        return movingWorld('recall', {}, { ...query, weights: { ...query.weights, search: 2 } });
      return movingWorld(command, args, baseQuery);
    default:
      return movingWorld(command, args, baseQuery);
  }
};

const openUser = async (columns = 120, rows = 40): Promise<RunningTui> => {
  tui = await runTui(columns, rows, { answer: answers });
  await tui.press(keys.enter);
  return tui;
};

describe('the sliders', () => {
  it('name the groups without events, and ask again when a behaviour is knocked out', async () => {
    const t = await openUser(200, 60);
    await t.press('w');
    expect(t.screen.text()).toMatch(/ social +0 ├.*no event (in its window|to read)/);
    await t.press('\t', ' ');
    expect(t.screen.text()).toMatch(/ browse +0 ├.*no event (in its window|to read)/);
  });

  it('turn quotas and the order of channels where channels are merged', async () => {
    const t = await openUser();
    await t.press('l', 'l', 'w', 'l', 'L', 'J');
    const { query, selectedSlider } = t.store.get();
    expect([query?.rules.quota.keyword, query?.rules.order[1], selectedSlider]).toEqual([
      51,
      'keyword',
      'quota:keyword',
    ]);
    expect(t.screen.text()).toMatch(/▸ 2<1 keyword +0 ├.* 51 \+11/);
    await t.press('r');
    expect(t.store.get().query?.rules.order[0]).toBe('keyword');
  });

  it('show what moves under them on a small terminal', async () => {
    const t = await openUser(80, 24);
    await t.press('w', 'j', 'L', 'L');
    expect(t.screen.text()).toMatch(/▸ search/);
    expect(t.screen.text()).toMatch(/movement \d+ in · \d+ out · \d+ moved · RBO \.\d+ · Jaccard/);
  });
});

describe('the key v', () => {
  it('lists the trials with their effect, one line for a slider held, and Enter goes back to one', async () => {
    const t = await openUser();
    await t.press('w', 'j', 'l', 'l', 'L', 'k', 'h', 'v');
    expect(t.screen.text()).toMatch(/1 +search 1 → 1\.35 +\d+ in · \d+ out · \d+ moved/);
    expect(t.screen.text()).toMatch(/▸ +2 +browse 1 → \.95/);
    await t.press('g', keys.enter);
    expect(t.store.get().query?.weights).toMatchObject({ search: 1, browse: 1 });
    await t.press('u');
    expect(t.store.get().query?.weights).toMatchObject({ search: 1.35, browse: 0.95 });
  });
});

describe('the key P', () => {
  it('lists for each preset the settings it would change, and Enter applies it to the query', async () => {
    const t = await openUser();
    await t.press('P', 'j');
    expect(t.screen.text()).toMatch(/▸ everyday/);
    expect(t.screen.text()).toMatch(/weights\.search +1 +2/);
    await t.press(keys.enter);
    expect(t.store.get().query?.weights['search']).toBe(2);
    await t.press('u');
    expect(t.store.get().query?.weights['search']).toBe(1);
  });

  it('saves the settings under a name, and overwrites an old one only with a !', async () => {
    const t = await openUser();
    await t.press('S', 'n', keys.enter, 'S', 'n', '!', keys.enter);
    expect(
      t.host.calls.filter((c) => c.args['save'] !== undefined).map((c) => [c.args['save'], c.args['replace']]),
    ).toEqual([
      ['n', undefined],
      ['n', true],
    ]);
    expect(t.screen.text()).toContain('preset n saved to /w/presets.json');
  });
});

describe('the as-of on the screen', () => {
  it('takes an instant or a shift, and answers other text with the forms it takes', async () => {
    const t = await openUser();
    const before = t.store.get().query?.asOf ?? 0;
    await t.press('t', '\u0015', '+', '3', 'h', keys.enter);
    expect(t.store.get().query?.asOf).toBe(before + 3 * 3_600_000);
    await t.press('t', '\u0015', 'x', keys.enter);
    expect(t.screen.text()).toContain('"x" is no time: 2025-06-18T00:00');
  });

  it('moves by behaviour and by day, with one step waiting while one is under way', async () => {
    const t = await openUser();
    const before = t.store.get().query?.asOf ?? 0;
    t.host.hold = true;
    t.stdin.send(']]]]');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(t.host.calls.filter((c) => c.command === 'scrub')).toHaveLength(1);
    t.host.hold = false;
    t.host.release();
    await t.settle();
    expect(t.store.get().query?.asOf).toBe(before + 2 * 3_600_000);
    await t.press('{');
    expect(t.store.get().query?.asOf).toBe(before + 2 * 3_600_000 - 86_400_000);
  });
});

describe('a what-if on the screen', () => {
  it('marks a knocked-out behaviour in the same frame as the key', async () => {
    const t = await openUser();
    await t.press('\t', '\t', 'j');
    t.host.hold = true;
    t.stdin.send(' ');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await t.screen.settled();
    expect(t.screen.text()).toMatch(/✗06-17 19:04 view/);
    expect(t.store.get().query?.excludedEvents).toEqual(['e1']);
    t.host.hold = false;
    t.host.release();
    await t.settle();
    await t.press('r');
    expect(t.store.get().query?.excludedEvents).toEqual([]);
  });

  it('adds a hypothetical search just before as-of', async () => {
    const t = await openUser();
    await t.press('s', '灯', keys.enter);
    const { query } = t.store.get();
    expect(query?.extraEvents).toEqual([{ kind: 'search', query: '灯', at: (query?.asOf ?? 0) - 1 }]);
  });
});

describe('the key R', () => {
  it('starts a recording with the list as it stands, shows it at every width, and ends it', async () => {
    const t = await openUser(60, 16);
    await t.press('R', '\u0015', 's', keys.enter);
    expect(t.screen.text().split('\n')[0]).toMatch(/REC ●/);
    expect(t.host.calls.at(-1)).toMatchObject({ command: 'recall', recorded: true });
    expect(
      t.host.calls
        .filter((c) => c.command === 'events' || c.command === 'users')
        .every((c) => c.recorded === undefined),
    ).toBe(true);
    await t.press('R');
    expect(t.screen.text()).toContain('3 steps recorded: s.jsonl');
    expect(t.screen.text()).not.toContain('REC');
  });
});

describe('the key b', () => {
  it('measures the change against the pinned query, and Esc gives it up', async () => {
    const t = await openUser();
    await t.press('w', 'l');
    t.host.hold = true;
    t.stdin.send('b');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const call = t.host.calls.at(-1);
    expect(call?.command).toBe('blast');
    expect(JSON.parse(String(call?.args['against']))).toMatchObject({ weights: { browse: 1 }, userId: 'u-00001' });
    t.stdin.send(keys.esc);
    await new Promise((resolve) => {
      setTimeout(resolve, 60);
    });
    expect(t.host.requests.at(-1)).toMatchObject({ type: 'abort', id: call?.id });
    t.host.hold = false;
    t.host.release();
  });
});

describe('the key Y', () => {
  it('asks for the misses of the query as it stands, and Esc gives it up', async () => {
    const t = await openUser();
    t.host.hold = true;
    t.stdin.send('Y');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const call = t.host.calls.at(-1);
    expect(call).toMatchObject({ command: 'misses', args: {}, baseQuery: { userId: 'u-00001' } });
    t.stdin.send(keys.esc);
    await new Promise((resolve) => {
      setTimeout(resolve, 60);
    });
    expect(t.host.requests.at(-1)).toMatchObject({ type: 'abort', id: call?.id });
    t.host.hold = false;
    t.host.release();
  });
});

describe('every list of changes', () => {
  for (const [columns, rows] of [
    [60, 16],
    [80, 24],
    [120, 40],
    [200, 60],
  ] as const) {
    it(`fits ${columns}×${rows}`, async () => {
      const t = await openUser(columns, rows);
      for (const press of ['w', 'L', 'v', 'P', 'j', 'M', 'w', 'w', '6', '3', '5', 't']) {
        await t.press(press);
        const lines = t.frame();
        expect(lines).toHaveLength(rows - 1);
        for (const line of lines) expect(lineWidth(line)).toBe(columns);
      }
    });
  }
});
