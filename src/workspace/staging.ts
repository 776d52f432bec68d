import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isGone, ownerPattern } from '../base/owner.ts';

/** Removes from `dir` what killed processes have left there under `<prefix><process>`, with an optional `-suffix`. */
export const removeAbandoned = async (dir: string, prefix: string): Promise<void> => {
  const pattern = new RegExp(`^(${ownerPattern})(?:-[\\w-]+)?$`);
  for (const name of await readdir(dir).catch(() => [])) {
    const owner = name.startsWith(prefix) ? pattern.exec(name.slice(prefix.length))?.[1] : undefined;
    if (owner !== undefined && isGone(owner)) await rm(join(dir, name), { recursive: true, force: true });
  }
};
