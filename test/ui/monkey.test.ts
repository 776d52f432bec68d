import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenInvariants } from '../support/invariants.ts';
import { monkey, type MonkeyAct } from '../support/monkey.ts';
import { runTui, type RunningTui } from '../support/tui.ts';

/** Part of the long run, `npm run test:monkey`, which has 50,000. */
const acts = Number(process.env['RECALL_MONKEY_ACTS'] ?? 3_000);
const seed = Number(process.env['RECALL_MONKEY_SEED'] ?? 20_251_111);

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const heapMb = async (tui: RunningTui): Promise<number> => {
  await tui.settle();
  collect();
  collect();
  return process.memoryUsage().heapUsed / 1e6;
};

const perform = async (tui: RunningTui, act: MonkeyAct): Promise<void> => {
  if (act.type === 'resize') await tui.resize(act.columns, act.rows);
  else tui.stdin.send(act.bytes);
};

/** The last acts before a failure, so that it can be played again. */
const told = (recent: readonly MonkeyAct[]): string =>
  recent.map((act) => (act.type === 'bytes' ? JSON.stringify(act.bytes) : `${act.columns}×${act.rows}`)).join(' ');

const check = (tui: RunningTui, recent: readonly MonkeyAct[], at: number): void => {
  const state = tui.store.get();
  const wide = tui.screen.lines().filter((line) => stringWidth(line) > state.size.columns);
  const found = [
    ...brokenInvariants(state),
    ...tui.errors,
    ...(state.exit === null ? [] : [`it ended with ${state.exit}`]),
    ...(state.fatal === null ? [] : [state.fatal.message]),
    ...wide,
    ...(tui.screen.scrollback === 0 ? [] : ['a frame scrolled']),
  ];
  if (found.length > 0)
    throw new Error(`seed ${seed}, act ${at}: ${found.join('; ')}\nafter ${told(recent)}\n${tui.screen.text()}`);
};

/** A monkey exports and saves too: what it writes goes here. */
const dir = mkdtempSync(join(tmpdir(), 'recall-monkey-'));
const home = process.cwd();

beforeAll(() => {
  process.chdir(dir);
});
afterAll(() => {
  process.chdir(home);
  rmSync(dir, { recursive: true, force: true });
});

describe('a monkey test at the keyboard', () => {
  it(`sends ${acts.toLocaleString('en')} random keys, pastes and resizes: no crash, no hang, invariants hold, memory stays flat`, async () => {
    const tui = await runTui(120, 40);
    const next = monkey(seed);
    const recent: MonkeyAct[] = [];
    const heap: number[] = [];
    for (let i = 1; i <= acts; i += 1) {
      const act = next();
      recent.push(act);
      if (recent.length > 60) recent.shift();
      await perform(tui, act);
      // A burst of keys is one frame, as a fast typist or a held key makes it.
      if (i % 50 === 0) {
        await tui.settle();
        check(tui, recent, i);
      }
      if (i % (acts / 5) === 0) heap.push(await heapMb(tui));
    }
    const [, second = 0, , , last = 0] = heap;
    expect(last, `heap in MB after each fifth: ${heap.map((n) => n.toFixed(1)).join(', ')}`).toBeLessThan(
      second * 1.1 + 5,
    );
    tui.stdin.send('\u0003');
    await tui.settle();
  }, 600_000);
});
