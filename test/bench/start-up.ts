/** The command line as a user meets it: whole processes of the built program, median of several. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle.ts';

const main = join(root, 'dist/main.js');
export const isBuilt = existsSync(main);

const runMain = (args: readonly string[]): string => {
  const child = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  });
  if (child.status !== 0) throw new Error(`recall-tui ${args.join(' ')} ended with ${child.status}\n${child.stderr}`);
  return child.stdout;
};

/** Wall time of one whole process, ms. The first run, which may build the demo and take hashes, does not count. */
export const processMs = (args: readonly string[], runs = 7): number => {
  runMain(args);
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    runMain(args);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[runs >> 1] ?? Number.NaN;
};

/** From the shell's prompt to the first list of a user: `recall USER -w DIR --json`. */
export const firstAnswerMs = (workspace: string): number => {
  const { users }: { users: ReadonlyArray<{ userId: string }> } = JSON.parse(
    runMain(['users', '-w', workspace, '--json']),
  );
  return processMs(['recall', users[0]?.userId ?? '', '-w', workspace, '--json']);
};
