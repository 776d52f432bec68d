import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { spawn } from 'node-pty';
import { demoFolder } from '../support/demo.ts';
import { Screen } from '../support/screen.ts';
import { hourOfKeys } from './hour-keys.ts';

/**
 * An hour of keys at 10 a second, compressed in time: the real program on a real terminal, on the demo. The next key
 * is sent when the frame of the last is drawn. Memory of both processes, minutes 50 to 60 against 10 to 20.
 */
export interface HourOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Heap snapshots of both windows' ends go there. */
  readonly snapshots?: string;
  readonly log?: (line: string) => void;
}

const keysAMinute = 600;
/** Resident memory is read each so many keys: a second of the hour. */
const sampleEvery = 10;
const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const probe = pathToFileURL(join(import.meta.dirname, 'hour-probe.mjs')).href;

type Who = 'screen' | 'host';
const both: readonly Who[] = ['screen', 'host'];

interface Sample {
  readonly minute: number;
  readonly who: Who;
  readonly rss?: number;
  readonly heap?: number;
  readonly external?: number;
  readonly descriptors?: number;
}

export interface Grown {
  readonly who: Who;
  readonly what: 'heap' | 'external' | 'rss' | 'descriptors';
  readonly early: number;
  readonly late: number;
}

export interface Hour {
  readonly keys: number;
  readonly seconds: number;
  readonly grown: readonly Grown[];
  /** What was more than 10 % larger in the late window, or descriptors that are not as many. */
  readonly problems: readonly string[];
}

/** A list of ads is on the screen: an hour in front of an error or an empty pane says nothing. */
const showsList = (text: string): boolean =>
  (text.match(/\b(?:model|keyword|i2i|popular|priority|category) \d+ /g) ?? []).length >= 5;
/** The least share of the looks, one a minute, at which there must be a list. */
const leastLists = 0.5;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
const residentMb = (pid: number): number =>
  (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1e6;
/** Open files and pipes but for those in `dir`: a recording that is on has its own. */
const descriptorsOf = (pid: number, dir: string): readonly string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return target.startsWith(dir) ? [] : [target.replace(/\d{3,}/, 'N')];
    } catch {
      return [];
    }
  });

/** Typed at a terminal whose output is read: how to type, and when nothing more comes. */
const openTerminal = (dir: string, demo: string, env: Readonly<Record<string, string>>) => {
  const screen = new Screen(120, 40);
  const pty = spawn(process.execPath, [main, '-w', demo], { cols: 120, rows: 40, cwd: dir, env: { ...env } });
  let drawn = 0;
  let wake: (() => void) | null = null;
  let ended: string | null = null;
  pty.onData((data) => {
    drawn += 1;
    screen.write(data);
    wake?.();
  });
  pty.onExit(({ exitCode, signal }) => {
    ended = `the program ended with code ${exitCode}, signal ${signal ?? 0}`;
    wake?.();
  });
  /** Something more is drawn, or so many ms have passed. */
  const more = (ms: number): Promise<boolean> => {
    const before = drawn;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        wake = null;
        resolve(drawn > before);
      };
      const timer = setTimeout(end, ms);
      wake = end;
    });
  };
  const quiet = async (ms: number, most: number): Promise<void> => {
    const until = performance.now() + most;
    while (performance.now() < until && (await more(ms)));
  };
  return { pty, screen, more, quiet, ended: () => ended };
};

