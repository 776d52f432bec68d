import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type IPty } from 'node-pty';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeLarge } from '../../fixtures/large.ts';
import { Screen } from '../support/screen.ts';

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const dir = mkdtempSync(join(tmpdir(), 'recall-pty-'));

beforeAll(async () => { await makeLarge({ ads: 400, users: 20, dim: 16, out: join(dir, 'w') }); });
afterAll(() => { rmSync(dir, { recursive: true, force: true }); });

let shell: IPty | undefined;
afterEach(() => {
  shell?.kill('SIGKILL');
  shell = undefined;
});

interface Session { readonly pty: IPty; readonly screen: Screen; until(shown: (text: string) => boolean, what: string): Promise<string> }

const columns = 110;
const rows = 32;

/** An interactive shell on a real terminal, its output emulated. */
const openShell = (): Session => {
  const screen = new Screen(columns, rows);
  const pty = spawn('bash', ['--norc', '--noprofile', '-i'], {
    cols: columns, rows, cwd: dir, env: { PATH: process.env['PATH'] ?? '', HOME: dir, XDG_CACHE_HOME: dir, TERM: 'xterm-256color', LANG: 'C.UTF-8', PS1: '$ ', CI: 'false' },
  });
  pty.onData((data) => { screen.write(data); });
  shell = pty;
  return {
    pty, screen,
    async until(shown, what) {
      for (let i = 0; i < 400; i++) {
        await screen.settled();
        if (shown(screen.text())) return screen.text();
        await new Promise((resolve) => { setTimeout(resolve, 50); });
      }
      throw new Error(`never saw ${what}; the screen shows:\n${screen.text()}`);
    },
  };
};

const program = `node ${main} -w ${join(dir, 'w')}`;
const inList = (text: string): boolean => text.includes('recall [model 100]') && text.includes('▸');

/** Starts the program below a line of the shell's, and opens the first user. */
const openList = async (session: Session): Promise<void> => {
  session.pty.write(`clear; echo the line before; stty -g > ${dir}/modes-before; ${program}\r`);
  await session.until((t) => t.includes('Whose recall') && t.includes('u-00001'), 'the finder');
  session.pty.write('\r');
  await session.until(inList, 'the list');
};

/** After the program: the screen it covered is back, the modes are what they were, and the exit code shows. */
const expectRestored = async (session: Session, code: number): Promise<void> => {
  session.pty.write(`\recho "code $?"; stty -g > ${dir}/modes-after; echo done\r`);
  const text = await session.until((t) => /^done$/m.test(t), 'the shell again');
  expect(text).toContain('the line before');
  expect(text).toMatch(new RegExp(`^code ${code}$`, 'm'));
  expect(session.screen.alternate).toBe(false);
  expect(readFileSync(`${dir}/modes-after`, 'utf8')).toBe(readFileSync(`${dir}/modes-before`, 'utf8'));
};

/** The pid of the program, a child of the shell. */
const programPid = ({ pty }: Session): number => {
  const children = readFileSync(`/proc/${pty.pid}/task/${pty.pid}/children`, 'utf8').trim().split(' ').map(Number);
  const pid = children.at(-1);
  if (pid === undefined || !(pid > 0)) throw new Error('the program is not running');
  return pid;
};

describe('a real terminal', () => {
  it('is as it was after q', async () => {
    const session = openShell();
    await openList(session);
    session.pty.write('jj2wq');
    await session.until((t) => t.includes('the line before'), 'the screen before');
    await expectRestored(session, 0);
  });

  it('is as it was after ctrl-c', async () => {
    const session = openShell();
    await openList(session);
    session.pty.write('\u0003');
    await session.until((t) => t.includes('the line before'), 'the screen before');
    await expectRestored(session, 0);
  });

  for (const [signal, code] of [['SIGTERM', 143], ['SIGHUP', 129], ['SIGINT', 130]] as const) {
    it(`is as it was after ${signal}`, async () => {
      const session = openShell();
      await openList(session);
      process.kill(programPid(session), signal);
      await session.until((t) => t.includes('the line before'), 'the screen before');
      await expectRestored(session, code);
    });
  }

  it('is given back by ctrl-z and taken again by fg, with the selection kept', async () => {
    const session = openShell();
    await openList(session);
    session.pty.write('jj');
    await session.until((t) => /▸ +3/.test(t), 'the third row');
    session.pty.write('\u001a');
    await session.until((t) => t.includes('Stopped'), 'the job stopped');
    expect(session.screen.alternate).toBe(false);
    session.pty.write('fg\r');
    await session.until((t) => /▸ +3/.test(t), 'the list again');
    session.pty.write('q');
    await session.until((t) => t.includes('the line before'), 'the screen before');
    await expectRestored(session, 0);
  });

  it('follows the size of the window', async () => {
    const session = openShell();
    await openList(session);
    session.screen.resize(80, 24);
    session.pty.resize(80, 24);
    await session.until((t) => t.includes('[2 recall]'), 'the tabs');
    expect(session.screen.scrollback).toBe(0);
    session.pty.write('q');
    await session.until((t) => t.includes('the line before'), 'the screen before');
  });
});
