/**
 * The budgets of the design, measured: `npm run bench [-- --sizes 20000,200000,1000000] [--dir DIR]`.
 * One child process per size, so that memory and start-up are its own; medians and ratios within one run.
 * Workspaces are made once (a million ads take minutes) and kept in --dir.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Measured } from './measure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({ options: { sizes: { type: 'string', default: '20000,200000,1000000' }, dir: { type: 'string' }, json: { type: 'boolean', default: false } } });
const dir = values.dir ?? join(tmpdir(), 'recall-tui-bench');
const sizes = values.sizes.split(',').map(Number);

const node = (args: readonly string[], quiet: boolean): string => {
  const child = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', quiet ? 'pipe' : 'inherit'], maxBuffer: 1 << 26 });
  if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}\n${child.stderr ?? ''}`);
  return child.stdout;
};

const measured: Measured[] = [];
for (const ads of sizes) {
  const workspace = join(dir, String(ads));
  if (!existsSync(join(workspace, 'recall.json'))) node(['fixtures/generate.ts', '--ads', String(ads), '--out', workspace], false);
  measured.push(JSON.parse(node(['test/bench/measure.ts', workspace], true)) as Measured);
}

/** log(b ÷ a) ÷ log(nb ÷ na): the exponent of growth between the smallest and the largest size. */
const exponent = (pick: (m: Measured) => number): string => {
  const [a, b] = [measured[0], measured[measured.length - 1]];
  if (a === undefined || b === undefined || a.ads === b.ads) return '—';
  return (Math.log(pick(b) / pick(a)) / Math.log(b.ads / a.ads)).toFixed(2);
};

interface Row { readonly name: string; readonly unit: string; readonly budget: string; readonly digits: number; pick(m: Measured): number }
const rows: readonly Row[] = [
  { name: 'open to first answer', unit: 's', budget: '2.5 at 1M', digits: 2, pick: (m) => m.firstAnswerMs / 1000 },
  { name: 'bare searchKnn, k=100, ef=128', unit: 'ms', budget: '', digits: 3, pick: (m) => m.bareMs },
  { name: 'model recall, encodings cached', unit: 'ms', budget: '', digits: 3, pick: (m) => m.recallMs },
  { name: 'recall ÷ bare searchKnn', unit: '×', budget: '1.2', digits: 2, pick: (m) => m.recallRatio },
  { name: 'exact scan, top 100', unit: 'ms', budget: '', digits: 1, pick: (m) => m.exactMs },
  { name: 'Shapley for the top 100', unit: 'ms', budget: '10', digits: 2, pick: (m) => m.shapleyMs },
  { name: 'why-not with exact rank', unit: 'ms', budget: '100 at 1M', digits: 1, pick: (m) => m.whyNotMs },
  { name: 'smallest-ef certificate', unit: 'ms', budget: '250', digits: 1, pick: (m) => m.certificateMs },
  { name: 'index + vectors on disk', unit: 'MB', budget: '', digits: 0, pick: (m) => m.diskMb },
  { name: 'resident memory', unit: 'MB', budget: '1.5 × disk + 250', digits: 0, pick: (m) => m.rssMb },
  { name: 'memory ÷ its budget', unit: '×', budget: '1', digits: 2, pick: (m) => m.rssMb / (1.5 * m.diskMb + 250) },
];

const startUp = (args: readonly string[]): number => {
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    spawnSync(process.execPath, [join(root, 'dist/main.js'), ...args], { stdio: 'ignore' });
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[3] ?? Number.NaN;
};

if (values.json) console.log(JSON.stringify(measured));
else {
  const head = ['', ...measured.map((m) => `${m.ads.toLocaleString('en')} ads`), 'growth', 'budget'];
  const table = [head, ...rows.map((row) => [`${row.name} (${row.unit})`, ...measured.map((m) => row.pick(m).toFixed(row.digits)), exponent(row.pick), row.budget])];
  const widths = head.map((_, i) => Math.max(...table.map((r) => r[i]?.length ?? 0)));
  console.log(table.map((r) => r.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')).join('\n'));
  console.log(`\ncommand line, whole process, median of 7: --version ${startUp(['--version']).toFixed(0)} ms`);
  if (existsSync(join(root, 'dist/main.js'))) console.log(`bundle: ${(statSync(join(root, 'dist/main.js')).size / 1024).toFixed(0)} kB entry`);
}
