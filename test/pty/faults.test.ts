import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeLarge } from '../../fixtures/large.ts';
import { monkey, type MonkeyAct } from '../support/monkey.ts';
import { expectRestored, openShell, programPid, startIn, type Session } from '../support/pty.ts';

const root = join(import.meta.dirname, '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'recall-faults-'));
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'esm', 'index.mjs');
const faulty = (fault: string): string =>
  `TSX_TSCONFIG_PATH=${join(root, 'tsconfig.json')} node --import ${tsx} ${join(import.meta.dirname, 'crash-child.ts')} ${fault}`;
const program = `node ${join(root, 'dist', 'main.js')} -w ${join(dir, 'w')}`;

beforeAll(async () => {
  await makeLarge({ ads: 400, users: 20, dim: 16, out: join(dir, 'w') });
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

let session: Session | undefined;
afterEach(() => {
  session?.pty.kill('SIGKILL');
  session = undefined;
});

const start = (command: string): Session => {
  session = openShell({ dir });
  startIn(session, command);
  return session;
};

const inFinder = (text: string): boolean => text.includes('Choose a user') && text.includes('u-00001');

/** Jiffies of processor time a process has had, all its threads together. */
const cpuOf = (pid: number): number => {
  const parts = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return Number(parts[11]) + Number(parts[12]);
};

/** Processes that this one has started. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** The same of a process and those it has started. */
const cpuOfAll = (pid: number): number => [pid, ...childrenOf(pid)].reduce((sum, one) => sum + cpuOf(one), 0);

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

describe('a real terminal after a fault of the program', () => {
  it('is as it was when a view throws, and shows the error below the line before', async () => {
    const s = start(faulty('view'));
    await s.until((t) => t.includes('Choose a user'), 'the finder');
    s.pty.write('\r');
    await s.until(
      (t) => t.includes('Error: thrown in a') && t.includes('evidence.ts'),
      'the error and where it was thrown',
    );
    expect(await expectRestored(s, 70)).toContain('recall-tui crashed');
  });

  it('is as it was when a worker throws: the screen reports it, and q leaves', async () => {
    const s = start(faulty('worker'));
    await s.until((t) => t.includes('thrown in a worker'), 'the error on the screen');
    s.pty.write('q');
    await s.until((t) => t.includes('the line before'), 'the screen before');
    await expectRestored(s, 0);
  });
});

describe('the screen after the end of the process that answers', () => {
  it('stands when a signal of native code ends it: Enter reopens with the same list, the recording is kept, q quits', async () => {
    const s = start(program);
    await s.until(inFinder, 'the finder');
    s.pty.write('\r');
    await s.until((t) => t.includes('recall [model 100]') && t.includes('▸'), 'the list');
    s.pty.write('R');
    await s.until((t) => t.includes('record to file'), 'the name of the file');
    s.pty.write(`\u0015${join(dir, 'kept.jsonl')}`);
    await s.until((t) => t.includes('kept.jsonl'), 'the name typed');
    s.pty.write('\r');
    await s.until((t) => t.includes('REC'), 'the recording');
    const [host] = childrenOf(programPid(s));
    process.kill(host ?? 0, 'SIGSEGV');
    await s.until((t) => t.includes('was ended by SIGSEGV') && t.includes('Enter reopens'), 'the cause and the keys');
    s.pty.write('j:x');
    s.pty.write('\r');
    await s.until((t) => t.includes('reopened') && t.includes('recall [model 100]'), 'the list again');
    expect(readFileSync(join(dir, 'kept.jsonl'), 'utf8').split('\n').length).toBeGreaterThan(1);
    s.pty.write('q');
    await s.until((t) => t.includes('the line before'), 'the screen before');
    await expectRestored(s, 0);
  });
});

describe('the screen after a kill of the process that answers', () => {
  it('says that it was killed from outside, perhaps for its memory, and not that this is a bug', async () => {
    const s = start(program);
    await s.until(inFinder, 'the finder');
    const [host] = childrenOf(programPid(s));
    process.kill(host ?? 0, 'SIGKILL');
    const text = await s.until((t) => t.includes('Enter reopens'), 'the cause and the keys');
    expect(text).toContain('was killed from outside (SIGKILL)');
    expect(text).toContain('no memory left');
    expect(text).toContain('free memory');
    expect(text).not.toContain('bug');
    s.pty.write('\r');
    await s.until(inFinder, 'the finder again');
    s.pty.write('\u0003');
    await s.until((t) => t.includes('the line before'), 'the screen before');
    await expectRestored(s, 0);
  });
});

describe('a program that waits', () => {
  it('sends no byte and takes no processor time', async () => {
    const s = start(program);
    await s.until(inFinder, 'the finder');
    s.pty.write('\r');
    await s.until((t) => t.includes('recall [model 100]') && t.includes('▸'), 'the list');
    // What starts by itself after the first list (unreachable ads are counted once) has ended by then.
    await pause(3_000);
    const pid = programPid(s);
    const [bytes, cpu] = [s.bytes(), cpuOfAll(pid)];
    await pause(4_000);
    expect(s.bytes() - bytes).toBe(0);
    // V8 may still be collecting: two jiffies of 10 ms in four seconds are half a percent.
    expect(cpuOfAll(pid) - cpu).toBeLessThanOrEqual(2);
    s.pty.write('q');
    await s.until((t) => t.includes('the line before'), 'the screen before');
  });
});

/** RECALL_MONKEY_SEED gives another stream of acts. */
const monkeySeed = (): number => {
  const asked = process.env['RECALL_MONKEY_SEED'];
  if (asked === undefined) return 618;
  if (!/^\d+$/.test(asked)) throw new Error(`RECALL_MONKEY_SEED is "${asked}": expected a whole number`);
  return Number(asked);
};

/** The seed, and a line for each of the last acts: what leads to the screen that a failure shows. */
const monkeyReport = (seed: number, acts: readonly MonkeyAct[]): string =>
  [
    `RECALL_MONKEY_SEED=${seed} repeats this run; the last of its ${acts.length} acts:`,
    ...acts.slice(-25).map((act) => JSON.stringify(act)),
  ].join('\n');

describe('a monkey at a real terminal', () => {
  it('sends 2,000 random keys, pastes and resizes: it still answers, and leaves the terminal as it was', async ({
    onTestFailed,
  }) => {
    const seed = monkeySeed();
    const acts: MonkeyAct[] = [];
    console.log(`monkey at the terminal: RECALL_MONKEY_SEED=${seed}`);
    const s = start(program);
    onTestFailed(() => {
      console.error(`${monkeyReport(seed, acts)}\nthe screen:\n${s.screen.text()}`);
    });
    await s.until(inFinder, 'the finder');
    const next = monkey(seed);
    for (let i = 0; i < 2_000; i += 1) {
      const act = next();
      acts.push(act);
      if (act.type === 'bytes') s.pty.write(act.bytes);
      else {
        s.screen.resize(act.columns, act.rows);
        s.pty.resize(act.columns, act.rows);
      }
      if (i % 20 === 0) await pause(10);
    }
    s.screen.resize(110, 32);
    s.pty.resize(110, 32);
    await pause(500);
    expect(programPid(s)).toBeGreaterThan(0);
    expect(s.screen.alternate, s.screen.text()).toBe(true);
    // Out of whatever is open, then out of the program.
    s.pty.write('\u001b');
    await pause(200);
    s.pty.write('\u0003');
    await pause(200);
    s.pty.write('\u0003');
    await s.until((t) => t.includes('the line before'), 'the screen before');
    expect(s.screen.alternate).toBe(false);
    s.pty.write(`\r\u0015clear; stty -g > ${dir}/modes-after; echo "shell again"\r`);
    await s.until((t) => /^shell again$/m.test(t), 'the shell');
    expect(readFileSync(`${dir}/modes-after`, 'utf8')).toBe(readFileSync(`${dir}/modes-before`, 'utf8'));
  });
});
