import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { byCodeUnit } from '../base/order.ts';
import { readText } from '../base/text-file.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `$XDG_STATE_HOME/recall-tui/sessions`, by default `~/.local/state/recall-tui/sessions`. */
export const stateFolder = (env: Env): string =>
  join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'recall-tui', 'sessions');

const livePattern = /^live-(\d+)-(\d+)\.jsonl$/;

/** Where the current session is kept while its process runs; `at` is ms since the epoch. */
export const autosavePath = (env: Env, at: number, pid: number): string =>
  join(stateFolder(env), `live-${at}-${pid}.jsonl`);

/** Linux counts in hundredths of a second since it was started. */
const ticksPerSecond = 100;

/** When the process began, ms since the epoch; null where the system does not report it. */
const startOf = (pid: number): number | null => {
  try {
    const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
    // The second field is the program's name in parentheses, which may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return boot === undefined || ticks === undefined
      ? null
      : Number(boot) * 1000 + (Number(ticks) / ticksPerSecond) * 1000;
  } catch {
    return null;
  }
};

const clockSlackMs = 5000;

/**
 * Does the process that began this autosave still run? A pid is used again, in a container soon: what began later is
 * another.
 */
const runs = (pid: number, at: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Someone else's process: it runs.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const start = startOf(pid);
  return start === null || start <= at + clockSlackMs;
};

/** Sessions whose process ended without closing them, newest first: what a front end offers to resume. */
export const lostSessions = async (env: Env): Promise<string[]> => {
  const dir = stateFolder(env);
  const names = existsSync(dir) ? await readdir(dir) : [];
  return names
    .filter((name) => {
      const [, at, pid] = livePattern.exec(name) ?? [];
      return pid !== undefined && !runs(Number(pid), Number(at));
    })
    .sort((a, b) => byCodeUnit(b, a))
    .map((name) => join(dir, name));
};

/** Is it one of those kept in the state folder, rather than a file of the person's own? */
export const isAutosave = (path: string, env: Env): boolean =>
  dirname(resolve(path)) === resolve(stateFolder(env)) && /(?:^|\/)(?:live|session)-\d+-\d+\.jsonl$/.test(path);

const markOf = (autosave: string): string => `${autosave}.recording`;

/** Beside the autosave: the file that is recorded to as well, by the person's own word. null: none any more. */
export const markRecording = async (autosave: string, recording: string | null): Promise<void> => {
  if (recording === null) return rm(markOf(autosave), { force: true });
  await mkdir(dirname(autosave), { recursive: true });
  await writeFile(markOf(autosave), resolve(recording), { mode: 0o600 });
};

/** The recording that ran along when the autosave was cut off; null: none. */
export const markedRecording = async (autosave: string): Promise<string | null> =>
  (await readText(markOf(autosave)).catch(() => '')) || null;

/** An orderly end: the autosave becomes an ordinary session, or goes where nothing was asked. Its new path. */
export const settleAutosave = async (path: string, steps: number): Promise<string | null> => {
  await markRecording(path, null);
  if (steps === 0) {
    await rm(path, { force: true });
    return null;
  }
  const settled = path.replace(/live-(\d+)-(\d+)\.jsonl$/, 'session-$1-$2.jsonl');
  if (settled !== path) await rename(path, settled);
  return settled;
};

/** The autosave under the name of another process, which goes on with it. Its new path. */
export const takeOver = async (path: string, env: Env, at: number, pid: number): Promise<string> => {
  const taken = autosavePath(env, at, pid);
  await markRecording(path, null);
  await rename(path, taken);
  return taken;
};

const keptPattern = /^(?:live|session)-(\d+)-(\d+)\.jsonl$/;

/** How many autosaved sessions are kept; the oldest go first, never one whose process runs. */
export const keptAutosaves = 50;

export const pruneAutosaves = async (env: Env, keep = keptAutosaves): Promise<void> => {
  const dir = stateFolder(env);
  const names = existsSync(dir) ? await readdir(dir) : [];
  const ended = names
    .flatMap((name) => {
      const [, at, pid] = keptPattern.exec(name) ?? [];
      return at === undefined || (name.startsWith('live-') && runs(Number(pid), Number(at)))
        ? []
        : [{ name, at: Number(at) }];
    })
    .sort((a, b) => b.at - a.at);
  for (const { name } of ended.slice(keep)) {
    await rm(join(dir, name), { force: true });
    await markRecording(join(dir, name), null);
  }
};
