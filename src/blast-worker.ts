import { parentPort, workerData } from 'node:worker_threads';
import type { BlastStart, BlastTask, BlastReply } from './commands/blast-protocol.ts';
import { blastUsers } from './engine/blast.ts';
import { toPlain } from './errors.ts';
import { openWorkspace } from './index.ts';

/** Entry of a blast worker (dist/blast-worker.js): opens the workspace itself, then one batch of users in, their rows out. */
const port = parentPort;
if (port === null) throw new Error('blast-worker runs as a worker thread only');
const { dir, change }: BlastStart = workerData;
const opened = openWorkspace({ dir, cwd: process.cwd(), env: process.env });

const answer = async ({ users }: BlastTask): Promise<BlastReply> => {
  try {
    const { engine } = await opened;
    return { rows: await blastUsers(engine, change, users) };
  } catch (error) {
    return { error: toPlain(error) };
  }
};

port.on('message', (task: BlastTask) => { void answer(task).then((reply) => { port.postMessage(reply); }); });
