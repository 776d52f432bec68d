import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn, type IPty } from 'node-pty';
import { expect } from 'vitest';
import { Screen } from './screen.ts';

/** An interactive shell on a real terminal, its output emulated. */
export interface Session {
  readonly dir: string;
  readonly pty: IPty;
  readonly screen: Screen;
  /** Bytes the terminal was sent so far. */
  bytes(): number;
  until(shown: (text: string) => boolean, what: string): Promise<string>;
}

export interface ShellOptions {
  readonly dir: string;
  readonly columns?: number;
  readonly rows?: number;
}

let shells = 0;

/** A shell in `dir`, which is its home; what a program remembers of its screen is each shell's own. */
export const openShell = ({ dir, columns = 110, rows = 32 }: ShellOptions): Session => {
  const screen = new Screen(columns, rows);
  const pty = spawn('bash', ['--norc', '--noprofile', '-i'], {
    cols: columns,
    rows,
    cwd: dir,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: dir,
      XDG_CACHE_HOME: dir,
      XDG_STATE_HOME: join(dir, `state-${shells++}`),
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      PS1: '$ ',
      CI: 'false',
    },
  });
  let bytes = 0;
  pty.onData((data) => {
    bytes += Buffer.byteLength(data);
    screen.write(data);
  });
  return {
    dir,
    pty,
    screen,
    bytes: () => bytes,
    async until(shown, what) {
      for (let i = 0; i < 600; i++) {
        await screen.settled();
        if (shown(screen.text())) return screen.text();
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
      throw new Error(`never saw ${what}; the screen shows:\n${screen.text()}`);
    },
  };
};

/** Starts a program below a line of the shell's, the terminal's modes noted before it. */
export const startIn = ({ pty, dir }: Session, program: string): void => {
  pty.write(`clear; echo the line before; stty -g > ${dir}/modes-before; ${program}\r`);
};

/** After the program: the screen it covered is back, the modes are what they were, and the exit code shows. */
export const expectRestored = async (session: Session, code: number): Promise<string> => {
  const { dir } = session;
  session.pty.write(`\recho "code $?"; stty -g > ${dir}/modes-after; echo done\r`);
  const text = await session.until((t) => /^done$/m.test(t), 'the shell again');
  expect(text).toContain('the line before');
  expect(text).toMatch(new RegExp(`^code ${code}$`, 'm'));
  expect(session.screen.alternate).toBe(false);
  expect(readFileSync(`${dir}/modes-after`, 'utf8')).toBe(readFileSync(`${dir}/modes-before`, 'utf8'));
  return text;
};

/** The pid of the program, a child of the shell. */
export const programPid = ({ pty }: Session): number => {
  const children = readFileSync(`/proc/${pty.pid}/task/${pty.pid}/children`, 'utf8').trim().split(' ').map(Number);
  const pid = children.at(-1);
  if (pid === undefined || !(pid > 0)) throw new Error('the program is not running');
  return pid;
};
