import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Where an import is built: beside its target, so that the last step is a rename. */
export const stagingDir = (out: string): string => `${out}.partial-${process.pid}`;

const isRunning = (pid: number): boolean => {
  try { process.kill(pid, 0); return true; } catch (error) { return error instanceof Error && 'code' in error && error.code === 'EPERM'; }
};

/** Removes what imports killed earlier have left beside `out`. */
export const removeAbandoned = async (out: string): Promise<void> => {
  const prefix = `${basename(out)}.partial-`;
  const names = await readdir(dirname(out)).catch(() => []);
  for (const name of names) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (Number.isInteger(pid) && pid > 0 && (pid === process.pid || !isRunning(pid))) await rm(join(dirname(out), name), { recursive: true, force: true });
  }
};

const fsyncDir = async (dir: string): Promise<void> => {
  const handle = await open(dir, 'r');
  try { await handle.sync(); } finally { await handle.close(); }
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
