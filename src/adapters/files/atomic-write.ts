import { mkdir, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Unique within this process and between processes: two writers of one path never share a temporary file. */
let serial = 0;

/**
 * Writes through a temporary file in the same folder, fsync and rename: a reader sees the old file or
 * the new one, never a part. On an error nothing is left behind.
 */
export const writeThrough = async (path: string, write: (handle: FileHandle) => Promise<void>): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${serial++}.partial`;
  try {
    const handle = await open(temporary, 'wx');
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
