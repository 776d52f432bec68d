import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Bases } from './bases.ts';
import type { CaseResult } from './open-case.ts';
import type { CaseTask, FromWorker } from './worker.ts';

/** A case that did not come back: what the process was asked, and what became of it. */
export interface Lost {
  readonly kind: 'died' | 'hung' | 'broken';
  readonly what: string;
}
export type Outcome = CaseResult | Lost;

export const isLost = (outcome: Outcome): outcome is Lost => 'what' in outcome && !('opens' in outcome);

/**
 * A question hangs after so much of the processor's time, or so many looks at it, a second apart: others may need the
 * machine, or halt both for a while.
 */
const hangMs = 5_000;
const stuckLooks = 60;
/** A tick of /proc is a hundredth of a second. */
const tickMs = 10;

/** Time that the process has had of the processors, in ms; null where the system does not tell. */
const cpuMs = (pid: number | undefined): number | null => {
  try {
    const fields = readFileSync(`/proc/${pid ?? 0}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * tickMs;
  } catch {
    return null;
  }
};
/** A process is ended after so many cases, or beyond so much memory. */
const casesEach = 400;
const mostBytes = 1.5e9;

export interface PoolOptions {
  readonly root: string;
  readonly bases: Bases;
  readonly size: number;
  readonly tasks: Iterable<CaseTask>;
  readonly onOutcome: (task: CaseTask, outcome: Outcome) => void;
}

interface Running {
  readonly child: ChildProcess;
  cases: number;
}

/** The process has another current folder, from which it would not be found by name. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

const start = (root: string, bases: Bases, n: number): Running => {
  const scratch = join(root, `worker-${n}`);
  mkdirSync(scratch, { recursive: true });
  const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [scratch, JSON.stringify(bases)], {
    execArgv: ['--import', tsx],
    env: { ...process.env, RECALL_TUI_SQL_SECONDS: '2', RECALL_TUI_PAGE_SECONDS: '2', HOME: scratch },
    cwd: scratch,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  });
  return { child, cases: 0 };
};

/** One case: its result, or how the process was lost over it. */
const oneCase = ({ child }: Running, task: CaseTask): Promise<{ outcome: Outcome; rss: number }> =>
  new Promise((resolve) => {
    let asked = 'the copy of its base';
    let said = '';
    let timer: NodeJS.Timeout | undefined;
    const onError = (chunk: Buffer): void => {
      said = `${said}${chunk.toString('utf8')}`.slice(-600);
    };
    const end = (outcome: Outcome, rss: number): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.stderr?.off('data', onError);
      resolve({ outcome, rss });
    };
    const watch = (): void => {
      const from = cpuMs(child.pid) ?? -Infinity;
      let looks = 0;
      const look = (): void => {
        looks += 1;
        if ((cpuMs(child.pid) ?? Infinity) - from < hangMs && looks < stuckLooks) {
          timer = setTimeout(look, 1_000);
          return;
        }
        child.off('exit', onExit);
        child.once('exit', () =>
          end({ kind: 'hung', what: `${asked}: no answer within ${hangMs / 1000} s` }, Infinity),
        );
        child.kill('SIGKILL');
      };
      clearTimeout(timer);
      timer = setTimeout(look, hangMs);
    };
    const onMessage = (message: FromWorker): void => {
      if (message.type === 'ask') {
        asked = message.what;
        watch();
      } else if (message.type === 'broken') end({ kind: 'broken', what: `${asked}: ${message.why}` }, 0);
      else end(message.result, message.rss);
    };
    const onExit = (code: number | null, signal: string | null): void =>
      end(
        { kind: 'died', what: `${asked}: the process ended by ${signal ?? `exit ${String(code)}`}: ${said}` },
        Infinity,
      );
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.stderr?.on('data', onError);
    child.send(task);
  });

const stop = (running: Running | null): Promise<void> =>
  new Promise((resolve) => {
    if (running === null || running.child.exitCode !== null || running.child.signalCode !== null) return resolve();
    running.child.once('exit', () => resolve());
    running.child.kill('SIGKILL');
  });

/**
 * Runs cases in processes of their own, each many; one that dies or hangs is started again. A case that hung is tried
 * once more: a busy machine is no fault of the program.
 */
export const runPool = async ({ root, bases, size, tasks, onOutcome }: PoolOptions): Promise<void> => {
  const queue = tasks[Symbol.iterator]();
  let started = 0;
  const worker = async (): Promise<void> => {
    let running: Running | null = null;
    const attempt = async (task: CaseTask): Promise<Outcome> => {
      running ??= start(root, bases, (started += 1));
      running.cases += 1;
      const { outcome, rss } = await oneCase(running, task);
      if (rss > mostBytes || running.cases >= casesEach) {
        await stop(running);
        running = null;
      }
      return outcome;
    };
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      const task = next.value;
      let outcome = await attempt(task);
      if (isLost(outcome) && outcome.kind === 'hung') outcome = await attempt(task);
      onOutcome(task, outcome);
    }
    await stop(running);
  };
  await Promise.all(Array.from({ length: size }, worker));
};
