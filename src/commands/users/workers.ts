import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ownFolder } from '../../base/homes.ts';
import { yieldToEventLoop } from '../../engine/interrupt.ts';
import { cancelledError, fromPlain, RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../../console/command.ts';
import { openCheckpoint } from './checkpoint.ts';
import { runUserTask, type UserReply, type UserRows, type UserTask, type WorkerStart } from './jobs.ts';

/** dist/user-worker.js, seen from the bundle and from the sources; null where neither was built. */
const workerFile = (): string | null =>
  ['./user-worker.js', '../../../dist/user-worker.js']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync) ?? null;

const mostWorkers = 2;
/** Below it two workers cost more to start than they save. */
const inlineUsers = 200;
/** Every worker holds an index of its own: above it memory is dearer than time. */
const sharedAds = 200_000;

export interface UsersJob {
  /** Batches; handed out one at a time, so that a slow one does not delay the others. */
  readonly tasks: readonly UserTask[];
  /** Users in all. */
  readonly users: number;
  /** Worker threads; 0 = in this one; undefined = as many as pay. */
  readonly workers: number | undefined;
  readonly stage: string;
  /** Each batch as it comes, in whatever order: for what is kept while the run goes on. */
  readonly onBatch?: (rows: UserRows) => void;
  /** From when on finished batches are kept, so that a run which is stopped goes on where it was; default a minute. */
  readonly keptAfterMs?: number;
}

interface UsersRun {
  readonly rows: UserRows[];
  /** Worker threads that ran it. */
  readonly workers: number;
}

/** Worker threads for several runs of one command: each opens the workspace once. */
export interface UserWorkers {
  /** The rows of all batches in their order, in worker threads where that pays, with progress. Throws `cancelled`. */
  run(job: UsersJob): Promise<UsersRun>;
  /** To be called however the command ends. */
  end(): Promise<void>;
}

export const openUserWorkers = (context: CommandContext, workspace: Workspace): UserWorkers => {
  const threads: Worker[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(threads.splice(0).map(endWorker));
  };
  const run = async (job: UsersJob): Promise<UsersRun> => {
    let done = 0;
    const cache = ownFolder('cache', context.env);
    const checkpoint = openCheckpoint(cache, workspace, job.tasks, job.keptAfterMs);
    const tell = (batch: UserRows): void => {
      job.onBatch?.(batch);
      context.progress({ stage: job.stage, done: (done += batch.rows.length), total: job.users });
    };
    for (const batch of checkpoint.before.values()) tell(batch);
    const places = job.tasks.flatMap((_, place) => (checkpoint.before.has(place) ? [] : [place]));
    const open = places.flatMap((place) => job.tasks[place] ?? []);
    const onBatch = (batch: UserRows, at: number): void => {
      checkpoint.add(places[at] ?? -1, batch);
      tell(batch);
    };
    /** All batches in their order, those of the stopped run among them. */
    const whole = (rows: readonly UserRows[]): UserRows[] => {
      checkpoint.complete();
      const all = new Map(checkpoint.before);
      for (const [at, batch] of rows.entries()) all.set(places[at] ?? -1, batch);
      return job.tasks.flatMap((_, place) => all.get(place) ?? []);
    };
    const file = workerFile();
    const workers = file === null ? 0 : Math.min(wantedWorkers(job, workspace, threads.length), open.length);
    if (file === null || workers === 0)
      return { rows: whole(await inline(context, workspace, open, onBatch)), workers: 0 };
    while (threads.length < workers) threads.push(startWorker(file, workspace.dir, context.env));
    const rows = await inWorkers({ threads: threads.slice(0, workers), end, tasks: open, context, onBatch });
    return { rows: whole(rows), workers };
  };
  return { run, end };
};

/** As many as pay; those that run already cost nothing to start. */
const wantedWorkers = (job: UsersJob, { catalog }: Workspace, running: number): number => {
  if (job.workers !== undefined) return job.workers;
  if (running > 0) return running;
  return job.users <= inlineUsers || catalog.adCount > sharedAds ? 0 : Math.min(mostWorkers, availableParallelism());
};

/** One run: `openUserWorkers` for it alone. */
export const runUsers = async (context: CommandContext, workspace: Workspace, job: UsersJob): Promise<UsersRun> => {
  const workers = openUserWorkers(context, workspace);
  try {
    return await workers.run(job);
  } finally {
    await workers.end();
  }
};

const inline = async (
  { signal }: CommandContext,
  { engine }: Workspace,
  tasks: readonly UserTask[],
  onBatch: (rows: UserRows, at: number) => void,
): Promise<UserRows[]> => {
  const all: UserRows[] = [];
  for (const [at, task] of tasks.entries()) {
    await yieldToEventLoop();
    if (signal.aborted) throw cancelledError();
    const rows = await runUserTask(engine, task, () => signal.aborted);
    all.push(rows);
    onBatch(rows, at);
  }
  return all;
};

