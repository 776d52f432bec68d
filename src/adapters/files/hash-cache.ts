import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { atomicWrite } from './atomic-write.ts';
import { isDirectory, sha256Dir, sha256File } from './hash.ts';
import { missingFile } from './missing.ts';

/** What a file looked like when its hash was taken. Times in ns as text: they exceed 2^53. */
interface Seen {
  readonly size: string;
  readonly mtimeNs: string;
  readonly ino: string;
  readonly sha256: string;
}

const isSeen = (value: unknown): value is Seen =>
  typeof value === 'object' &&
  value !== null &&
  ['size', 'mtimeNs', 'ino', 'sha256'].every((key) => typeof Reflect.get(value, key) === 'string');

/** A damaged or foreign cache file is an empty cache: hashes are then taken again. */
const load = async (cacheFile: string): Promise<Map<string, Seen>> => {
  try {
    const parsed: unknown = JSON.parse(await readFile(cacheFile, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null) return new Map();
    return new Map(Object.entries(parsed).filter((pair): pair is [string, Seen] => isSeen(pair[1])));
  } catch {
    return new Map();
  }
};

/** Enough for hundreds of workspaces; the oldest entries fall off. */
const maxEntries = 4096;

const save = async (cacheFile: string, path: string, seen: Seen): Promise<void> => {
  const entries = await load(cacheFile);
  entries.delete(path);
  entries.set(path, seen);
  const kept = [...entries].slice(-maxEntries);
  // The cache only saves time: a read-only home must not stop the work.
  await atomicWrite(cacheFile, `${JSON.stringify(Object.fromEntries(kept), null, 1)}\n`).catch(() => undefined);
};

/** A younger file may be written again within the same tick of the file system's clock, and look unchanged. */
const settledMs = 1000;

/** sha256 of files (and folders), taken once and remembered by size, mtime and inode in `cacheFile`. */
export const createHashCache = (cacheFile: string): ((path: string) => Promise<string>) => {
  const fileHash = async (path: string): Promise<string> => {
    const key = resolve(path);
    const { size, mtimeNs, ino } = await stat(key, { bigint: true }).catch(missingFile(path));
    const now = { size: String(size), mtimeNs: String(mtimeNs), ino: String(ino) };
    const seen = (await load(cacheFile)).get(key);
    if (seen !== undefined && seen.size === now.size && seen.mtimeNs === now.mtimeNs && seen.ino === now.ino)
      return seen.sha256;
    const sha256 = await sha256File(key);
    if (Date.now() - Number(mtimeNs / 1_000_000n) < settledMs) return sha256;
    await save(cacheFile, key, { ...now, sha256 });
    return sha256;
  };
  return async (path) => ((await isDirectory(path)) ? sha256Dir(path, fileHash) : fileHash(path));
};
