/**
 * The budgets of the design, measured: `npm run bench [-- --sizes 20000,200000,1000000] [--dir DIR] [--markdown | --json]`.
 * One child process per size, so that memory is its own; medians and ratios within one run.
 * Workspaces are made once (a million ads take minutes) and kept in --dir.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleMeasure, root } from './bundle.ts';
import { eventCounts } from './event-counts.ts';
import type { Measured } from './measure.ts';
import { firstAnswerMs, isBuilt, processMs } from './start-up.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '20000,200000,1000000' },
    dir: { type: 'string' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
  },
});
const dir = values.dir ?? join(tmpdir(), 'recall-tui-bench');

const node = (args: readonly string[], quiet: boolean): string => {
  const child = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', quiet ? 'pipe' : 'inherit'],
    maxBuffer: 1 << 26,
  });
  if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}\n${child.stderr ?? ''}`);
  return child.stdout;
};

interface Row extends Measured {
  readonly firstAnswerMs: number;
}

const measure = await bundleMeasure();
const measured = values.sizes
  .split(',')
  .map(Number)
  .map((ads): Row => {
    const workspace = join(dir, String(ads));
    if (!existsSync(join(workspace, 'recall.json')))
      node(['--import', 'tsx', 'fixtures/generate.ts', '--ads', String(ads), '--out', workspace], false);
    const inside: Measured = JSON.parse(node(['--expose-gc', measure, workspace], true));
    return { ...inside, firstAnswerMs: isBuilt ? firstAnswerMs(workspace) : Number.NaN };
  });

/** log(b ÷ a) ÷ log(nb ÷ na): the exponent of growth between the smallest and the largest size. */
const exponent = (pick: (m: Row) => number): string => {
  const [a, b] = [measured[0], measured[measured.length - 1]];
  if (a === undefined || b === undefined || a.ads === b.ads) return '—';
  return (Math.log(pick(b) / pick(a)) / Math.log(b.ads / a.ads)).toFixed(2);
};

interface Line {
  readonly name: string;
  readonly unit: string;
  readonly budget: string;
  readonly digits: number;
  pick(m: Row): number;
}
const lines: readonly Line[] = [
  {
    name: 'first answer, whole process',
    unit: 's',
    budget: '2.5 at 1M',
    digits: 2,
    pick: (m) => m.firstAnswerMs / 1000,
  },
  { name: 'bare searchKnn, k=100, ef=128', unit: 'ms', budget: '', digits: 3, pick: (m) => m.bareMs },
  { name: 'model recall, encodings cached', unit: 'ms', budget: 'growth 0.25', digits: 3, pick: (m) => m.recallMs },
  { name: 'recall ÷ bare searchKnn', unit: '×', budget: '1.2', digits: 2, pick: (m) => m.recallRatio },
  {
    name: 'the same after a weight change (fused anew)',
    unit: 'ms',
    budget: '',
    digits: 3,
    pick: (m) => m.reweightedMs,
  },
  { name: 'exact scan, top 100', unit: 'ms', budget: '', digits: 1, pick: (m) => m.exactMs },
  { name: 'Shapley for the top 100', unit: 'ms', budget: '10, flat', digits: 2, pick: (m) => m.shapleyMs },
  ...eventCounts.map((n): Line => ({
    name: `the same, ${n} events of the user added`,
    unit: 'ms',
    budget: n === eventCounts[0] ? 'growth with events' : '',
    digits: 2,
    pick: (m) => m.eventsMs[n]?.shapley ?? Number.NaN,
  })),
  ...eventCounts.map((n): Line => ({
    name: `explain one ad with its events, ${n} added`,
    unit: 'ms',
    budget: '',
    digits: 1,
    pick: (m) => m.eventsMs[n]?.explain ?? Number.NaN,
  })),
  { name: 'why-not with exact rank', unit: 'ms', budget: '100 at 1M', digits: 1, pick: (m) => m.whyNotMs },
  { name: 'search for a repair, every try run', unit: 'ms', budget: '', digits: 1, pick: (m) => m.repairMs },
  { name: 'queries run for it', unit: '', budget: '', digits: 0, pick: (m) => m.repairRuns },
  { name: 'smallest-ef certificate', unit: 'ms', budget: '250 at 1M', digits: 1, pick: (m) => m.certificateMs },
  { name: 'index + vectors on disk', unit: 'MB', budget: '', digits: 0, pick: (m) => m.diskMb },
  { name: 'resident memory', unit: 'MB', budget: '1.5 × disk + 250', digits: 0, pick: (m) => m.rssMb },
  { name: 'memory ÷ its budget', unit: '×', budget: '1', digits: 2, pick: (m) => m.rssMb / (1.5 * m.diskMb + 250) },
];

const head = ['', ...measured.map((m) => `${m.ads.toLocaleString('en')} ads`), 'growth', 'budget'];
const table = [
  head,
  ...lines.map((line) => [
    line.unit === '' ? line.name : `${line.name} (${line.unit})`,
    ...measured.map((m) => line.pick(m).toFixed(line.digits)),
    exponent(line.pick),
    line.budget,
  ]),
];

const markdown = (): string => {
  const [first = [], ...rest] = table.map((cells) => `| ${cells.join(' | ')} |`);
  return [first, `|${head.map((_, i) => (i === 0 ? '---|' : '---:|')).join('')}`, ...rest].join('\n');
};

const aligned = (): string => {
  const widths = head.map((_, i) => Math.max(...table.map((cells) => cells[i]?.length ?? 0)));
  return table
    .map((cells) =>
      cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
};

const startUp = (): string =>
  isBuilt
    ? `Whole processes, median of 7: --version ${processMs(['--version']).toFixed(0)} ms, --help ${processMs(['--help']).toFixed(0)} ms, ` +
      `first answer over the demo ${firstAnswerMs('demo').toFixed(0)} ms (budget 700).`
    : 'Start-up was not measured: run `npm run build` first.';

console.log(values.json ? JSON.stringify(measured) : `${values.markdown ? markdown() : aligned()}\n\n${startUp()}`);