/** One batch there, its rows back. */
const ask = (worker: Worker, task: UserTask): Promise<UserRows> =>
  new Promise((resolve, reject) => {
    const onMessage = (reply: UserReply): void => {
      if (reply.kind === 'opened') return;
      done();
      if (reply.kind === 'failed') reject(fromPlain(reply.error));
      else resolve(reply);
    };
    const onError = (error: unknown): void => {
      done();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onExit = (code: number): void => {
      done();
      reject(new RecallError('cancelled', `a worker ended with code ${code}`));
    };
    const done = (): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(task);
  });

/** Runs batches one by one as they are handed over: for work whose batches are not known before. */
export interface UserPool {
  /** Worker threads; 0: in this one, a batch at a time. */
  readonly workers: number;
  run(task: UserTask): Promise<UserRows>;
  close(): Promise<void>;
}

/** What it prints goes nowhere near a screen. */
const startWorker = (file: string, dir: string, env: CommandContext['env']): Worker => {
  const start: WorkerStart = { dir };
  const worker = new Worker(file, { workerData: start, env: { ...env }, stdout: true, stderr: true });
  worker.stdout.resume();
  worker.stderr.resume();
  settled.set(
    worker,
    new Promise((resolve) => {
      worker.once('message', resolve).once('exit', resolve).once('error', resolve);
    }),
  );
  return worker;
};

/** When a worker's workspace is open, or the worker gone. */
const settled = new WeakMap<Worker, Promise<unknown>>();

/** A thread that is ended while native code loads its index takes the whole process with it: it is waited for. */
const endWorker = async (worker: Worker): Promise<void> => {
  await settled.get(worker);
  await worker.terminate();
};

/** A pool for about `users` users; without `wanted` as many threads as pay. Ends with `close`, or when it is aborted. */
export const userPool = (
  { env, signal }: CommandContext,
  { dir, engine, catalog }: Workspace,
  users: number,
  wanted: number | undefined,
): UserPool => {
  const file = workerFile();
  const paying =
    users <= inlineUsers || catalog.adCount > sharedAds ? 0 : Math.min(mostWorkers, availableParallelism());
  const count = file === null ? 0 : (wanted ?? paying);
  if (file === null || count === 0)
    return {
      workers: 0,
      run: async (task) => {
        await yieldToEventLoop();
        if (signal.aborted) throw cancelledError();
        return runUserTask(engine, task, () => signal.aborted);
      },
      close: () => Promise.resolve(),
    };
  const workers = Array.from({ length: count }, () => startWorker(file, dir, env));
  /** What each worker is doing: batches go to them in turn. */
  const last: Array<Promise<unknown>> = workers.map(() => Promise.resolve());
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', stop);
    await Promise.all(workers.map(endWorker));
  };
  const stop = (): void => {
    void close();
  };
  signal.addEventListener('abort', stop, { once: true });
  let next = 0;
  return {
    workers: count,
    run: (task) => {
      const i = next++ % count;
      const worker = workers[i];
      const rows = (last[i] ?? Promise.resolve()).then(() => {
        if (signal.aborted || worker === undefined) throw cancelledError();
        return ask(worker, task).catch((error: unknown) => {
          throw signal.aborted ? cancelledError(error) : error;
        });
      });
      last[i] = rows.catch(() => undefined);
      return rows;
    },
    close,
  };
};

interface WorkerJob {
  readonly threads: readonly Worker[];
  readonly end: () => Promise<void>;
  readonly tasks: readonly UserTask[];
  readonly context: CommandContext;
  readonly onBatch: (rows: UserRows, at: number) => void;
}

/** A run that is cancelled or fails ends its workers. */
const inWorkers = async ({ threads, end, tasks, context: { signal }, onBatch }: WorkerJob): Promise<UserRows[]> => {
  const results = new Map<number, UserRows>();
  let next = 0;
  const stop = (): void => {
    void end();
  };
  signal.addEventListener('abort', stop, { once: true });
  const drain = async (worker: Worker): Promise<void> => {
    for (let i = next++; ; i = next++) {
      const task = tasks[i];
      if (task === undefined) return;
      if (signal.aborted) throw cancelledError();
      const rows = await ask(worker, task);
      results.set(i, rows);
      onBatch(rows, i);
    }
  };
  try {
    await Promise.all(threads.map(drain));
    return tasks.flatMap((_, i) => results.get(i) ?? []);
  } catch (error) {
    await end();
    throw signal.aborted ? cancelledError(error) : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
