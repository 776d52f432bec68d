import { onSignals } from '../base/endable.ts';
import { decodeText, maxTextBytes, tooLongText } from '../base/text-file.ts';
import { RecallError, systemReason } from '../errors.ts';

/** Everything of the outside that the headless front end touches; tests inject their own. */
export interface CliIo {
  readonly stdout: OutStream;
  readonly stderr: OutStream;
  /** All of stdin as text. */
  readonly stdin: () => Promise<string>;
  /** Shows a text on stderr and reads a line of the person there, null at the end; absent without a terminal. */
  readonly ask?: (text: string) => Promise<string | null>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls back at each Ctrl-C; returns how to stop listening. */
  readonly onInterrupt: (handler: () => void) => () => void;
  /** Ends the process at once: the second Ctrl-C. */
  readonly exitNow: (code: number) => void;
  readonly now: () => number;
}

export interface OutStream {
  readonly isTTY: boolean;
  readonly columns: number;
  /**
   * Resolves when the text is handed over; false when the reader has gone (EPIPE). Throws `file-system` where the text
   * cannot be written.
   */
  write(text: string): Promise<boolean>;
}

const readerGone: ReadonlySet<string> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

/** `lossy`: what cannot be written is dropped, as there is no other place for messages. */
const outStream = (stream: NodeJS.WriteStream, lossy = false): OutStream => {
  let failed: NodeJS.ErrnoException | null = null;
  // Each write hears of its own error: here it is only kept from ending the process.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failed ??= error;
  });
  const refuse = (error: NodeJS.ErrnoException): boolean => {
    failed ??= error;
    // `head` closing the pipe is no error of ours.
    if (lossy || readerGone.has(error.code ?? '')) return false;
    throw outputError(error);
  };
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 0;
    },
    write: async (text) => {
      if (failed !== null) return refuse(failed);
      const error = await new Promise<Error | null>((resolve) => {
        stream.write(text, (cause) => resolve(cause ?? null));
      });
      return error === null ? true : refuse(error);
    },
  };
};

const outputError = (error: NodeJS.ErrnoException): RecallError =>
  new RecallError('file-system', `the output cannot be written: ${systemReason(error)}`, { cause: error });

const readAll = async (stream: NodeJS.ReadStream): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    chunks.push(part);
    bytes += part.length;
    if (bytes > maxTextBytes) throw tooLongText('standard input');
  }
  return decodeText(Buffer.concat(chunks));
};

/**
 * One line of a person. The line editor is opened for each question and closed again, so that nothing keeps the process
 * alive.
 */
const asker =
  (process: NodeJS.Process) =>
  async (text: string): Promise<string | null> => {
    const { createInterface } = await import('node:readline');
    const editor = createInterface({ input: process.stdin, output: process.stderr });
    return new Promise((resolve) => {
      editor.once('close', () => resolve(null));
      editor.question(text, (line) => {
        resolve(line);
        editor.close();
      });
    });
  };

export const processIo = (process: NodeJS.Process): CliIo => ({
  stdout: outStream(process.stdout),
  stderr: outStream(process.stderr, true),
  stdin: () => readAll(process.stdin),
  ...(process.stdin.isTTY === true && process.stderr.isTTY === true ? { ask: asker(process) } : {}),
  env: process.env,
  cwd: process.cwd(),
  onInterrupt: (handler) => onSignals(['SIGINT', 'SIGTERM'], handler),
  exitNow: (code) => process.exit(code),
  now: () => performance.now(),
});
