import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type IPty } from 'node-pty';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeLarge } from '../../fixtures/large.ts';
import { Screen } from '../support/screen.ts';
import { expectRestored, openShell as shellIn, programPid, startIn, type Session } from '../support/pty.ts';

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js');
const dir = mkdtempSync(join(tmpdir(), 'recall-pty-'));

beforeAll(async () => {
  await makeLarge({ ads: 400, users: 20, dim: 16, out: join(dir, 'w') });
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

let shell: IPty | undefined;
afterEach(() => {
  shell?.kill('SIGKILL');
  shell = undefined;
});

const openShell = (): Session => {
  const session = shellIn({ dir });
  shell = session.pty;
  return session;
};

const program = `node ${main} -w ${join(dir, 'w')}`;
const inList = (text: string): boolean => text.includes('recall [model 100]') && text.includes('▸');

/** Starts the program below a line of the shell's, and opens the first user. */
const openList = async (session: Session): Promise<void> => {
  startIn(session, program);
  await session.until((t) => t.includes('Choose a user') && t.includes('u-00001'), 'the finder');
  session.pty.write('\r');
  await session.until(inList, 'the list');
};

/** `RECALL_HANGUPS=20` for a run that is asked for. */
const hangUps = Number(process.env['RECALL_HANGUPS'] ?? 3);

describe('a window that is closed', () => {
  it(
    `ends the program by SIGHUP, never by a fault of native code, ${hangUps} times`,
    async () => {
      for (let i = 0; i < hangUps; i += 1) {
        const window = spawn(process.execPath, [main, '-w', join(dir, 'w')], {
          cols: 110,
          rows: 32,
          cwd: dir,
          env: { PATH: process.env['PATH'] ?? '', HOME: dir, XDG_CACHE_HOME: dir, TERM: 'xterm-256color', CI: 'false' },
        });
        const screen = new Screen(110, 32);
        window.onData((data) => {
          screen.write(data);
        });
        const until = async (shown: (text: string) => boolean): Promise<void> => {
          for (await screen.settled(); !shown(screen.text()); await screen.settled())
            await new Promise((resolve) => {
              setTimeout(resolve, 20);
            });
        };
        await until((t) => t.includes('u-00001'));
        window.write('\r');
        if (i % 2 === 0) await until(inList);
        const ended = new Promise<{ exitCode: number; signal?: number }>((resolve) => {
          window.onExit(resolve);
        });
        // The master's end goes, as that of a terminal emulator does; without a kill.
        Reflect.get(window, '_socket').destroy();
        expect(await ended).toMatchObject({ signal: 1 });
      }
    },
    30_000 + 10_000 * hangUps,
  );
});

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

  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const) {
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