export const anHour = async ({ seed, minutes, snapshots, log = () => undefined }: HourOptions): Promise<Hour> => {
  const dir = mkdtempSync(join(tmpdir(), 'recall-hour-'));
  const [home, work, measures] = ['home', 'work', 'measures'].map((name) => join(dir, name));
  if (home === undefined || work === undefined || measures === undefined) throw new Error('no folders');
  for (const one of [home, work, measures]) mkdirSync(one);
  const terminal = openTerminal(work, await demoFolder(), {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    CI: 'false',
    NODE_OPTIONS: `--import ${probe}`,
    RECALL_PROBE: measures,
  });
  const { pty, screen } = terminal;
  const samples: Sample[] = [];
  const recent: string[] = [];
  let lists = 0;
  const alive = (): void => {
    const why = terminal.ended();
    if (why === null) return;
    throw new Error(
      `seed ${seed}: ${why}\nafter ${recent.map((key) => JSON.stringify(key)).join(' ')}\n${screen.text()}`,
    );
  };
  const until = async (text: string): Promise<void> => {
    for (let i = 0; i < 24_000; i += 1) {
      await screen.settled();
      if (screen.text().includes(text)) return;
      alive();
      await pause(50);
    }
    throw new Error(`never saw "${text}":\n${screen.text()}`);
  };
  const pids = (): Record<Who, number> => {
    const host = readFileSync(`/proc/${pty.pid}/task/${pty.pid}/children`, 'utf8').trim().split(' ')[0];
    return { screen: pty.pid, host: Number(host) };
  };
  const measured = async (pid: number, who: Who, minute: number): Promise<void> => {
    const file = join(measures, `${pid}.jsonl`);
    const linesOf = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []);
    const before = linesOf().length;
    if (snapshots !== undefined && [minutes / 3, minutes].includes(minute))
      writeFileSync(join(measures, `${pid}.snapshot`), join(snapshots, `${who}-${minute}.heapsnapshot`));
    process.kill(pid, 'SIGUSR2');
    for (let i = 0; linesOf().length <= before; i += 1) {
      alive();
      if (i > 60_000) throw new Error(`${who} does not say its memory`);
      await pause(10);
    }
    const { heapUsed, external } = JSON.parse(linesOf().at(-1) ?? '');
    const open = descriptorsOf(pid, dir);
    samples.push({ minute, who, heap: heapUsed / 1e6, external: external / 1e6, descriptors: open.length });
    if (snapshots !== undefined) writeFileSync(join(snapshots, `${who}-${minute}.fds`), `${open.join('\n')}\n`);
  };
  const begun = performance.now();
  try {
    await until('Choose a user');
    pty.write('\r');
    await until('▸');
    const next = hourOfKeys(seed);
    const first = pids();
    for (let n = 1; n <= minutes * keysAMinute; n += 1) {
      const act = next();
      recent.push('keys' in act ? act.keys : `${act.columns}×${act.rows}`);
      if (recent.length > 60) recent.shift();
      if ('keys' in act) pty.write(act.keys);
      else {
        screen.resize(act.columns, act.rows);
        pty.resize(act.columns, act.rows);
      }
      if (await terminal.more(40)) await terminal.quiet(3, 100);
      alive();
      const minute = n / keysAMinute;
      if (n % sampleEvery === 0) for (const who of both) samples.push({ minute, who, rss: residentMb(first[who]) });
      if (n % keysAMinute === 0) {
        await terminal.quiet(250, 5_000);
        for (let i = 0; i < 3; i += 1) {
          pty.write('\u001b');
          await terminal.quiet(100, 1_000);
        }
        await screen.settled();
        if (showsList(screen.text())) lists += 1;
        if (snapshots !== undefined) writeFileSync(join(snapshots, `screen-${minute}.txt`), screen.text());
        if (pids().host !== first.host) throw new Error(`seed ${seed}: the host ended\n${screen.text()}`);
        for (const who of both) await measured(first[who], who, minute);
        const of = (who: Who, what: 'rss' | 'heap' | 'external' | 'descriptors'): string =>
          String(Math.round(samples.findLast((s) => s.who === who && s[what] !== undefined)?.[what] ?? NaN));
        log(
          `minute ${minute}: ${both.map((who) => `${who} heap ${of(who, 'heap')} MB, external ${of(who, 'external')} MB, resident ${of(who, 'rss')} MB, descriptors ${of(who, 'descriptors')}`).join('; ')}; lists seen ${lists}; ${((performance.now() - begun) / 1000).toFixed(0)} s`,
        );
      }
    }
  } finally {
    pty.kill('SIGTERM');
    for (let i = 0; i < 100 && terminal.ended() === null; i += 1) await pause(50);
    rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
  }
  const within = (from: number, to: number, who: Who, what: Grown['what']): number[] =>
    samples.flatMap((s) =>
      s.who === who && s.minute > from && s.minute <= to && s[what] !== undefined ? [s[what]] : [],
    );
  const grown = both.flatMap((who) =>
    (['heap', 'external', 'rss', 'descriptors'] as const).map((what) => ({
      who,
      what,
      early: median(within(minutes / 6, minutes / 3, who, what)),
      late: median(within((minutes * 5) / 6, minutes, who, what)),
    })),
  );
  const few = lists < leastLists * minutes ? [`only ${lists} of ${minutes} looks at the screen saw a list of ads`] : [];
  const problems = grown
    .filter(({ what, early, late }) =>
      what === 'descriptors' ? early !== late : what !== 'external' && late > early * 1.1,
    )
    .map(({ who, what, early, late }) => `${what} of the ${who}: ${early.toFixed(1)} to ${late.toFixed(1)}`)
    .concat(few);
  return { keys: minutes * keysAMinute, seconds: (performance.now() - begun) / 1000, grown, problems };
};
