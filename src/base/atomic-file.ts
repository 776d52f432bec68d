import { statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RecallError } from '../errors.ts';
import { isGone, ownerPattern, ownName } from './owner.ts';
import { kindOfPath, kindWords } from './regular-file.ts';

/** Of what is written of users, and of every cache: for its owner alone. */
export const privateFile = 0o600;
export const privateFolder = 0o700;
const publicFile = 0o666;

/** The folder of a file with this mode, where it has to be made. */
export const folderMode = (mode: number): number => ((mode & 0o077) === 0 ? privateFolder : 0o777);

/** Unique within this process and between processes: two writers of one path never share a temporary file. */
let serial = 0;

/** Beside a file: where its next content is written. */
export const partialPath = (path: string): string => `${path}.${ownName()}.${serial++}.partial`;

const partial = new RegExp(`\\.(${ownerPattern})(?:\\.\\d+)?\\.partial$`);

/** Removes from a folder what processes that are gone have left of files they were writing. Never throws. */
export const sweepPartials = async (dir: string): Promise<void> => {
  for (const name of await readdir(dir).catch(() => [])) {
    const owner = partial.exec(name)?.[1];
    if (owner !== undefined && isGone(owner)) await rm(join(dir, name), { force: true }).catch(() => undefined);
  }
};

/** Folders looked through by this process. */
const swept = new Set<string>();

const sweepOnce = async (dir: string): Promise<void> => {
  if (swept.has(resolve(dir))) return;
  swept.add(resolve(dir));
  await sweepPartials(dir);
};

/** What an earlier file keeps from others, the next one does. */
const modeOf = async (path: string, mode: number): Promise<number> => {
  const old = await stat(path).catch(() => null);
  return old === null ? mode : mode & old.mode;
};

/** A rename would put a file in the place of a device or a pipe. */
export const checkReplaceable = (path: string): void => {
  const kind = kindOfPath(path);
  if (kind === null || kind === 'file') return;
  throw new RecallError('bad-input', `cannot write ${path}: it is ${kindWords[kind]}`, {
    expected: 'a regular file, or nothing there',
    found: kindWords[kind],
    todo: 'name a file',
  });
};

/** The file that a path leads to, whatever link or relative path; null: nothing is there. */
const identityOf = (path: string): string | null => {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
};

/** Files of one command, each under the name of what it is for. Throws `usage` where two are the same file. */
export const checkDistinct = (files: ReadonlyArray<readonly [use: string, path: string | undefined]>): void => {
  const known = new Map<string, string>();
  for (const [use, path] of files) {
    if (path === undefined || path === '-') continue;
    for (const key of [resolve(path), identityOf(path)]) {
      const other = key === null ? undefined : known.get(key);
      if (other !== undefined && other !== use)
        throw new RecallError('usage', `${other} and ${use} are the same file: ${path}`, {
          expected: 'a file of its own for each',
          found: path,
          todo: 'name another file; nothing was written',
        });
      if (key !== null) known.set(key, use);
    }
  }
};

/**
 * Writes through a temporary file in the same folder: fsync, rename, fsync of the folder. A reader sees the old file or
 * the new one, never a part. Missing folders are made; on an error nothing is left behind, and what a killed process
 * left in the folder goes. `mode`: at most this, and at most what the old file has. Throws `bad-input` where a folder, a
 * pipe, a socket or a device stands.
 */
export const writeThrough = async (
  path: string,
  write: (handle: FileHandle) => Promise<void>,
  mode = publicFile,
): Promise<void> => {
  checkReplaceable(path);
  const dir = dirname(path);
  await mkdir(dir, { recursive: true, mode: folderMode(mode) });
  await sweepOnce(dir);
  const temporary = partialPath(path);
  try {
    const handle = await open(temporary, 'wx', await modeOf(path, mode));
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dir);
};

/** The rename itself is durable only when its folder is synced; some file systems refuse, which is no loss. */
export const syncFolder = async (dir: string): Promise<void> => {
  const handle = await open(dir, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
};

export const atomicWrite = (path: string, content: string | Uint8Array, mode?: number): Promise<void> =>
  writeThrough(path, (handle) => handle.writeFile(content), mode);

/** A text file that a person has asked for. Throws `bad-input` where it cannot be written. */
export const writeTextFile = (path: string, text: string, mode?: number): Promise<void> =>
  writeThrough(path, (handle) => handle.writeFile(text, 'utf8'), mode).catch((cause: unknown) => {
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('bad-input', `cannot write ${path}`, {
      found: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
