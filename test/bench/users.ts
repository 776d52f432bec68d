/**
 * Users a second of `compare --all`, encodings apart: `npm run bench:users [-- --sizes 10000,100000 --dir DIR]`.
 * The shipped program, two worker threads, 2,000 users; users ÷ (time of recall and measuring ÷ workers). Each size
 * is run three times and the median printed. Workspaces are made once and kept in --dir.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './bundle.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000' },
    dir: { type: 'string' },
    runs: { type: 'string', default: '3' },
  },
});
const dir = values.dir ?? join(tmpdir(), 'recall-tui-bench');
const pairs = ['legacy,model', 'i2i,model', 'popular,model', 'legacy,merged'] as const;

const node = (args: readonly string[]): string => {
  const child = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}\n${child.stderr}`);
  return child.stdout;
};

interface Timings {
  readonly encode: number;
  readonly recallAndMeasure: number;
  readonly workers: number;
}
interface Rate {
  readonly users: number;
  readonly encodeUs: number;
}

const rateOf = (workspace: string, modes: string): Rate => {
  const out: { sampled: number; timingsMs: Timings } = JSON.parse(
    node([
      join(root, 'dist/main.js'),
      'compare',
      '--all',
      '--modes',
      modes,
      '--workers',
      '2',
      '--allow-leak',
      '-w',
      workspace,
      '--json',
    ]),
  );
  const { encode, recallAndMeasure, workers } = out.timingsMs;
  return { users: out.sampled / (recallAndMeasure / 1000 / workers), encodeUs: (encode / out.sampled) * 1000 };
};

const median = (list: readonly number[]): number => [...list].sort((x, y) => x - y)[list.length >> 1] ?? Number.NaN;

for (const size of values.sizes.split(',')) {
  const workspace = join(dir, size);
  if (!existsSync(join(workspace, 'recall.json')))
    node(['--import', 'tsx', 'fixtures/generate.ts', '--ads', size, '--out', workspace]);
  for (const modes of pairs) {
    const rates = Array.from({ length: Number(values.runs) }, () => rateOf(workspace, modes));
    console.log(
      `${size.padStart(8)} ads  ${modes.padEnd(14)} ${median(rates.map((r) => r.users))
        .toFixed(0)
        .padStart(
          6,
        )} users/s  encoding apart ${median(rates.map((r) => r.encodeUs)).toFixed(0)} µs a user  load ${(loadavg()[0] ?? 0).toFixed(1)}`,
    );
  }
}
