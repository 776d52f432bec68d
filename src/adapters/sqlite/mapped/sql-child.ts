import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { toPlain } from '../../../errors.ts';
import { deriveHere } from './derive.ts';
import { plainLog, readServedRows } from './read-served.ts';
import type { SqlReply, SqlTask } from './sql-protocol.ts';

/**
 * Entry of dist/sql-child.js: statements of a team's run in its second thread. The first only listens: SQLite would keep
 * it from seeing that the parent is gone, and a statement without an end would outlive it.
 */
const passOn = (): void => {
  const send = (reply: SqlReply): void => {
    process.send?.(reply);
  };
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.once('message', (task: SqlTask) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: task });
    worker.on('message', send);
    worker.on('error', (error) => send({ kind: 'failed', error: toPlain(error) }));
  });
};

const run = async (task: SqlTask, send: (reply: SqlReply) => void): Promise<unknown> => {
  const onStatements = (statements: readonly string[]): void => send({ kind: 'statements', statements });
  if (task.kind === 'served') return plainLog(readServedRows(task.path, task.from, task.columns, onStatements));
  return deriveHere(
    {
      ...task,
      onProgress: (stage, done, total) => send({ kind: 'progress', stage, done, total }),
      signal: new AbortController().signal,
    },
    onStatements,
  );
};

if (isMainThread) passOn();
else {
  const send = (reply: SqlReply): void => parentPort?.postMessage(reply);
  const task: SqlTask = workerData;
  run(task, send).then(
    (value) => send({ kind: 'done', value }),
    (error: unknown) => send({ kind: 'failed', error: toPlain(error) }),
  );
}
