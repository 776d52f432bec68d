import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { lineWidth } from '../../src/views/text/line.ts';
import { renderPlain } from '../../src/views/text/render.ts';
import { FakeHost } from '../support/fake-host.ts';
import { info, smallWorld } from '../support/small-world.ts';
import { keys, runTui, type RunningTui } from '../support/tui.ts';

let tui: RunningTui | undefined;
const start = async (...args: Parameters<typeof runTui>): Promise<RunningTui> => (tui = await runTui(...args));

afterEach(async () => {
  tui?.stdin.send('\u001b');
  tui?.stdin.emit('end');
  await tui?.exit;
  tui = undefined;
});

/** Nothing scrolled off, the last row untouched, and the emulated screen is what the view laid out. */
const expectSound = ({ screen, store, frame }: RunningTui): void => {
  const { columns, rows } = store.get().size;
  const drawn = frame();
  expect(drawn).toHaveLength(Math.max(1, rows - 1));
  for (const line of drawn) expect(lineWidth(line)).toBe(columns);
  expect(screen.scrollback).toBe(0);
  const shown = screen.lines();
  expect(shown.slice(0, rows - 1).map((l) => l.trimEnd())).toEqual(renderPlain(drawn));
  if (rows > 1) expect(shown[rows - 1]).toBe('');
};

describe('the screen', () => {
  for (const [columns, rows] of [
    [60, 16],
    [80, 24],
    [120, 40],
    [200, 60],
  ] as const) {
    it(`shows each view at ${columns}×${rows} exactly as laid out, with Chinese titles`, async () => {
      const t = await start(columns, rows);
      expectSound(t);
      for (const press of [
        keys.enter,
        'x',
        'x',
        'w',
        'l',
        keys.tab,
        'M',
        '5',
        '6',
        '4',
        '1',
        '?',
        keys.esc,
        'o',
        ' ',
        keys.enter,
        'G',
        ' ',
        keys.esc,
        '2',
        '/',
        '音箱',
        ' cat:',
        keys.enter,
        keys.esc,
        '/',
        '零',
        keys.enter,
        keys.esc,
        'B',
        keys.esc,
        ':',
        'nope',
        keys.enter,
        keys.esc,
        'n',
        '音',
        keys.esc,
        keys.tab,
        'G',
        '+',
        '/',
      ]) {
        await t.press(press);
        expectSound(t);
      }
    });
  }

  it('stays sound through any keys and sizes', async () => {
    const t = await start(100, 30);
    await t.press(keys.enter);
    const press = fc.constantFrom(
      ...'jkgGwxhlHLM123456+?:nuUvPoOBN/ f'.split(''),
      '/音箱 engaged:yes\r',
      '/price:<\r',
      '/\u0015zzz\r',
      keys.tab,
      keys.esc,
      keys.down,
      keys.pgdn,
      keys.enter,
    );
    const size = fc.record({ columns: fc.integer({ min: 20, max: 210 }), rows: fc.integer({ min: 3, max: 64 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(press, { maxLength: 6 }), size, async (presses, { columns, rows }) => {
        await t.resize(columns, rows);
        for (const p of presses) await t.press(p);
        expectSound(t);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps the selected ad selected across sizes', async () => {
    const t = await start(120, 40);
    await t.press(keys.enter, 'j', 'j', 'j');
    for (const [columns, rows] of [
      [80, 24],
      [200, 60],
      [50, 10],
      [120, 40],
    ] as const)
      await t.resize(columns, rows);
    expect(t.screen.text()).toMatch(/▸ +4 +扫地机器人/);
  });

  it('says so below 60×16, and comes back', async () => {
    const t = await start(59, 15);
    expect(t.screen.text()).toContain('needs 60×16');
    await t.resize(60, 16);
    expect(t.screen.text()).toContain('u-00001');
  });

  it('shows an escape sequence in a title instead of obeying it', async () => {
    const t = await start(120, 40);
    await t.press(keys.enter);
    expect(t.screen.text()).toContain('evil ␛[2J␇ title ⇄ txet');
  });

  it('writes no colour when NO_COLOR is set, and some when it is not', async () => {
    const plain = await start(80, 24, { env: { TERM: 'xterm', NO_COLOR: '1', LANG: 'C.UTF-8' } });
    const written: string[] = [];
    const { write } = plain.stdout;
    plain.stdout.write = (text) => {
      written.push(text);
      return write.call(plain.stdout, text);
    };
    await plain.press(keys.enter, 'j');
    expect(written.join('')).not.toMatch(/\u001b\[(?!0m)[\d;]*m/);
  });

  it('draws with ASCII alone where the locale knows no more', async () => {
    const t = await start(120, 40, { env: { TERM: 'xterm', LANG: 'C' } });
    await t.press(keys.enter, 'w');
    expect(t.screen.text()).not.toMatch(/[│┃─━┌▸├┤█▁✓▲]/);
  });

  it('writes only what changed when the cursor moves', async () => {
    const t = await start(120, 40);
    await t.press(keys.enter);
    const before = t.stdout.bytes;
    await t.press('j');
    expect(t.stdout.bytes - before).toBeLessThan(2500);
  });
});

describe('the end of the program', () => {
  it('comes with q, and the terminal is as it was', async () => {
    const t = await start(80, 24);
    expect(t.screen.alternate).toBe(true);
    expect(t.stdin.isRaw).toBe(true);
    await t.press(keys.enter, 'q');
    expect(await t.exit).toBe(0);
    await t.screen.settled();
    expect([t.screen.alternate, t.stdin.isRaw, t.host.closed]).toEqual([false, false, true]);
  });

  it('comes with the error and its exit code when the workspace cannot be opened', async () => {
    const t = await runTui(80, 24, {
      refuse: { code: 'bad-index', message: 'the index is truncated', todo: 'recall-tui index DIR' },
    });
    expect(await t.exit).toBe(2);
    await t.screen.settled();
    expect(t.screen.alternate).toBe(false);
    expect(t.errors.join('')).toBe('recall-tui: the index is truncated\n  to do:    recall-tui index DIR\n');
  });

  it('comes when the terminal goes away', async () => {
    const t = await start(80, 24);
    t.stdin.emit('end');
    expect(await t.exit).toBe(129);
  });

  it('waits for q when the host dies, with the error on the screen', async () => {
    const t = await start(80, 24);
    t.host.gone({ code: 'internal', message: 'the host thread ended with code 1' });
    await t.settle();
    expect(t.screen.text()).toContain('the host thread ended');
    await t.press('\u0003');
    expect(await t.exit).toBe(0);
  });
});

describe('the start without a terminal', () => {
  it('draws nothing, and names the headless command', async () => {
    const { startTui } = await import('../../src/tui/start.tsx');
    const { FakeInput, FakeOutput } = await import('../support/fake-tty.ts');
    const stdin = Object.assign(new FakeInput(), { isTTY: false });
    const written: string[] = [];
    const options = {
      stdin,
      stdout: new FakeOutput(80, 24, (t) => {
        written.push(t);
      }),
      stderr: { write: () => true },
      env: { TERM: 'xterm' },
      host: new FakeHost(info, smallWorld),
    };
    await expect(startTui(options)).rejects.toMatchObject({
      code: 'usage',
      todo: expect.stringContaining('recall-tui recall'),
    });
    await expect(startTui({ ...options, stdin: new FakeInput(), env: { TERM: 'dumb' } })).rejects.toMatchObject({
      code: 'usage',
    });
    expect(written).toEqual([]);
  });
});
