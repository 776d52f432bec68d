import { closeSync, fstatSync, readSync } from 'node:fs';
import { openRegularSync } from '../../base/regular-file.ts';
import { RecallError } from '../../errors.ts';
import type { ByteSource } from '../../domain/hnsw/header.ts';

export interface FileSource extends ByteSource {
  close(): void;
  /** Fills `target` from `offset`; throws `bad-index` on a short read. */ readInto(
    target: Uint8Array,
    offset: number,
  ): void;
}

/** Positioned reads of a file; `read` returns a view of one buffer that the next call overwrites. */
export const openFileSource = (path: string): FileSource => {
  const handle = openOrExplain(path);
  let buffer = new Uint8Array(0);
  const readInto = (target: Uint8Array, offset: number): void => {
    for (let done = 0; done < target.length;) {
      const got = readSync(handle, target, done, target.length - done, offset + done);
      if (got === 0)
        throw new RecallError('bad-index', `${path} ended while it was read`, {
          expected: `${target.length} bytes at ${offset}`,
          found: `${done} bytes`,
        });
      done += got;
    }
  };
  return {
    size: fstatSync(handle).size,
    readInto,
    read: (offset, length) => {
      if (buffer.length < length) buffer = new Uint8Array(length);
      const view = buffer.subarray(0, length);
      readInto(view, offset);
      return view;
    },
    close: () => closeSync(handle),
  };
};

const openOrExplain = (path: string): number => {
  try {
    return openRegularSync(path);
  } catch (cause) {
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('missing-artefact', `cannot read the index ${path}`, {
      expected: 'an hnswlib file',
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'build it with `recall-tui index DIR`',
      cause,
    });
  }
};

/** Runs `use` with the path put before whatever `bad-index` says. */
export const namingPath = <T>(path: string, use: () => T): T => {
  try {
    return use();
  } catch (error) {
    if (!(error instanceof RecallError) || error.code !== 'bad-index' || error.message.includes(path)) throw error;
    throw new RecallError('bad-index', `${path}: ${error.message}`, {
      ...(error.expected === undefined ? {} : { expected: error.expected }),
      ...(error.found === undefined ? {} : { found: error.found }),
      ...(error.todo === undefined ? {} : { todo: error.todo }),
      cause: error,
    });
  }
};
