/**
 * The one error class of the house. `code` is stable (programs match on it); the message says what
 * was expected, what was found and what to do. Anything else that is thrown is a bug.
 */
export type ErrorCode =
  | 'usage'                 // the command line or a command's arguments
  | 'no-workspace'          // none found, or the folder holds none
  | 'bad-manifest'
  | 'missing-artefact'
  | 'artefact-changed'      // sha256 or header differs from the manifest
  | 'bad-index'
  | 'bad-vectors'
  | 'bad-sample'            // not SQLite, a table or column is missing
  | 'bad-model'
  | 'bad-input'             // an import's source, a query file
  | 'unknown-user'
  | 'unknown-ad'
  | 'unknown-event'
  | 'unsupported'           // this workspace or model cannot answer that, and why
  | 'cancelled'
  | 'internal';

export interface ErrorDetails {
  expected?: string;
  found?: string;
  /** What the reader can do about it: a command, a flag, a file to look at. */
  todo?: string;
  cause?: unknown;
}

export class RecallError extends Error {
  readonly code: ErrorCode;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly todo: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'RecallError';
    this.code = code;
    this.expected = details.expected;
    this.found = details.found;
    this.todo = details.todo;
  }

  /** Exit code of the process when this error ends it (DESIGN, "Headless contract"). */
  get exitCode(): number {
    if (this.code === 'cancelled') return 130;
    return this.code === 'internal' ? 70 : 2;
  }

  /** The lines a person reads; never a stack trace. */
  lines(): string[] {
    return [
      this.message,
      ...(this.expected === undefined ? [] : [`  expected: ${this.expected}`]),
      ...(this.found === undefined ? [] : [`  found:    ${this.found}`]),
      ...(this.todo === undefined ? [] : [`  to do:    ${this.todo}`]),
    ];
  }
}

/** Plain form that crosses a worker boundary; `fromPlain` gives the error back. */
export interface PlainError { code: ErrorCode; message: string; expected?: string; found?: string; todo?: string; stack?: string }

export const toPlain = (error: unknown): PlainError => {
  const known = error instanceof RecallError;
  return {
    code: known ? error.code : 'internal',
    message: error instanceof Error ? error.message : String(error),
    ...(known && error.expected !== undefined ? { expected: error.expected } : {}),
    ...(known && error.found !== undefined ? { found: error.found } : {}),
    ...(known && error.todo !== undefined ? { todo: error.todo } : {}),
    ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
  };
};

export const fromPlain = (plain: PlainError): RecallError => {
  const { code, message, stack, ...details } = plain;
  const error = new RecallError(code, message, details);
  if (stack !== undefined) error.stack = stack;
  return error;
};
