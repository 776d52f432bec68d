import { describe, expect, it } from 'vitest';
import type { CliIo } from '../../src/cli/io.ts';
import type { CliDeps } from '../../src/cli/library.ts';
import { run } from '../../src/cli/run.ts';
import type { Command } from '../../src/console/command.ts';
import { commands } from '../../src/commands/registry.ts';
import { RecallError } from '../../src/errors.ts';
import { fakeTools, fakeWorkspace } from '../commands/fake-workspace.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly interrupt: () => void;
}

interface Setting {
  readonly stdin?: string;
  readonly env?: CliIo['env'];
  readonly tty?: boolean;
  readonly table?: readonly Command[];
  readonly workspace?: ReturnType<typeof fakeWorkspace>;
  readonly onStart?: (interrupt: () => void) => void;
  readonly closedPipe?: boolean;
  readonly ask?: (text: string) => Promise<string | null>;
}

const cli = async (argv: readonly string[], setting: Setting = {}): Promise<Ran> => {
  let out = '';
  let err = '';
  const handlers = new Set<() => void>();
  const interrupt = (): void => {
    for (const h of [...handlers]) h();
  };
  let clock = 0;
  const io: CliIo = {
    stdout: {
      isTTY: setting.tty === true,
      columns: 100,
      write: (text) => {
        out += text;
        return Promise.resolve(setting.closedPipe !== true);
      },
    },
    stderr: {
      isTTY: setting.tty === true,
      columns: 60,
      write: (text) => {
        err += text;
        return Promise.resolve(true);
      },
    },
    stdin: () => Promise.resolve(setting.stdin ?? ''),
    ...(setting.ask === undefined ? {} : { ask: setting.ask }),
    env: setting.env ?? {},
    cwd: '/',
    onInterrupt: (h) => {
      handlers.add(h);
      return () => {
        handlers.delete(h);
      };
    },
    exitNow: () => {
      throw new Error('exitNow');
    },
    now: () => (clock += 1000),
  };
  const workspace = setting.workspace ?? fakeWorkspace();
  const deps: CliDeps = {
    commands: setting.table ?? commands,
    version: '9.9.9',
    keys: () => Promise.resolve([]),
    library: () =>
      Promise.resolve({
        tools: fakeTools(() => Promise.resolve()),
        openWorkspace: ({ dir }) =>
          dir === '/gone'
            ? Promise.reject(new RecallError('no-workspace', 'no workspace', { todo: 'import one' }))
            : Promise.resolve(workspace),
      }),
  };
  setting.onStart?.(interrupt);
  const code = await run(argv, io, deps);
  expect(handlers.size, 'every interrupt handler is taken off').toBe(0);
  return { code, out, err, interrupt };
};

const command = (id: string, body: Command['run']): Command => ({
  id,
  title: id,
  doc: `${id}.`,
  family: 'help',
  needs: 'nothing',
  args: [],
  run: body,
});

