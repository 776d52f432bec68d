import { parentPort } from 'node:worker_threads';

/** A host's thread that fails at its first request. */
parentPort?.on('message', (request) => {
  if (request.type !== 'close') throw new Error('thrown in a worker');
});
