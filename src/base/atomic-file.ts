import { mkdir, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RecallError } from '../errors.ts';

/** Unique within this process and between processes: two writers of one path never share a temporary file. */
let serial = 0;

/**
 * Writes through a temporary file in the same folder: fsync, rename, fsync of the folder. A reader sees the old file or
 * the new one, never a part. Missing folders are made; on an error nothing is left behind.
 */
export const writeThrough = async (
  path: string,
  write: (handle: FileHandle) => Promise<void>,
  mode = 0o666,
): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${serial++}.partial`;
  try {
    const handle = await open(temporary, 'wx', mode);
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
  await syncFolder(dirname(path));
};

/** The rename itself is durable only when its folder is synced; some file systems refuse, which is no loss. */
export const syncFolder = async (dir: string): Promise<void> => {
  const handle = await open(dir, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
};

export const atomicWrite = (path: string, content: string | Uint8Array): Promise<void> =>
  writeThrough(path, (handle) => handle.writeFile(content));

/** A text file that a person has asked for. Throws `bad-input` where it cannot be written. */
export const writeTextFile = (path: string, text: string, mode?: number): Promise<void> =>
  writeThrough(path, (handle) => handle.writeFile(text, 'utf8'), mode).catch((cause: unknown) => {
    throw new RecallError('bad-input', `cannot write ${path}`, {
      found: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
