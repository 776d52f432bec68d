import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ownName } from '../base/owner.ts';
import { removeAbandoned as removeStaged } from '../workspace/staging.ts';

/** Where an import is built: next to its target, so that the last step is a rename. */
export const stagingDir = (out: string): string => `${out}.partial-${ownName()}`;

/** Removes what imports killed earlier have left next to `out`. */
export const removeAbandoned = (out: string): Promise<void> => removeStaged(dirname(out), `${basename(out)}.partial-`);

const fsyncDir = async (dir: string): Promise<void> => {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Puts a staged workspace in place. A new one appears by one rename; into an existing folder the files
 * go one by one, `last` (the manifest) at the end: until then the old manifest names the old files.
 */
export const install = async (staged: string, out: string, last: string): Promise<void> => {
  await mkdir(dirname(out), { recursive: true });
  const existing = existsSync(out) ? await readdir(out) : [];
  if (existing.length === 0) {
    if (existsSync(out)) await rmdir(out);
    await rename(staged, out);
    await fsyncDir(dirname(out));
    return;
  }
  const files = (await readdir(staged)).filter((name) => name !== last).sort();
  for (const name of [...files, last]) await rename(join(staged, name), join(out, name));
  await fsyncDir(out);
  await rmdir(staged);
};
