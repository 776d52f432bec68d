import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { privateFolder } from '../../base/atomic-file.ts';
import { ownFolder } from '../../base/homes.ts';
import { RecallError, systemReason } from '../../errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface CachePlace {
  readonly dir: string;
  /** What is not as it should be; null: all is. */
  readonly notice: string | null;
}

/** Why a folder cannot be written, or made; null: it can. */
const problemOf = (dir: string): string | null => {
  try {
    if (!statSync(dir).isDirectory()) return 'a file where a folder was expected';
    accessSync(dir, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' && dirname(dir) !== dir) return problemOf(dirname(dir));
    return error instanceof Error ? systemReason(error) : String(error);
  }
};

const user = (): number => process.getuid?.() ?? 0;

const isOwnFolder = (dir: string): boolean => {
  try {
    const there = lstatSync(dir);
    return there.isDirectory() && there.uid === user() && (there.mode & 0o077) === 0;
  } catch {
    return false;
  }
};

const madeIn = (root: string): string => {
  try {
    return mkdtempSync(join(root, 'recall-tui-'));
  } catch (cause) {
    throw new RecallError('bad-input', `no folder can be written for the caches: ${root}`, {
      expected: 'a cache folder or a temporary folder that can be written',
      found: cause instanceof Error ? systemReason(cause) : String(cause),
      todo: 'set TMPDIR or XDG_CACHE_HOME to such a folder',
      cause,
    });
  }
};

/** A folder of this user alone in the temporary folder, where anybody may have put something under its name. */
const temporaryPlace = (): string => {
  const root = isAbsolute(tmpdir()) ? tmpdir() : '/tmp';
  const dir = join(root, `recall-tui-${user()}`);
  try {
    mkdirSync(dir, { mode: privateFolder });
    return dir;
  } catch {
    return isOwnFolder(dir) ? dir : madeIn(root);
  }
};

/** Where the caches are kept: in the XDG folder of `env` or, where that is none or cannot be written, for a while. */
export const cachePlace = (env: Env): CachePlace => {
  const dir = ownFolder('cache', env);
  const problem = dir === null ? null : problemOf(dir);
  if (dir !== null && problem === null) return { dir, notice: null };
  const place = temporaryPlace();
  const reason = dir === null ? 'HOME names no folder' : `the cache folder ${dir} cannot be written (${problem})`;
  return { dir: place, notice: `${reason}: hashes, the demo and what is derived are kept in ${place}` };
};