describe('the headless front end', () => {
  it('prints one JSON object with schema, workspace, query, data and timings', async () => {
    const { code, out, err } = await cli(['recall', 'u1', '--json']);
    expect([code, err]).toEqual([0, '']);
    expect(out.endsWith('\n')).toBe(true);
    const json: unknown = JSON.parse(out);
    expect(json).toMatchObject({
      schema: 'recall-tui/recall@1',
      workspace: { name: 'memory', backend: { name: 'memory' }, fingerprints: {} },
      query: { userId: 'u1' },
      candidates: expect.any(Array),
      timingsMs: expect.any(Object),
    });
    if (typeof json !== 'object' || json === null) throw new Error('no object');
    expect(Object.keys(json)[0]).toBe('schema');
    expect(Object.keys(json).at(-1)).toBe('timingsMs');
  });

  it('gives the same bytes but timings when its query is piped back', async () => {
    const first = JSON.parse(
      (
        await cli([
          'recall',
          'u2',
          '--search',
          '音箱',
          '--weight',
          'search=1.7',
          '-k',
          '7',
          '--mode',
          'merged',
          '--json',
        ])
      ).out,
    );
    const second = JSON.parse(
      (await cli(['recall', '--query', '-', '--json'], { stdin: JSON.stringify(first.query) })).out,
    );
    expect(JSON.stringify({ ...second, timingsMs: 0 })).toBe(JSON.stringify({ ...first, timingsMs: 0 }));
  });

  it('answers in words first, then in a table, without escape sequences on a pipe', async () => {
    const { code, out } = await cli(['recall', 'u1', '-k', '5']);
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^5 ads recalled for u1 by model, as of 2024-06-10 00:00 UTC\. Cutoff/);
    expect(out).not.toContain('\u001b');
    // No width is there to cut or wrap at: the first sentence stands on one line.
    expect(lines[0]).toMatch(/\.$/);
    expect(out).not.toContain('…');
  });

  it('colours a terminal, but not under NO_COLOR or TERM=dumb', async () => {
    expect((await cli(['users'], { tty: true, env: { TERM: 'xterm' } })).out).toContain('\u001b[');
    expect((await cli(['users'], { tty: true, env: { TERM: 'xterm', NO_COLOR: '1' } })).out).not.toContain('\u001b[');
    expect((await cli(['users'], { tty: true, env: { TERM: 'dumb' } })).out).not.toContain('\u001b[');
  });

  it('draws in ASCII where the locale knows no other', async () => {
    const { out } = await cli(['weights', 'u1', '--weight', 'search=0.5'], { env: { LC_ALL: 'C' } });
    expect(out).toMatch(/search\s+\.50\s+---\|--:-+\s+-\.50/);
  });

  it('prints help and version from the table, at 0', async () => {
    const global = await cli(['--help']);
    expect(global.code).toBe(0);
    for (const { id } of commands) expect(global.out).toContain(`  ${id} `);
    expect((await cli(['recall', '--help'])).out).toContain('--check-ann');
    expect((await cli(['recall', '-h'])).out).toContain('--weight GROUP=X');
    expect(await cli(['--version'])).toMatchObject({ code: 0, out: 'recall-tui 9.9.9\n' });
  });

  it('exits 2 with a suggestion for an unknown command or option, nothing on stdout', async () => {
    expect(await cli(['recal', 'u1'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('did you mean "recall"?'),
    });
    expect(await cli(['recall', 'u1', '--chek-ann', '--json'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('did you mean "check-ann"?'),
    });
    expect(await cli([])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/one of .*recall.*\n.*recall-tui demo/),
    });
  });

  it('exits 2 for unusable input and unknown ids, 1 for an empty search', async () => {
    expect(await cli(['recall', 'u77'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('u77') });
    expect(await cli(['-w', '/gone', 'users'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('to do:    import one'),
    });
    expect(await cli(['users', 'nobody at all'])).toMatchObject({
      code: 1,
      out: expect.stringContaining('No user matches'),
    });
  });

  it('calls an error that is no RecallError a bug, and shows its stack only with --debug', async () => {
    const table = [
      command('burst', () => {
        throw new TypeError('x is not a function');
      }),
    ];
    const plain = await cli(['burst'], { table });
    expect(plain).toMatchObject({ code: 70, err: expect.stringContaining('internal error: x is not a function') });
    expect(plain.err).not.toContain('    at ');
    expect((await cli(['burst', '--debug'], { table })).err).toContain('    at ');
  });

  it('lets a command stop at Ctrl-C and exits 130', async () => {
    let stop: () => void = () => undefined;
    const table = [
      command(
        'wait',
        ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              reject(new Error('stopped'));
            });
            setImmediate(stop);
          }),
      ),
    ];
    expect(
      await cli(['wait'], {
        table,
        onStart: (interrupt) => {
          stop = interrupt;
        },
      }),
    ).toMatchObject({ code: 130, out: '', err: 'recall-tui: interrupted\n' });
  });

  it('prints the answer of a command that ends well after Ctrl-C, and exits 130', async () => {
    let stop: () => void = () => undefined;
    const table = [
      command(
        'best',
        ({ signal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              resolve({ schema: 'note', data: { note: 'epoch 3', session: 's' } });
            });
            setImmediate(stop);
          }),
      ),
    ];
    expect(
      await cli(['best', '--json'], {
        table,
        onStart: (interrupt) => {
          stop = interrupt;
        },
      }),
    ).toMatchObject({
      code: 130,
      out: '{"schema":"recall-tui/note@1","note":"epoch 3","session":"s","timingsMs":{}}\n',
    });
  });

  it('hands out the answers of a script one JSON line each, then nothing more', async () => {
    const table = [
      command('script', async ({ emit }) => {
        for (const n of [1, 2]) await emit?.({ schema: 'note', data: { note: `${n}`, session: 's' } });
        return { schema: 'exec', data: { lines: 2 }, streamed: true, exitCode: 1 };
      }),
    ];
    expect(await cli(['script'], { table })).toMatchObject({
      code: 1,
      out: [1, 2].map((n) => `{"schema":"recall-tui/note@1","note":"${n}","session":"s","timingsMs":{}}\n`).join(''),
    });
  });

  it('lets a command ask only where there is a person, and sanitises the question', async () => {
    const table = [
      command('ask', async ({ ask }) => ({
        schema: 'completion',
        data: { shell: 'bash', script: ask === undefined ? 'nobody' : String(await ask('keep \u001b[2J?')) },
      })),
    ];
    let asked = '';
    expect((await cli(['ask'], { table })).out).toBe('nobody\n');
    expect(
      (
        await cli(['ask'], {
          table,
          ask: (text) => {
            asked = text;
            return Promise.resolve('yes');
          },
        })
      ).out,
    ).toBe('yes\n');
    expect(asked).toBe('keep ␛[2J?');
  });

  it('survives a reader that closes the pipe', async () => {
    expect((await cli(['users'], { closedPipe: true })).code).toBe(0);
  });

  it('shows data with escape sequences harmlessly, in tables and in errors', async () => {
    const table = [
      command('evil', () =>
        Promise.resolve({ schema: 'completion', data: { shell: 'bash', script: 'a\u001b[2Jb\u202ec' } }),
      ),
    ];
    expect((await cli(['evil'], { table })).out).toBe('a␛[2Jb⇄c\n');
    const { err } = await cli(['recall', 'u\u001b]0;pwned\u0007']);
    expect(err).toContain('␛]0;pwned␇');
    expect(err).not.toContain('\u001b');
  });

  it('writes progress to stderr only, one rewritten line on a terminal', async () => {
    const table = [
      command('work', ({ progress }) => {
        for (let done = 0; done <= 10; done += 5) progress({ stage: 'rows', done, total: 10 });
        return Promise.resolve({ schema: 'completion', data: { shell: 'bash', script: 'ok' } });
      }),
    ];
    const tty = await cli(['work'], { table, tty: true, env: { TERM: 'dumb' } });
    expect(tty.out).toBe('ok\n');
    expect(tty.err).toContain('rows: 5 of 10 (50 %), 5.0/s, 1.0 s left');
    expect(tty.err.endsWith('\r\u001b[2K')).toBe(true);
    expect((await cli(['work'], { table })).err).not.toContain('\u001b');
  });
});
