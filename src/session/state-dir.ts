import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { byCodeUnit } from '../domain/order.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `$XDG_STATE_HOME/recall-tui/sessions`, by default `~/.local/state/recall-tui/sessions`. */
export const stateFolder = (env: Env): string => join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'recall-tui', 'sessions');

const livePattern = /^live-(\d+)-(\d+)\.jsonl$/;

/** Where the current session is kept while its process runs; `at` is ms since the epoch. */
export const autosavePath = (env: Env, at: number, pid: number): string => join(stateFolder(env), `live-${at}-${pid}.jsonl`);

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process: it runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Sessions whose process ended without closing them, newest first: what a front end offers to resume. */
export const lostSessions = async (env: Env): Promise<string[]> => {
  const dir = stateFolder(env);
  const names = existsSync(dir) ? await readdir(dir) : [];
  return names.filter((name) => {
    const pid = livePattern.exec(name)?.[2];
    return pid !== undefined && !runs(Number(pid));
  }).sort((a, b) => byCodeUnit(b, a)).map((name) => join(dir, name));
};

/** An orderly end: the autosave becomes an ordinary session, or goes where nothing was asked. Its new path. */
export const settleAutosave = async (path: string, steps: number): Promise<string | null> => {
  if (steps === 0) {
    await rm(path, { force: true });
    return null;
  }
  const settled = path.replace(/live-(\d+)-(\d+)\.jsonl$/, 'session-$1-$2.jsonl');
  if (settled !== path) await rename(path, settled);
  return settled;
};
