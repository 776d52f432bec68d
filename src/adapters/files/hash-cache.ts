import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { atomicWrite, privateFile } from '../../base/atomic-file.ts';
import { readJson } from '../../base/json.ts';
import { readText } from '../../base/text-file.ts';
import type { FileTools } from '../../engine/ports/artefacts.ts';
import { isDirectory, sha256Dir, sha256File } from './hash.ts';
import { missingFile } from './missing.ts';
import { RecallError } from '../../errors.ts';

/** The attributes that identify a version of a file. Times in ns as text: they exceed 2^53. */
interface Stamp {
  readonly size: string;
  readonly mtimeNs: string;
  readonly ino: string;
}

/** The stamp of a file when its hash was taken. */
interface Remembered extends Stamp {
  readonly sha256: string;
}

type Entries = ReadonlyMap<string, Remembered>;

/** How the cache file is read and written; tests count both. */
export interface HashCacheIo {
  read(path: string): Promise<string>;
  write(path: string, text: string): Promise<void>;
}

const diskIo: HashCacheIo = { read: readText, write: (path, text) => atomicWrite(path, text, privateFile) };

const isRemembered = (value: unknown): value is Remembered =>
  typeof value === 'object' &&
  value !== null &&
  ['size', 'mtimeNs', 'ino', 'sha256'].every((key) => typeof Reflect.get(value, key) === 'string');

/** A damaged or foreign cache file is an empty cache: hashes are then taken again. */
const parse = (text: string): Entries => {
  try {
    const json: unknown = readJson(text);
    if (typeof json !== 'object' || json === null) return new Map();
    return new Map(Object.entries(json).filter((pair): pair is [string, Remembered] => isRemembered(pair[1])));
  } catch {
    return new Map();
  }
};

const stampOf = async (path: string): Promise<Stamp> => {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true });
  return { size: String(size), mtimeNs: String(mtimeNs), ino: String(ino) };
};

const sameStamp = (a: Stamp | null, b: Stamp | null): boolean =>
  a === b || (a !== null && b !== null && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ino === b.ino);

/** Enough for hundreds of workspaces; the oldest entries fall off. */
const maxEntries = 4096;

/** A younger file may be written again within the same tick of the file system's clock, and look unchanged. */
const settledMs = 1000;

interface Loaded {
  readonly entries: Entries;
  readonly stamp: Stamp | null;
}

interface Store {
  get(path: string): Promise<Remembered | undefined>;
  add(path: string, one: Remembered): void;
  save(): Promise<void>;
}

/** The cache file in memory: read at the first question, and again only where another process has written it since. */
const openStore = (cacheFile: string, io: HashCacheIo): Store => {
  let loaded: Promise<Loaded> | null = null;
  let saved = Promise.resolve();
  const added = new Map<string, Remembered>();
  const stampOfCache = (): Promise<Stamp | null> => stampOf(cacheFile).catch(() => null);

  const load = async (): Promise<Loaded> => {
    const stamp = await stampOfCache();
    const text = stamp === null ? '' : await io.read(cacheFile).catch(() => '');
    return { entries: parse(text), stamp };
  };

  const save = async (): Promise<void> => {
    if (added.size === 0) return;
    const before = await (loaded ??= load());
    const current = sameStamp(before.stamp, await stampOfCache()) ? before : await load();
    const kept = [...current.entries].filter(([path]) => !added.has(path));
    const entries = new Map([...kept, ...added].slice(-maxEntries));
    added.clear();
    // The cache only saves time: a read-only home must not stop the work.
    await io.write(cacheFile, `${JSON.stringify(Object.fromEntries(entries), null, 1)}\n`).catch(() => undefined);
    loaded = Promise.resolve({ entries, stamp: await stampOfCache() });
  };

  return {
    get: async (path) => added.get(path) ?? (await (loaded ??= load())).entries.get(path),
    add: (path, one) => {
      added.set(path, one);
    },
    save: () => (saved = saved.then(save)),
  };
};

/**
 * sha256 of files (and folders), taken once and remembered by size, mtime and inode in `cacheFile`. The file is read at
 * the first question and written when no hash is being taken any more: the last of several answers waits for that.
 */
export const createHashCache = (cacheFile: string, io: HashCacheIo = diskIo): FileTools['rememberedSha256'] => {
  const store = openStore(cacheFile, io);
  let asked = 0;
  /** One hash of a file at a time: whoever asks for it meanwhile waits for the same. */
  const running = new Map<string, Promise<string>>();
  const fileHash = async (path: string, signal?: AbortSignal): Promise<string> => {
    const key = resolve(path);
    const other = running.get(key);
    if (other === undefined) return start(key, path, signal);
    // Who gave it up gave it up for himself.
    return other.catch((error: unknown) => {
      if (error instanceof RecallError && error.code === 'cancelled') return fileHash(path, signal);
      throw error;
    });
  };
  const start = (key: string, path: string, signal?: AbortSignal): Promise<string> => {
    const taken = hashOf(key, path, signal).finally(() => {
      running.delete(key);
    });
    running.set(key, taken);
    return taken;
  };
  const hashOf = async (key: string, path: string, signal?: AbortSignal): Promise<string> => {
    const now = await stampOf(key).catch(missingFile(path));
    const remembered = await store.get(key);
    if (remembered !== undefined && sameStamp(remembered, now)) return remembered.sha256;
    const sha256 = await sha256File(key, signal);
    if (Date.now() - Number(BigInt(now.mtimeNs) / 1_000_000n) >= settledMs) store.add(key, { ...now, sha256 });
    return sha256;
  };
  return async (path, signal) => {
    asked += 1;
    try {
      return await ((await isDirectory(path))
        ? sha256Dir(path, (file) => fileHash(file, signal))
        : fileHash(path, signal));
    } finally {
      asked -= 1;
      if (asked === 0) await store.save();
    }
  };
};
