import { parentPort, workerData } from 'node:worker_threads';
import { runUserTask, type UserReply, type UserTask, type WorkerStart } from './commands/users/jobs.ts';
import { toPlain } from './errors.ts';
import { openWorkspace } from './index.ts';

/** Entry of a worker over users (dist/user-worker.js): opens the workspace itself, then one batch of users in, their rows out. */
const port = parentPort;
if (port === null) throw new Error('user-worker runs as a worker thread only');
const { dir }: WorkerStart = workerData;
const opened = openWorkspace({ dir, cwd: process.cwd(), env: process.env });

const answer = async (task: UserTask): Promise<UserReply> => {
  try {
    return await runUserTask((await opened).engine, task);
  } catch (error) {
    return { kind: 'failed', error: toPlain(error) };
  }
};

const say = (reply: UserReply): void => {
  port.postMessage(reply);
};

// Whoever ends this thread waits for it: native code that loads an index aborts the process of a thread that is gone.
void opened.then(
  () => say({ kind: 'opened' }),
  () => say({ kind: 'opened' }),
);

port.on('message', (task: UserTask) => {
  void answer(task).then(say);
});
