import { mkdirSync, rmdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { privateFile, privateFolder } from '../base/atomic-file.ts';
import { readRegular } from '../base/regular-file.ts';
import { RecallError } from '../errors.ts';
import type { FileLock, LockHolder, Locks } from '../engine/ports/artefacts.ts';
import type { Factories } from '../workspace/factories.ts';
import { sessionText, type Session } from './format.ts';
import { readSession, type ReadSession } from './read.ts';

const holderWords = (holder: LockHolder | null): string => {
  if (holder === null) return 'a process that cannot be named';
  const since = `since ${holder.since.slice(0, 19).replace('T', ' ')} UTC`;
  return holder.pid === process.pid ? `this recall-tui, ${since}` : `process ${holder.pid} on ${holder.host}, ${since}`;
};

/**
 * Makes the folder of a file, in which its lock stands, too. Gives back what removes the folders that were made, as far
 * as they are empty.
 */
const makeFolder = (path: string): (() => void) => {
  const folder = resolve(dirname(path));
  let first: string | undefined;
  try {
    first = mkdirSync(folder, { recursive: true, mode: privateFolder });
  } catch {
    // Whoever writes the file says why it cannot be made.
  }
  return () => {
    if (first === undefined) return;
    try {
      for (let at = folder; at.length >= first.length; at = dirname(at)) rmdirSync(at);
    } catch {
      // Something was written there.
    }
  };
};

/** The right to write a session's file, until it is released or the process ends. Throws `bad-input` naming who has it. */
export const holdSession = (locks: Locks, path: string): FileLock => {
  const tidy = makeFolder(path);
  const taken = locks.take(path);
  if ('release' in taken) {
    locks.sweep(dirname(path));
    return {
      release: () => {
        taken.release();
        tidy();
      },
    };
  }
  tidy();
  throw new RecallError('bad-input', `the session is being written: ${path}`, {
    expected: 'one recall-tui that writes it at a time',
    found: holderWords(taken.holder),
    todo: 'end the recording there (R, or quit), or name another file',
  });
};

type Tools = Pick<Factories, 'files' | 'locks'>;

/** Writes a session in one piece. Throws `bad-input` while somebody records to that file. */
export const writeSession = async ({ files, locks }: Tools, path: string, session: Session): Promise<void> => {
  const lock = holdSession(locks, path);
  try {
    await files.atomicWrite(path, sessionText(session), privateFile);
  } finally {
    lock.release();
  }
};

export interface HeldSession {
  readonly session: ReadSession;
  /** Throws `bad-input` where somebody has changed the file since it was read. */
  rewrite(session: Session): Promise<void>;
  release(): void;
}

/** A session that is read, and written again after a while. Throws `bad-input`. */
export const holdToRewrite = async ({ files, locks }: Tools, path: string): Promise<HeldSession> => {
  const lock = holdSession(locks, path);
  try {
    const before = await readRegular(path).catch(() => null);
    const session = await readSession(path);
    return {
      session,
      rewrite: async (next) => {
        const now = await readRegular(path).catch(() => null);
        if (before === null || now === null || !now.equals(before))
          throw new RecallError('bad-input', `the session was changed meanwhile: ${path}`, {
            expected: 'the file as it was read',
            found: now === null ? 'the file is gone' : `${now.length} other bytes`,
            todo: 'nothing was written over it; do it again',
          });
        await files.atomicWrite(path, sessionText(next), privateFile);
      },
      release: () => {
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
};
