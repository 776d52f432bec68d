import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** The process a name of staging belongs to: `<prefix><pid>`, with an optional `-suffix`; null for any other name. */
const ownerOf = (name: string, prefix: string): number | null => {
  const found = name.startsWith(prefix) ? /^(\d+)(?:-\w+)?$/.exec(name.slice(prefix.length)) : null;
  const pid = Number(found?.[1] ?? 0);
  return pid > 0 ? pid : null;
};

/** Removes from `dir` what killed processes have left there under `<prefix><pid>`; what a running one builds stays. */
export const removeAbandoned = async (dir: string, prefix: string): Promise<void> => {
  for (const name of await readdir(dir).catch(() => [])) {
    const pid = ownerOf(name, prefix);
    if (pid !== null && (pid === process.pid || !isRunning(pid)))
      await rm(join(dir, name), { recursive: true, force: true });
  }
};
