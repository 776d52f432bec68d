import { join } from 'node:path';
import { privateFile } from '../../base/atomic-file.ts';
import { readText } from '../../base/text-file.ts';
import type { FileTools } from '../../engine/ports/artefacts.ts';

export type RememberTools = Pick<FileTools, 'rememberedSha256'> & Partial<Pick<FileTools, 'cacheDir' | 'atomicWrite'>>;

/** Raised when the check finds more: files that passed an earlier one are checked again. */
const checkVersion = 1;

const noteOf = (cacheDir: string, sha256: string): string => join(cacheDir, `checked-index-${sha256}.json`);

/**
 * Runs `use` with whether an index file of these bytes was checked whole before, and keeps in the cache folder that it
 * was, once `use` has not thrown. The check costs a pass over the file; the hash of an unchanged file is known.
 */
export const rememberingCheck = async <T>(
  path: string,
  files: RememberTools,
  use: (checked: boolean) => Promise<T>,
): Promise<T> => {
  const note = files.cacheDir === undefined ? null : noteOf(files.cacheDir, await files.rememberedSha256(path));
  const text = `${JSON.stringify({ version: checkVersion })}\n`;
  const checked = note !== null && (await readText(note).catch(() => null)) === text;
  const used = await use(checked);
  // The cache only saves time: a read-only home must not stop the work.
  if (note !== null && !checked) await files.atomicWrite?.(note, text, privateFile).catch(() => undefined);
  return used;
};
