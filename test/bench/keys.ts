/**
 * Key to frame, driven by key bytes into the bundled program with a fake terminal:
 * `npm run bench:keys [-- --sizes 20000,200000,1000000] [--dir DIR] [--profile] [--json]`.
 * Two times per change of a weight: until the slider has moved, until the list of the new weight is drawn.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleDrive } from './bundle.ts';
import type { KeysMeasured } from './keys-drive.ts';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '20000,200000,1000000' },
    screens: { type: 'string', default: '160x50,80x24' },
    dir: { type: 'string' },
    profile: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const dir = values.dir ?? join(tmpdir(), 'recall-tui-bench');

const driver = await bundleDrive('keys-drive');

const quantile = (times: readonly number[], q: number): number =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * q))] ?? Number.NaN;

const drive = (ads: string, screen: string): KeysMeasured => {
  const workspace = join(dir, ads);
  if (!existsSync(join(workspace, 'recall.json')))
    throw new Error(`no workspace ${workspace}: npm run fixtures -- --ads ${ads} --out ${workspace}`);
  const child = spawnSync(
    process.execPath,
    [driver, workspace, ...screen.split('x'), ...(values.profile ? ['--profile'] : [])],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 },
  );
  if (child.status !== 0) throw new Error(`driving ${workspace} ended with ${child.status}`);
  const measured: KeysMeasured = JSON.parse(child.stdout.slice(child.stdout.lastIndexOf('\n{') + 1));
  return measured;
};

const header = [
  'ads',
  'screen',
  'slider p50',
  'p99',
  'list p50',
  'p99 ms',
  'bytes p50',
  'max',
  'held p50',
  'p99 ms',
  'recalls / keys',
  'pending',
  'RSS MB',
  'budget',
];
if (!values.json) process.stdout.write(`${header.join(' | ')}\n`);
for (const ads of values.sizes.split(',')) {
  for (const screen of values.screens.split(',')) {
    const m = drive(ads, screen);
    if (values.json) {
      process.stdout.write(`${JSON.stringify({ ads: Number(ads), ...m })}\n`);
      continue;
    }
    const ms = (times: readonly number[], q: number): string => quantile(times, q).toFixed(1);
    process.stdout.write(
      `${[
        ads,
        screen,
        ms(m.slider, 0.5),
        ms(m.slider, 0.99),
        ms(m.list, 0.5),
        ms(m.list, 0.99),
        quantile(m.bytes, 0.5),
        Math.max(...m.bytes),
        ms(m.held, 0.5),
        ms(m.held, 0.99),
        `${m.heldRecalls} / ${m.heldKeys}`,
        m.mostPending,
        m.rssMb.toFixed(0),
        (1.5 * m.diskMb + 250).toFixed(0),
      ].join(' | ')}\n`,
    );
    for (const [name, time] of m.profile) process.stdout.write(`    ${time.toFixed(0).padStart(6)} ms  ${name}\n`);
  }
}
