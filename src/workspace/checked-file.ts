import { join } from 'node:path';
import { privateFile } from '../base/atomic-file.ts';
import { readText } from '../base/text-file.ts';
import type { FileTools } from '../engine/ports/artefacts.ts';

export type RememberTools = Pick<FileTools, 'rememberedSha256'> & Partial<Pick<FileTools, 'cacheDir' | 'atomicWrite'>>;

/** What is checked whole; the number is raised when the check finds more: files that passed an earlier one are checked again. */
const checkVersions = { index: 1, sample: 1 } as const;

type CheckedKind = keyof typeof checkVersions;

const noteOf = (cacheDir: string, kind: CheckedKind, sha256: string): string =>
  join(cacheDir, `checked-${kind}-${sha256}.json`);

/**
 * Runs `use` with whether a file of these bytes was checked whole before, and keeps in the cache folder that it
 * was, once `use` has not thrown. The check costs a pass over the file; the hash of an unchanged file is known.
 */
export const rememberingCheck = async <T>(
  kind: CheckedKind,
  path: string,
  files: RememberTools,
  use: (checked: boolean) => Promise<T>,
): Promise<T> => {
  const note = files.cacheDir === undefined ? null : noteOf(files.cacheDir, kind, await files.rememberedSha256(path));
  const text = `${JSON.stringify({ version: checkVersions[kind] })}\n`;
  const checked = note !== null && (await readText(note).catch(() => null)) === text;
  const used = await use(checked);
  // The cache only saves time: a read-only home must not stop the work.
  if (note !== null && !checked) await files.atomicWrite?.(note, text, privateFile).catch(() => undefined);
  return used;
};
