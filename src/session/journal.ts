import {
  closeSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { RecallError } from '../errors.ts';

/** Lines of a file, each on the disk before `append` returns. */
export interface Journal {
  readonly path: string;
  append(line: string): void;
  close(): void;
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
}

const openLines = (path: string, how: 'create' | 'resume'): Lines => {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openFile(path, how);
  if (how === 'resume') {
    const { size } = fstatSync(fd);
    const end = endOfLines(fd, size);
    if (end < size) ftruncateSync(fd, end);
  }
  let position = fstatSync(fd).size;
  return {
    fd,
    write: (line) => {
      const bytes = Buffer.from(line.endsWith('\n') ? line : `${line}\n`, 'utf8');
      for (let written = 0; written < bytes.length;)
        written += writeSync(fd, bytes, written, bytes.length - written, position + written);
      position += bytes.length;
    },
  };
};

/**
 * Opens a journal: `create` refuses a file that is there, `resume` drops a torn last line and goes on after it.
 * Synchronous on purpose: a step is safe before its answer is shown, in whatever order answers come.
 */
export const openJournal = (path: string, how: 'create' | 'resume'): Journal => {
  const { fd, write } = openLines(path, how);
  return {
    path,
    append: (line) => {
      write(line);
      fsyncSync(fd);
    },
    close: () => {
      closeSync(fd);
    },
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
  const { fd, write } = openLines(path, how);
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
    close: () => {
      closeSync(fd);
    },
  };
};

const openFile = (path: string, how: 'create' | 'resume'): number => {
  try {
    return openSync(path, how === 'create' ? 'wx+' : 'r+', 0o600);
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
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
