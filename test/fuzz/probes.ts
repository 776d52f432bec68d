import { join } from 'node:path';
import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import { readUi } from '../../src/commands/users/ui-file.ts';
import { knownError } from '../../src/errors.ts';
import { createFactories, openWorkspace } from '../../src/index.ts';
import { createAutosave } from '../../src/session/autosave.ts';
import { readPosition } from '../../src/state/position.ts';
import type { Ran } from '../support/real-cli.ts';
import { envOf } from './bases.ts';

/** What the screen alone does with files of the person. */
const position = async (dir: string): Promise<void> => {
  const { workspaces } = await readUi(envOf(dir));
  for (const kept of Object.values(workspaces)) readPosition(kept);
};

const resume = async (dir: string): Promise<void> => {
  const env = envOf(dir);
  const tools = createFactories(env);
  const workspace = await openWorkspace({ dir: join(dir, 'ws'), cwd: dir, env, tools });
  let failure: unknown = null;
  const autosave = createAutosave({
    env,
    at: 1_760_000_000_000,
    pid: process.pid,
    workspace: () => Promise.resolve(workspace),
    specsOf: () => [],
    tools,
    failed: (error) => (failure = error),
  });
  try {
    const lost = await autosave.lost();
    if (lost !== null) await autosave.resume(lost.path);
    await autosave.settled();
    if (failure !== null) throw failure instanceof Error ? failure : new Error(String(failure));
  } finally {
    await autosave.close();
    await workspace.close();
    fileLocks.sweep(join(dir, 'home', 'state', 'recall-tui', 'sessions'));
  }
};

const probes: Readonly<Record<string, (dir: string) => Promise<void>>> = { ':position': position, ':resume': resume };

/** Runs one as the program would: an error that is known is said, any other is a bug. */
export const probe = async (name: string, dir: string): Promise<Ran> => {
  try {
    await probes[name]?.(dir);
    return { code: 0, out: '', err: '' };
  } catch (error) {
    const known = knownError(error);
    const lines = known?.lines() ?? [`internal error: ${error instanceof Error ? (error.stack ?? '') : String(error)}`];
    return {
      code: known?.exitCode ?? 70,
      out: '',
      err: lines.map((line, i) => `${i === 0 ? 'recall-tui: ' : ''}${line}\n`).join(''),
    };
  }
};

export const isProbe = (name: string | undefined): name is string => name !== undefined && name in probes;
