import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { privateFile, privateFolder, sweepPartials } from '../base/atomic-file.ts';
import { ownFolder } from '../base/homes.ts';
import { byCodeUnit } from '../base/order.ts';
import { readText } from '../base/text-file.ts';
import { RecallError } from '../errors.ts';
import type { Locks } from '../engine/ports/artefacts.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `$XDG_STATE_HOME/recall-tui/sessions`, by default `~/.local/state/…`; null without a home: nothing is kept. */
export const stateFolder = (env: Env): string | null => {
  const folder = ownFolder('state', env);
  return folder === null ? null : join(folder, 'sessions');
};

const livePattern = /^live-(\d+)-(\d+)\.jsonl$/;

/** Where the current session is kept while its process runs; `at` is ms since the epoch. Throws `usage` without a home. */
export const autosavePath = (env: Env, at: number, pid: number): string => {
  const folder = stateFolder(env);
  if (folder === null) throw new RecallError('usage', 'sessions are not kept: HOME names no folder');
  return join(folder, `live-${at}-${pid}.jsonl`);
};

const namesIn = async (dir: string | null): Promise<string[]> => (dir !== null && existsSync(dir) ? readdir(dir) : []);

/** Sessions whose process ended without closing them, newest first: what a front end offers to resume. */
export const lostSessions = async (env: Env, locks: Pick<Locks, 'isHeld'>): Promise<string[]> => {
  const dir = stateFolder(env) ?? '';
  return (await namesIn(stateFolder(env)))
    .filter((name) => livePattern.test(name) && !locks.isHeld(join(dir, name)))
    .sort((a, b) => byCodeUnit(b, a))
    .map((name) => join(dir, name));
};

/** Is it one of those kept in the state folder, rather than a file of the person's own? */
export const isAutosave = (path: string, env: Env): boolean =>
  dirname(resolve(path)) === stateFolder(env) && /(?:^|\/)(?:live|session)-\d+-\d+\.jsonl$/.test(path);

const markOf = (autosave: string): string => `${autosave}.recording`;

/** Beside the autosave: the file that is recorded to as well, by the person's own word. null: none any more. */
export const markRecording = async (autosave: string, recording: string | null): Promise<void> => {
  if (recording === null) return rm(markOf(autosave), { force: true });
  await mkdir(dirname(autosave), { recursive: true, mode: privateFolder });
  await writeFile(markOf(autosave), resolve(recording), { mode: privateFile });
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

/** The autosave under the name of another process, which holds both and goes on with it. */
export const takeOver = async (path: string, taken: string): Promise<void> => {
  await markRecording(path, null);
  await rename(path, taken);
};

const keptPattern = /^(?:live|session)-(\d+)-(\d+)\.jsonl$/;

/** How many autosaved sessions are kept; the oldest go first, never one whose process runs. */
export const keptAutosaves = 50;

export const pruneAutosaves = async (env: Env, locks: Locks, keep = keptAutosaves): Promise<void> => {
  const dir = stateFolder(env) ?? '';
  const ended = (await namesIn(stateFolder(env)))
    .flatMap((name) => {
      const at = keptPattern.exec(name)?.[1];
      return at === undefined || locks.isHeld(join(dir, name)) ? [] : [{ name, at: Number(at) }];
    })
    .sort((a, b) => b.at - a.at);
  for (const { name } of ended.slice(keep)) {
    const taken = locks.take(join(dir, name));
    if (!('release' in taken)) continue;
    await rm(join(dir, name), { force: true });
    await markRecording(join(dir, name), null);
    taken.release();
  }
};

/** What processes that are gone have left in the state folders while they wrote: never their sessions. */
export const sweepState = async (env: Env, locks: Locks): Promise<void> => {
  const dir = stateFolder(env);
  if (dir === null) return;
  await sweepPartials(dirname(dir));
  await sweepPartials(dir);
  locks.sweep(dir);
  // The mark of a recording whose autosave is gone.
  for (const name of await namesIn(dir))
    if (name.endsWith('.recording') && !existsSync(join(dir, name.slice(0, -'.recording'.length))))
      await rm(join(dir, name), { force: true });
};
