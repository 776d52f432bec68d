import Database from 'better-sqlite3';
import { closeSync, openSync, readdirSync, realpathSync, rmSync, statSync, truncateSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { isRecord, readJson } from '../../base/json.ts';
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

const inodeOf = (path: string): bigint | null => {
  try {
    return statSync(path, { bigint: true }).ino;
  } catch {
    return null;
  }
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
    hold(db);
  } catch (error) {
    const holder = isBusy(error) ? readHolder(db) : null;
    db.close();
    if (isBusy(error)) return { holder };
    if (!isDamaged(error)) throw error;
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

/**
 * A lock of SQLite's, which the system gives back when its process ends, however it ends. `FILE.recall-lock` says who
 * holds it; a folder that cannot be written, or keeps no locks, gives one that keeps nobody out.
 */
const take: Locks['take'] = (path) => {
  const lock = lockPath(path);
  try {
    for (let i = 0; i < attempts; i += 1) {
      const outcome = attempt(lock);
      if (outcome !== 'gone') return outcome;
    }
    return { holder: null };
  } catch {
    return { release: () => undefined };
  }
};

const isHeld: Locks['isHeld'] = (path) => {
  const lock = lockPath(path);
  if (inodeOf(lock) === null) return false;
  try {
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
    const outcome = take(join(dir, name.slice(0, -lockEnding.length)));
    if ('release' in outcome) outcome.release();
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
