import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { cancelledError } from '../../errors.ts';
import { decodeRows } from './parquet-file.ts';
import type { PagesReply, PagesTask, ParquetFile, ParquetRows, RowRange } from './parquet-file.ts';

/** Decodes the rows of one row group after the other. */
export interface ParquetPages {
  /** Throws an `Error` that says what is wrong with a page; `cancelled`. */
  read(range: RowRange): Promise<ParquetRows>;
  close(): Promise<void>;
}

/** dist/parquet-worker.js, seen from the bundle and from the sources; null where neither was built. */
const workerFile = (): string | null =>
  ['./parquet-worker.js', '../../../dist/parquet-worker.js']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync) ?? null;

/** How long one page may take to decode. */
const defaultSeconds = 30;

/** The same, or what RECALL_TUI_PAGE_SECONDS says. */
const secondsAllowed = (): number => {
  const seconds = Number(process.env['RECALL_TUI_PAGE_SECONDS']);
  return seconds > 0 ? seconds : defaultSeconds;
};

const pagesHere = (file: ParquetFile, columns: readonly string[]): ParquetPages => ({
  read: (range) => decodeRows(file, columns, range),
  close: () => Promise.resolve(),
});

/**
 * Decodes pages in a thread that can be ended: a page that says of itself what cannot be true may keep its decoder at
 * work without an end, or ask for more memory than there is. Here, where the thread was not built.
 */
export const openPages = (
  file: ParquetFile,
  task: PagesTask,
  signal: AbortSignal,
  seconds = secondsAllowed(),
): ParquetPages => {
  const entry = workerFile();
  if (entry === null) return pagesHere(file, task.columns);
  const worker = new Worker(entry, { workerData: task });
  let settle: { resolve(rows: ParquetRows): void; reject(error: unknown): void } | null = null;
  let broken: unknown = null;
  let timer: NodeJS.Timeout | undefined;
  const end = (done: (waiting: NonNullable<typeof settle>) => void): void => {
    clearTimeout(timer);
    const waiting = settle;
    settle = null;
    if (waiting !== null) done(waiting);
  };
  const fail = (error: unknown): void => {
    broken ??= error;
    end(({ reject }) => reject(error));
  };
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      fail(new Error(`no page was decoded within ${seconds} s (RECALL_TUI_PAGE_SECONDS allows more)`));
      void worker.terminate();
    }, seconds * 1000);
  };
  const stop = (): void => {
    fail(cancelledError());
    void worker.terminate();
  };
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', (reply: PagesReply) => {
    if (reply.kind === 'rows') end(({ resolve }) => resolve(reply.rows));
    else if (reply.kind === 'failed') fail(new Error(reply.message));
    else if (settle !== null) watch();
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread that decodes pages has ended')));
  return {
    read: (range) =>
      new Promise((resolve, reject) => {
        if (broken !== null) return reject(broken);
        settle = { resolve, reject };
        watch();
        worker.postMessage(range);
      }),
    close: async () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      await worker.terminate();
    },
  };
};
