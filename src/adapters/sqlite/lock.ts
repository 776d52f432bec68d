import Database from 'better-sqlite3';
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, realpathSync, rmSync, truncateSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { isRecord, readJson } from '../../base/json.ts';
import { RecallError } from '../../errors.ts';
import type { FileLock, Locks, LockHolder } from '../../engine/ports/artefacts.ts';

type Db = Database.Database;

const lockEnding = '.recall-lock';

const realPath = (path: string): string | null => {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
};

/** Where a file's lock stands: beside the file itself, whatever link or relative path led to it. */
const lockPath = (path: string): string => {
  const absolute = resolve(path);
  const folder = realPath(dirname(absolute)) ?? dirname(absolute);
  return `${realPath(absolute) ?? join(folder, basename(absolute))}${lockEnding}`;
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
const isBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY');
/** What a power failure may have left. */
const isDamaged = (error: unknown): boolean => /^SQLITE_(NOTADB|CORRUPT|SCHEMA|ERROR)/.test(codeOf(error));

/** Somebody may look whether the lock is free, and have it for that moment. */
const patienceMs = 10;

/** Never opened twice by ourselves: closing any descriptor of a file drops the locks a process has on it. */
const create = (lock: string): void => {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
};

const open = (lock: string): Db => new Database(lock, { timeout: patienceMs, fileMustExist: true });

const isHolder = (value: unknown): value is LockHolder =>
  isRecord(value) &&
  typeof value['pid'] === 'number' &&
  typeof value['host'] === 'string' &&
  typeof value['since'] === 'string';

/** Readers are not kept out by a holder. */
const readText = (db: Db): string => {
  const text: unknown = db.prepare('SELECT about FROM holder').pluck().get();
  return typeof text === 'string' ? text : '';
};

const readHolder = (db: Db): LockHolder | null => {
  try {
    const parsed: unknown = readJson(readText(db));
    return isHolder(parsed) ? { pid: parsed.pid, host: parsed.host, since: parsed.since } : null;
  } catch {
    return null;
  }
};

/** null: nothing is there. Throws `bad-input` for a link, a folder, a pipe: no lock of ours. */
const inodeOf = (path: string): bigint | null => {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (!stats.isFile()) throw foreign(path);
  return stats.ino;
};

/** Whoever put it there: it is neither written nor removed. */
const foreign = (lock: string): RecallError =>
  new RecallError('bad-input', `what stands where the lock of a file belongs is no lock: ${lock}`, {
    expected: 'nothing there, or a lock that recall-tui wrote',
    found: lstatSync(lock, { throwIfNoEntry: false })?.isFile() === true ? 'another file' : 'no regular file',
    todo: 'move it away, or name another file',
  });

/** Somebody's database is no lock, and gets no table of ours. */
const checkOurs = (db: Db, lock: string): void => {
  const tables = db.prepare('SELECT name FROM sqlite_master').pluck().all();
  if (tables.some((name) => name !== 'holder')) throw foreign(lock);
};

const mostLockBytes = 1 << 16;
const sqliteMagic = Buffer.from('SQLite format 3\0');

/** A lock that a power failure has damaged begins as one, or is empty of everything. Nobody holds it: reading drops nothing. */
const wasOurs = (lock: string): boolean => {
  const bytes = lstatSync(lock).size > mostLockBytes ? null : readFileSync(lock);
  return (
    bytes !== null && (bytes.subarray(0, sqliteMagic.length).equals(sqliteMagic) || bytes.every((byte) => byte === 0))
  );
};

let serial = 0;

/**
 * Writes who holds it, and holds it: between the two another may come first, who then stands in the file.
 * Throws `SQLITE_BUSY`.
 */
const hold = (db: Db): void => {
  const about = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    serial: serial++,
  });
  // A power failure ends the holder, too, and what a process killed here leaves is written anew: no file beside it.
  db.pragma('synchronous = OFF');
  db.pragma('journal_mode = MEMORY');
  for (;;) {
    db.exec('BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS holder (about TEXT); DELETE FROM holder');
    db.prepare('INSERT INTO holder VALUES (?)').run(about);
    db.exec('COMMIT; BEGIN IMMEDIATE');
    if (readText(db) === about) return;
    db.exec('ROLLBACK');
  }
};

const opened = (lock: string): Db | null => {
  try {
    return open(lock);
  } catch {
    return null;
  }
};

/** What a lock turns out to be. `gone`: it was released and removed meanwhile, or is damaged: once more. */
const attempt = (lock: string): FileLock | { readonly holder: LockHolder | null } | 'gone' => {
  create(lock);
  const inode = inodeOf(lock);
  const db = opened(lock);
  if (db === null) return 'gone';
  // Opened, so that no other file can get its number.
  if (inode === null || inodeOf(lock) !== inode) {
    db.close();
    return 'gone';
  }
  try {
    checkOurs(db, lock);
    hold(db);
  } catch (error) {
    const holder = isBusy(error) ? readHolder(db) : null;
    db.close();
    if (isBusy(error)) return { holder };
    if (!isDamaged(error)) throw error;
    if (!wasOurs(lock)) throw foreign(lock);
    // Emptied, not removed: it takes nothing from who may have put it right and hold it by now.
    truncateSync(lock);
    return 'gone';
  }
  if (inodeOf(lock) !== inode) {
    db.close();
    return 'gone';
  }
  return {
    release: () => {
      if (!db.open) return;
      // Removed while it is held: who opened it before finds another file in its place, and tries again.
      try {
        rmSync(lock, { force: true });
      } finally {
        db.close();
      }
    },
  };
};

const attempts = 100;

const takeAt = (lock: string): ReturnType<Locks['take']> => {
  try {
    for (let i = 0; i < attempts; i += 1) {
      const outcome = attempt(lock);
      if (outcome !== 'gone') return outcome;
    }
    return { holder: null };
  } catch (error) {
    if (error instanceof RecallError) throw error;
    return { release: () => undefined };
  }
};

/**
 * A lock of SQLite's, which the system gives back when its process ends, however it ends. `FILE.recall-lock` says who
 * holds it; a folder that cannot be written, or keeps no locks, gives one that keeps nobody out.
 */
const take: Locks['take'] = (path) => takeAt(lockPath(path));

const isHeld: Locks['isHeld'] = (path) => {
  const lock = lockPath(path);
  try {
    if (inodeOf(lock) === null) return false;
    const db = open(lock);
    try {
      db.exec('BEGIN IMMEDIATE; ROLLBACK');
      return false;
    } catch (error) {
      return isBusy(error);
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
};

const sweep: Locks['sweep'] = (dir) => {
  for (const name of readdirSync(dir).filter((one) => one.endsWith(lockEnding))) {
    try {
      const outcome = takeAt(join(dir, name));
      if ('release' in outcome) outcome.release();
    } catch {
      // No lock of ours: it stays.
    }
  }
};

export const fileLocks: Locks = {
  take,
  isHeld,
  sweep: (dir) => {
    try {
      sweep(dir);
    } catch {
      // A folder that is not there, or not ours.
    }
  },
};
