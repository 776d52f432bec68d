import { parentPort, workerData } from 'node:worker_threads';
import { runTask } from './protocol.ts';
import type { ScanTask, WorkerData } from './protocol.ts';

/** Entry of a scan worker (dist/scan-worker.js): one task in, one answer out, in order. */
const { shared, byteOffset, length, dim, space }: WorkerData = workerData;
const data = new Float32Array(shared, byteOffset, length);
const port = parentPort;
if (port === null) throw new Error('scan-worker runs as a worker thread only');
port.on('message', (task: ScanTask) => port.postMessage(runTask({ data, dim, space }, task)));
