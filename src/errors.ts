import { clipped } from './base/unsafe-text.ts';

/**
 * The one error class of the project. `code` is stable (programs match on it); the message says what
 * was expected, what was found and what to do. Anything else that is thrown is a bug.
 */
export type ErrorCode =
  | 'usage' // the command line or a command's arguments
  | 'no-workspace' // none found, or the folder holds none
  | 'bad-manifest'
  | 'missing-artefact'
  | 'artefact-changed' // sha256 or header differs from the manifest
  | 'bad-index'
  | 'bad-vectors'
  | 'bad-sample' // not SQLite, a table or column is missing
  | 'bad-model'
  | 'bad-input' // an import's source, a query file
  | 'unknown-user'
  | 'unknown-ad'
  | 'unknown-event'
  | 'unsupported' // this workspace or model cannot answer that, and why
  | 'file-system' // no permission, a full or read-only disk
  | 'cancelled'
  | 'internal';

export interface ErrorDetails {
  /** The line at fault, and a line with a caret under the word that is wrong: they line up. */
  at?: readonly [line: string, caret: string];
  expected?: string;
  found?: string;
  /** The reader's next step: a command, a flag, a file to look at. */
  todo?: string;
  cause?: unknown;
}

export class RecallError extends Error {
  readonly code: ErrorCode;
  readonly at: readonly [line: string, caret: string] | undefined;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly todo: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RecallError';
    this.code = code;
    this.at = details.at;
    this.expected = details.expected;
    this.found = details.found;
    this.todo = details.todo;
  }

  /** Exit code of the process when this error ends it (docs/design.md, "The headless contract"). */
  get exitCode(): number {
    if (this.code === 'cancelled') return 130;
    return this.code === 'internal' ? 70 : 2;
  }

  /** The lines a person reads; never a stack trace. A line break that an id or an argument holds starts no line. */
  lines(): string[] {
    return [
      this.message,
      ...(this.at ?? []).map((line) => `    ${line}`),
      ...(this.expected === undefined ? [] : [`  expected: ${this.expected}`]),
      ...(this.found === undefined ? [] : [`  found:    ${this.found}`]),
      ...(this.todo === undefined ? [] : [`  to do:    ${this.todo}`]),
    ].map((line) => clipped(line).replace(/\r\n|[\r\n]/g, '␊'));
  }
}

/** The error of work that was stopped by Ctrl-C, Esc or a newer question. */
export const cancelledError = (cause?: unknown): RecallError =>
  new RecallError('cancelled', 'stopped before the answer was complete', cause === undefined ? {} : { cause });

const refusals: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'a read-only file system',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  ENOTDIR: 'a file where a folder was expected',
  EISDIR: 'a folder where a file was expected',
  EIO: 'an input/output error',
  ENAMETOOLONG: 'a name too long',
  ELOOP: 'a loop of links',
  SQLITE_FULL: 'no space left on the disk',
  SQLITE_READONLY: 'no permission',
  SQLITE_CANTOPEN: 'SQLite could not open a file',
  SQLITE_IOERR: 'an input/output error',
};

const refusalOf = (error: Error): string | undefined => {
  const code = 'code' in error ? String(error.code) : '';
  return refusals[code] ?? refusals[code.split('_', 2).join('_')];
};

/** Why the system refused, in words where they are known. */
export const systemReason = (error: Error): string => refusalOf(error) ?? error.message;

/**
 * The system's refusal as an error that a person can act on; null for anything else. Node's codes, and
 * SQLite's with their extensions.
 */
const fileSystemError = (error: Error): RecallError | null => {
  const found = refusalOf(error);
  if (found === undefined) return null;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : null;
  return new RecallError(
    'file-system',
    path === null ? `the file system refused: ${found}` : `the file system refused ${path}`,
    {
      expected: 'a folder that can be read and written, with space left',
      found: `${found} (${error.message})`,
      todo: 'free space, change the permissions, or name another folder (--out; XDG_CACHE_HOME for the demo and caches)',
      cause: error,
    },
  );
};

/**
 * A `RecallError` for everything that is expected to fail: itself, or the system's refusal in words; null for a bug.
 */
export const knownError = (error: unknown): RecallError | null => {
  if (error instanceof RecallError) return error;
  return error instanceof Error ? fileSystemError(error) : null;
};

/** Plain form that crosses a worker boundary; `fromPlain` gives the error back. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  at?: readonly [line: string, caret: string];
  expected?: string;
  found?: string;
  todo?: string;
  stack?: string;
}

export const toPlain = (error: unknown): PlainError => {
  const known = knownError(error);
  return {
    code: known?.code ?? 'internal',
    message: known?.message ?? (error instanceof Error ? error.message : String(error)),
    ...(known?.at !== undefined ? { at: known.at } : {}),
    ...(known?.expected !== undefined ? { expected: known.expected } : {}),
    ...(known?.found !== undefined ? { found: known.found } : {}),
    ...(known?.todo !== undefined ? { todo: known.todo } : {}),
    ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
  };
};

export const fromPlain = (plain: PlainError): RecallError => {
  const { code, message, stack, ...details } = plain;
  const error = new RecallError(code, message, details);
  if (stack !== undefined) error.stack = stack;
  return error;
};
