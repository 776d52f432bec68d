import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { RecallError } from '../../errors.ts';
import type { ScanAnswer, ScanTask, WorkerData } from './protocol.ts';

/** Workers that share the vectors; tasks of one worker are answered in order. */
export interface ScanPool {
  readonly size: number;
  run(worker: number, task: ScanTask): Promise<ScanAnswer>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(answer: ScanAnswer): void;
  reject(error: unknown): void;
}

/** dist/scan-worker.js, seen from the bundle and from the sources; null where neither was built. */
export const workerFile = (): string | null =>
  ['./scan-worker.js', '../../../dist/scan-worker.js']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync) ?? null;

const maxWorkers = 4;

export const openPool = (file: string, data: WorkerData, wanted = availableParallelism()): ScanPool => {
  const workers = Array.from({ length: Math.max(1, Math.min(maxWorkers, wanted)) }, () => startWorker(file, data));
  return {
    size: workers.length,
    run: (worker, task) => workers[worker % workers.length]!.run(task),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
};

/** An idle worker does not keep the process alive; one with work does. */
const startWorker = (
  file: string,
  data: WorkerData,
): { run(task: ScanTask): Promise<ScanAnswer>; close(): Promise<void> } => {
  const worker = new Worker(file, { workerData: data });
  const waiting: Waiting[] = [];
  let broken: unknown = null;
  const settle = (): Waiting | undefined => {
    const first = waiting.shift();
    if (waiting.length === 0) worker.unref();
    return first;
  };
  const fail = (error: unknown): void => {
    broken ??= error;
    for (const one of waiting.splice(0)) one.reject(error);
    worker.unref();
  };
  worker.unref();
  worker.on('message', (answer: ScanAnswer) => settle()?.resolve(answer));
  worker.on('error', fail);
  worker.on('exit', () => fail(new RecallError('cancelled', 'the exact scan was closed')));
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        if (broken !== null) return reject(broken);
        waiting.push({ resolve, reject });
        worker.ref();
        worker.postMessage(task);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
};
