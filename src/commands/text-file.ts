import { open, rename, rm } from 'node:fs/promises';
import { RecallError } from '../errors.ts';

/** Writes a text whole or not at all: a temporary file beside it, fsync, rename. Throws `bad-input`. */
export const writeTextFile = async (path: string, text: string): Promise<void> => {
  const partial = `${path}.partial-${process.pid}`;
  try {
    const handle = await open(partial, 'w');
    try {
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new RecallError('bad-input', `cannot write ${path}`, { found: cause instanceof Error ? cause.message : String(cause), cause });
  }
};
