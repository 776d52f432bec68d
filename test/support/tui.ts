import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTui } from '../../src/tui/start.tsx';
import type { Host } from '../../src/state/protocol.ts';
import type { PlainError } from '../../src/errors.ts';
import type { Store } from '../../src/state/store.ts';
import type { Line } from '../../src/views/text/line.ts';
import { FakeHost, type Answer } from './fake-host.ts';
import { FakeInput, FakeOutput } from './fake-tty.ts';
import { Screen } from './screen.ts';
import { info, smallWorld } from './small-world.ts';

export interface RunningTui {
  readonly stdin: FakeInput;
  readonly stdout: FakeOutput;
  readonly screen: Screen;
  readonly host: FakeHost;
  readonly store: Store;
  readonly exit: Promise<number>;
  readonly errors: string[];
  /** The lines of the last frame, as they were laid out. */
  frame(): readonly Line[];
  /** Sends bytes and waits until nothing is pending and the screen shows it. */
  press(...bytes: string[]): Promise<void>;
  settle(): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
}

/** No test writes into the person's own state. */
const stateHome = mkdtempSync(join(tmpdir(), 'recall-state-'));

/** Bytes of keys. */
export const keys = {
  enter: '\r',
  esc: '\u001b',
  tab: '\t',
  up: '\u001b[A',
  down: '\u001b[B',
  pgdn: '\u001b[6~',
  ctrlC: '\u0003',
  backspace: '\u007f',
};

/** Until the table of commands is there, or the program has ended without it. */
const tableLoaded = (store: Store): Promise<void> =>
  new Promise((resolve) => {
    const ready = (): boolean => store.get().table.length > 0 || store.get().exit !== null;
    if (ready()) return resolve();
    const stop = store.subscribe(() => {
      if (ready()) {
        stop();
        resolve();
      }
    });
  });

/** The real program on an emulated terminal, with a host that gives canned answers. */
export const runTui = async (
  columns: number,
  rows: number,
  options: { env?: Record<string, string>; answer?: Answer; refuse?: PlainError; realHost?: Host } = {},
): Promise<RunningTui> => {
  const screen = new Screen(columns, rows);
  const stdin = new FakeInput();
  const stdout = new FakeOutput(columns, rows, (text) => {
    screen.write(text);
  });
  const host = new FakeHost(info, options.answer ?? smallWorld, options.refuse);
  const errors: string[] = [];
  let store: Store | undefined;
  let frame: readonly Line[] = [];
  const exit = startTui({
    stdin,
    stdout,
    stderr: {
      write: (text) => {
        errors.push(text);
      },
    },
    env: { XDG_STATE_HOME: stateHome, ...(options.env ?? { TERM: 'xterm-256color', LANG: 'C.UTF-8' }) },
    host: options.realHost ?? host,
    onFrame: (lines) => {
      frame = lines;
    },
    onStore: (s) => {
      store = s;
    },
  });
  if (store === undefined) throw new Error('the store was not made');
  const running = store;
  const settle = async (): Promise<void> => {
    await running.idle();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await screen.settled();
  };
  await tableLoaded(running);
  await settle();
  return {
    stdin,
    stdout,
    screen,
    host,
    store: running,
    exit,
    errors,
    frame: () => frame,
    settle,
    async press(...bytes) {
      for (const chunk of bytes) {
        stdin.send(chunk);
        // A lone ESC is told from a sequence by what does not follow it.
        if (chunk === keys.esc)
          await new Promise((resolve) => {
            setTimeout(resolve, 60);
          });
        await settle();
      }
    },
    async resize(toColumns, toRows) {
      screen.resize(toColumns, toRows);
      stdout.resize(toColumns, toRows);
      await settle();
    },
  };
};
