import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { ReadStream, Stats } from 'node:fs';
import { RecallError } from '../errors.ts';

/** What may stand at a path. */
export type PathKind = 'file' | 'folder' | 'pipe' | 'socket' | 'device' | 'unknown';

export const kindWords: Readonly<Record<PathKind, string>> = {
  file: 'a file',
  folder: 'a folder',
  pipe: 'a named pipe (FIFO)',
  socket: 'a socket',
  device: 'a device',
  unknown: 'something else',
};

const kindOf = (stats: Stats): PathKind => {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'pipe';
  if (stats.isSocket()) return 'socket';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'device' : 'unknown';
};

/** null where nothing is there, or nothing that may be looked at. */
export const kindOfPath = (path: string): PathKind | null => {
  try {
    return kindOf(statSync(path));
  } catch {
    return null;
  }
};

/** Reading a pipe waits for whoever may write to it, a device may never end: neither is opened. */
export class NotRegularError extends RecallError {
  readonly kind: PathKind;

  constructor(path: string, kind: PathKind) {
    super('bad-input', `${path} is ${kindWords[kind]}, not a regular file`, {
      expected: 'a regular file',
      found: kindWords[kind],
      todo: 'name a file, or - where a command reads standard input; write what comes through a pipe to a file first',
    });
    this.kind = kind;
  }
}

const refuse = (path: string, stats: Stats): void => {
  const kind = kindOf(stats);
  if (kind !== 'file') throw new NotRegularError(path, kind);
};

/** Should a pipe take the file's place between the look and the opening, the opening does not wait for it. */
const reading = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * For what opens a path itself, as SQLite and hnswlib do. Throws `bad-input` for what is no regular file, and what the
 * file system throws.
 */
export const requireRegular = (path: string): void => refuse(path, statSync(path));

/**
 * Opens a file for reading: the one way to a file that a person or a manifest names. Throws `bad-input` for a folder, a
 * pipe, a socket and a device, and what the file system throws.
 */
export const openRegular = async (path: string): Promise<FileHandle> => {
  refuse(path, await stat(path));
  const handle = await open(path, reading);
  try {
    refuse(path, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
};

/** The same at once; gives the descriptor. */
export const openRegularSync = (path: string): number => {
  requireRegular(path);
  const handle = openSync(path, reading);
  try {
    refuse(path, fstatSync(handle));
    return handle;
  } catch (error) {
    closeSync(handle);
    throw error;
  }
};

/** All bytes of a file, null where they are more than `most`. Throws like `openRegular`. */
export async function readRegular(path: string): Promise<Buffer>;
export async function readRegular(path: string, most: number): Promise<Buffer | null>;
export async function readRegular(path: string, most = Infinity): Promise<Buffer | null> {
  const handle = await openRegular(path);
  try {
    return (await handle.stat()).size > most ? null : await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The same at once. */
export const readRegularSync = (path: string): Buffer => {
  const handle = openRegularSync(path);
  try {
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** The bytes of a file in chunks of `highWaterMark`; the file is closed with the stream. Throws like `openRegular`. */
export const streamRegular = async (path: string, highWaterMark: number): Promise<ReadStream> =>
  (await openRegular(path)).createReadStream({ highWaterMark });
