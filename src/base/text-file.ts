import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RecallError } from '../errors.ts';

/** Writes a text whole or not at all: a temporary file beside it, fsync, rename; folders that are missing are made. Throws `bad-input`. */
export const writeTextFile = async (path: string, text: string, mode = 0o666): Promise<void> => {
  const partial = `${path}.partial-${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(partial, 'w', mode);
    try {
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new RecallError('bad-input', `cannot write ${path}`, {
      found: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
};
