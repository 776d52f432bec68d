import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/*
 * Loaded into the screen and into its host by NODE_OPTIONS, so that the program itself has nothing for it: at SIGUSR2
 * it collects what is garbage and appends the memory that remains to `$RECALL_PROBE/PID.jsonl`. Where `PID.snapshot`
 * names a file, a heap snapshot goes there first.
 */
const dir = process.env.RECALL_PROBE;
const name = /(main|host)\.js$/.exec(process.argv[1] ?? '')?.[1];
if (dir !== undefined && name !== undefined && isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  process.on('SIGUSR2', () => {
    collect();
    collect();
    const asked = join(dir, `${process.pid}.snapshot`);
    if (existsSync(asked)) {
      writeHeapSnapshot(readFileSync(asked, 'utf8'));
      rmSync(asked);
    }
    appendFileSync(join(dir, `${process.pid}.jsonl`), `${JSON.stringify({ name, ...process.memoryUsage() })}\n`);
  });
}
