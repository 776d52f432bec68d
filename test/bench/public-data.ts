/**
 * Every public dataset through the headless contract, without a hand edit:
 * import → train → index → doctor → recall. Prints a table and exits 1 where a step failed.
 *
 *   npm run build && node --import tsx test/bench/public-data.ts [--only games,lastfm] [--out DIR] [--epochs N]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const data = resolve(root, process.env['RECALL_DATA'] ?? '../shared/data');
const { values } = parseArgs({
  options: { only: { type: 'string' }, out: { type: 'string' }, epochs: { type: 'string' } },
});
const out = values.out ?? mkdtempSync(join(tmpdir(), 'recall-public-'));
mkdirSync(out, { recursive: true });

interface Dataset {
  readonly name: string;
  readonly format: string;
  readonly folder: string;
}
const datasets: readonly Dataset[] = [
  { name: 'movielens', format: 'movielens', folder: 'ml-100k' },
  { name: 'tmall', format: 'tmall', folder: 'tmall-2014' },
  { name: 'lastfm', format: 'lastfm', folder: 'lastfm-hetrec2011' },
  { name: 'completejourney', format: 'completejourney', folder: 'completejourney' },
  { name: 'online-retail', format: 'online-retail', folder: 'uci-online-retail' },
  { name: 'games', format: 'games', folder: 'amazon-games-2018' },
];

interface Step {
  readonly ok: boolean;
  readonly seconds: number;
  readonly json: Record<string, unknown>;
  readonly stderr: string;
}

const run = (args: readonly string[]): Step => {
  const start = performance.now();
  const child = spawnSync(process.execPath, [join(root, 'dist/main.js'), ...args, '--json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - start) / 1000;
  const json = child.stdout.startsWith('{') ? (JSON.parse(child.stdout) as Record<string, unknown>) : {};
  return { ok: child.status === 0, seconds, json, stderr: child.stderr };
};

const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

const rows: string[][] = [['dataset', 'import s', 'counts', 'train s', 'recall@100', 'index s', 'doctor', 'recall']];
let failed = 0;
for (const { name, format, folder } of datasets) {
  if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
  const source = join(data, folder);
  if (!existsSync(source)) {
    console.error(`skipped ${name}: ${source} is missing (set RECALL_DATA)`);
    continue;
  }
  const dir = join(out, name);
  const steps: Record<string, Step> = {};
  const step = (id: string, args: readonly string[]): boolean => {
    const done = run(args);
    steps[id] = done;
    if (!done.ok) {
      failed += 1;
      console.error(`${name} ${id} failed: ${done.stderr.trim().split('\n').slice(-6).join('\n')}`);
    }
    return done.ok;
  };
  const epochs = values.epochs === undefined ? [] : ['--epochs', values.epochs];
  if (
    step('import', ['import', format, source, '--out', dir]) &&
    step('train', ['train', dir, ...epochs]) &&
    step('index', ['index', dir]) &&
    step('doctor', ['doctor', dir])
  ) {
    const users = run(['users', '-w', dir]).json['users'];
    const first = Array.isArray(users) ? (users[0] as { userId: string }).userId : '';
    step('recall', ['recall', first, '-w', dir]);
  }
  const seconds = (id: string): string => steps[id]?.seconds.toFixed(1) ?? '—';
  const epochRows = steps['train']?.json['epochs'];
  const best = Array.isArray(epochRows)
    ? Math.max(...epochRows.map((e: { recallAt100: number }) => e.recallAt100))
    : Number.NaN;
  rows.push([
    name,
    seconds('import'),
    JSON.stringify(steps['import']?.json['counts'] ?? null),
    seconds('train'),
    best.toFixed(3),
    seconds('index'),
    steps['doctor']?.ok ? 'ok' : 'FAILED',
    `${length(steps['recall']?.json['candidates'])} ads`,
  ]);
}
const widths = rows[0]?.map((_, i) => Math.max(...rows.map((r) => r[i]?.length ?? 0))) ?? [];
console.log(rows.map((r) => r.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).join('\n'));
console.log(`workspaces: ${out}`);
process.exitCode = failed === 0 ? 0 : 1;
