import type { CliIo } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import { commands } from '../../src/commands/registry.ts';
import { createFactories, openWorkspace } from '../../src/index.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The headless front end over the real library, its streams in memory. */
export const realCli = async (argv: readonly string[], env: CliIo['env'], stdin = ''): Promise<Ran> => {
  let out = '';
  let err = '';
  const io: CliIo = {
    stdout: {
      isTTY: false,
      columns: 0,
      write: (text) => {
        out += text;
        return Promise.resolve(true);
      },
    },
    stderr: {
      isTTY: false,
      columns: 0,
      write: (text) => {
        err += text;
        return Promise.resolve(true);
      },
    },
    stdin: () => Promise.resolve(stdin),
    env,
    cwd: '/',
    onInterrupt: () => () => undefined,
    exitNow: () => undefined,
    now: () => 0,
  };
  const code = await run(argv, io, {
    commands,
    version: '0.0.0',
    keys: () => Promise.resolve([]),
    library: () => Promise.resolve({ tools: createFactories(env), openWorkspace }),
  });
  return { code, out, err };
};
