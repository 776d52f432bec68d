import { join } from 'node:path';
import type { Bases } from './bases.ts';
import { openCase, type CaseResult } from './open-case.ts';
import { targets } from './targets.ts';

/** A process that opens what native code may not survive; the parent tells it case after case. */
export interface CaseTask {
  readonly seed: number;
  readonly n: number;
  readonly target: number;
}
export type FromWorker =
  | { readonly type: 'ask'; readonly what: string }
  | { readonly type: 'done'; readonly result: CaseResult; readonly rss: number }
  | { readonly type: 'broken'; readonly why: string };

const [, , scratch = '', basesJson = '{}'] = process.argv;
// Set here: tsx keeps its cache in the temporary folder there was.
process.env['TMPDIR'] = scratch;
const bases: Bases = JSON.parse(basesJson);
const send = (message: FromWorker): void => void process.send?.(message);

process.on('message', ({ seed, n, target }: CaseTask) => {
  const chosen = targets[target];
  if (chosen === undefined) return send({ type: 'broken', why: `no target ${target}` });
  openCase({
    bases,
    seed,
    n,
    target: chosen,
    dir: join(scratch, 'case'),
    onAsk: (what) => send({ type: 'ask', what }),
  }).then(
    (result) => send({ type: 'done', result, rss: process.memoryUsage().rss }),
    (error: unknown) =>
      send({ type: 'broken', why: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
