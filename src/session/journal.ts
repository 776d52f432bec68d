import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { privateFile, privateFolder } from '../base/atomic-file.ts';
import { RecallError } from '../errors.ts';

/** Lines of a file, each on the disk before `append` returns. */
export interface Journal {
  readonly path: string;
  /**
   * Throws `bad-input` where somebody else has changed the file since, and what the file system throws; either way the
   * file holds whole lines only.
   */
  append(line: string): void;
  close(): void;
  /** Closes and removes it: nothing worth keeping came of it. */
  discard(): void;
}

const block = 64 * 1024;

/** Where the last complete line ends; what follows was torn. */
const endOfLines = (fd: number, size: number): number => {
  const buffer = Buffer.alloc(block);
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - block);
    const read = readSync(fd, buffer, 0, end - from, from);
    const at = buffer.subarray(0, read).lastIndexOf(10);
    if (at >= 0) return from + at + 1;
    end = from;
  }
  return 0;
};

interface Lines {
  readonly fd: number;
  write(line: string): void;
  /** Takes the last line back, which could not be kept. */
  undo(): void;
  close(): void;
  discard(): void;
}

/** The lock keeps other recorders away; whoever does not ask for it is seen here, and nothing of theirs is lost. */
const checkUnchanged = (path: string, fd: number, size: number): void => {
  const [mine, there] = [fstatSync(fd), statSync(path, { throwIfNoEntry: false })];
  const problem =
    there === undefined
      ? 'the file is gone'
      : there.ino !== mine.ino || there.dev !== mine.dev
        ? 'another file stands in its place'
        : mine.size !== size
          ? `${mine.size} bytes instead of ${size}`
          : null;
  if (problem === null) return;
  throw new RecallError('bad-input', `the session was changed by another program: ${path}`, {
    expected: 'the file as it was left after the last step',
    found: problem,
    todo: 'nothing was written over it; record to another file',
  });
};

const openLines = (path: string, how: 'create' | 'resume'): Lines => {
  mkdirSync(dirname(path), { recursive: true, mode: privateFolder });
  const fd = openFile(path, how);
  const { size } = fstatSync(fd);
  let end = how === 'resume' ? endOfLines(fd, size) : size;
  if (end < size) ftruncateSync(fd, end);
  let before = end;
  /** A part of a line that could not be taken back yet. */
  let torn = false;
  const cut = (): void => {
    torn = true;
    ftruncateSync(fd, end);
    torn = false;
  };
  return {
    fd,
    write: (line) => {
      if (torn) cut();
      checkUnchanged(path, fd, end);
      const bytes = Buffer.from(line.endsWith('\n') ? line : `${line}\n`, 'utf8');
      try {
        // At the end of the file, wherever that is by now.
        for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
      } catch (error) {
        try {
          cut();
        } catch {
          // Tried again before the next line.
        }
        throw error;
      }
      before = end;
      end += bytes.length;
    },
    undo: () => {
      end = before;
      cut();
    },
    close: () => {
      closeSync(fd);
    },
    discard: () => {
      closeSync(fd);
      rmSync(path, { force: true });
    },
  };
};

/**
 * Opens a journal: `create` refuses a file that is there, `resume` drops a torn last line and goes on after it.
 * Synchronous on purpose: a step is safe before its answer is shown, in whatever order answers come.
 */
export const openJournal = (path: string, how: 'create' | 'resume'): Journal => {
  const { fd, write, undo, close, discard } = openLines(path, how);
  return {
    path,
    append: (line) => {
      write(line);
      try {
        fsyncSync(fd);
      } catch (error) {
        // Its number is given again.
        undo();
        throw error;
      }
    },
    close,
    discard,
  };
};

export interface QuietJournal extends Journal {
  /** Everything appended so far is on the disk. Rejects where it could not be put there. */
  readonly synced: () => Promise<void>;
}

const syncFile = promisify(fsync);

/**
 * A journal without waiting: a line is handed to the system at once, so that it outlives the process, and
 * reaches the disk in the background, all lines of the meantime with one fsync.
 */
export const openQuietJournal = (path: string, how: 'create' | 'resume'): QuietJournal => {
  const { fd, write, close, discard } = openLines(path, how);
  let dirty = false;
  let syncing: Promise<void> | null = null;
  const sync = async (): Promise<void> => {
    while (dirty) {
      dirty = false;
      await syncFile(fd);
    }
  };
  const start = (): Promise<void> => {
    syncing ??= sync().finally(() => {
      syncing = null;
    });
    return syncing;
  };
  return {
    path,
    append: (line) => {
      write(line);
      dirty = true;
      // Who wants to know whether it worked asks `synced`.
      start().catch(() => undefined);
    },
    synced: async () => {
      while (dirty || syncing !== null) await start();
    },
    close,
    discard,
  };
};

const flags = {
  create: constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL,
  resume: constants.O_RDWR | constants.O_APPEND,
};

/** How a session begins: what a process killed at once may have left of it is no file of anybody's. */
const beginning = Buffer.from('{"format":"recall-tui/session@');

/** A recorder that was killed while it wrote its first line, and nothing else: empty, or a part of that line. */
const takeRemnant = (path: string): number | null => {
  const fd = openSync(path, flags.resume | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(fd);
    const bytes = Buffer.alloc(block);
    const read = stats.isFile() ? bytes.subarray(0, readSync(fd, bytes, 0, block, 0)) : null;
    const length = Math.min(read?.length ?? 0, beginning.length);
    const ours =
      read !== null &&
      read.length === stats.size &&
      !read.includes(10) &&
      read.subarray(0, length).equals(beginning.subarray(0, length));
    if (ours) {
      ftruncateSync(fd, 0);
      return fd;
    }
  } catch {
    // Then it is what it is: a file that is there.
  }
  closeSync(fd);
  return null;
};

const openFile = (path: string, how: 'create' | 'resume'): number => {
  try {
    return openSync(path, flags[how], privateFile);
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const remnant = exists ? takeRemnant(path) : null;
    if (remnant !== null) return remnant;
    throw new RecallError(
      'bad-input',
      exists ? `the file already exists: ${path}` : `the session cannot be written: ${path}`,
      {
        ...(exists
          ? {
              todo: `:resume ${path} goes on with it where it is a session that was cut off; else give another name, or remove it`,
            }
          : { found: cause instanceof Error ? cause.message : String(cause) }),
        cause,
      },
    );
  }
};
