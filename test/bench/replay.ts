/**
 * Steps a second of a replay against the same queries asked of the bare engine, in one process:
 * `node --import tsx test/bench/replay.ts [--steps 10000] [--users 200] [--mixed]` on the demo.
 */
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ReplayMeasured } from './replay-child.ts';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '10000' },
    users: { type: 'string', default: '200' },
    mixed: { type: 'boolean', default: false },
  },
});

const child = spawnSync(
  process.execPath,
  [
    '--import',
    'tsx',
    fileURLToPath(new URL('replay-child.ts', import.meta.url)),
    values.steps,
    values.users,
    ...(values.mixed ? ['mixed'] : []),
  ],
  { encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' }, stdio: ['ignore', 'pipe', 'inherit'] },
);
if (child.status !== 0) throw new Error(`the measurement ended with ${child.status}`);
const measured: ReplayMeasured = JSON.parse(child.stdout);
const { steps, recordPerSecond, readMs, replayPerSecond, replayPerCpuSecond, barePerSecond, barePerCpuSecond, failed } =
  measured;
console.log(
  `${steps} steps, ${values.users} users, ${values.mixed ? 'all modes' : 'mode model'}: replay ${replayPerSecond.toFixed(0)} a second, ${replayPerCpuSecond.toFixed(0)} a second of its own CPU time (budget 500), bare engine.recall ${barePerSecond.toFixed(0)} and ${barePerCpuSecond.toFixed(0)}, ratio ${(barePerCpuSecond / replayPerCpuSecond).toFixed(2)}; load ${(loadavg()[0] ?? 0).toFixed(1)}; read in ${readMs.toFixed(0)} ms; recorded with fsync ${recordPerSecond.toFixed(0)} a second; ${failed} failed`,
);
