import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { BlastRow } from '../domain/blast.ts';
import { RecallError } from '../errors.ts';
import type { BlastReply, BlastStart, BlastTask } from './blast-protocol.ts';

/** dist/blast-worker.js, seen from the bundle and from the sources; null where neither was built. */
export const blastWorkerFile = (): string | null =>
  ['./blast-worker.js', '../../dist/blast-worker.js'].map((path) => fileURLToPath(new URL(path, import.meta.url))).find(existsSync) ?? null;

export const mostBlastWorkers = 2;

export interface BlastJob {
  readonly file: string;
  readonly start: BlastStart;
  /** Batches of users; handed out one at a time, so that a slow one delays nobody. */
  readonly batches: ReadonlyArray<readonly string[]>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onProgress: (users: number) => void;
  readonly workers?: number;
}

/** One batch there, its rows back. What the worker prints goes nowhere near a screen. */
const ask = (worker: Worker, task: BlastTask): Promise<readonly BlastRow[]> => new Promise((resolve, reject) => {
  const done = (): void => { worker.removeAllListeners(); };
  worker.once('message', (reply: BlastReply) => {
    done();
    if ('rows' in reply) resolve(reply.rows);
    else reject(new RecallError('internal', `a worker failed: ${reply.error.message}`, { ...(reply.error.todo === undefined ? {} : { todo: reply.error.todo }) }));
  });
  worker.once('error', (error) => { done(); reject(error instanceof Error ? error : new Error(String(error))); });
  worker.once('exit', (code) => { done(); reject(new RecallError('cancelled', `a worker ended with code ${code}`)); });
  worker.postMessage(task);
});

/** Rows of all batches, in their order. Workers end with the run, however it ends. Throws `cancelled`. */
export const blastInWorkers = async ({ file, start, batches, env, signal, onProgress, workers: wanted }: BlastJob): Promise<BlastRow[]> => {
  const results: Array<readonly BlastRow[]> = batches.map(() => []);
  let next = 0;
  let users = 0;
  const count = Math.max(1, Math.min(wanted ?? Math.min(mostBlastWorkers, availableParallelism()), batches.length));
  const workers = Array.from({ length: count }, () => new Worker(file, { workerData: start, env: { ...env }, stdout: true, stderr: true }));
  const end = async (): Promise<void> => { await Promise.all(workers.map((worker) => worker.terminate())); };
  const stop = (): void => { void end(); };
  signal.addEventListener('abort', stop, { once: true });
  const drain = async (worker: Worker): Promise<void> => {
    worker.stdout.resume();
    worker.stderr.resume();
    for (let i = next++; i < batches.length; i = next++) {
      if (signal.aborted) throw new RecallError('cancelled', 'cancelled');
      const rows = await ask(worker, { users: batches[i] ?? [] });
      results[i] = rows;
      users += rows.length;
      onProgress(users);
    }
  };
  try {
    await Promise.all(workers.map(drain));
    return results.flat();
  } catch (error) {
    throw signal.aborted ? new RecallError('cancelled', 'cancelled', { cause: error }) : error;
  } finally {
    signal.removeEventListener('abort', stop);
    await end();
  }
};
