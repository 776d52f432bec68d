import { parentPort, workerData } from 'node:worker_threads';
import { decodeRows, openParquet, type PagesReply, type PagesTask, type RowRange } from './parquet-file.ts';

/** Entry of dist/parquet-worker.js: decodes pages, one range of rows a question, until the thread is ended. */
const { path, columns }: PagesTask = workerData;
const say = (reply: PagesReply): void => parentPort?.postMessage(reply);
const failed = (error: unknown): void =>
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });

try {
  const opened = await openParquet(path);
  parentPort?.on('message', (range: RowRange) => {
    decodeRows(opened, columns, range, () => say({ kind: 'page' })).then((rows) => say({ kind: 'rows', rows }), failed);
  });
  say({ kind: 'ready' });
} catch (error) {
  failed(error);
}
