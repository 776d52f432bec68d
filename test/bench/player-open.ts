/**
 * Time from Enter on `:play FILE` to the frame with the player's steps, through the real screen and its host's thread,
 * of a recording of many steps on the demo: `node --import tsx test/bench/player-open.ts [--steps 10000] [--runs 5]`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import { commands } from '../../src/commands/registry.ts';
import { createFactories, openWorkspace } from '../../src/index.ts';
import { createRecorder } from '../../src/session/recorder.ts';
import { createStepRunner } from '../../src/session/run-step.ts';
import { openVault } from '../../src/session/vault.ts';
import { bundleDrive } from './bundle.ts';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '10000' }, runs: { type: 'string', default: '5' } },
});
const steps = Number(values.steps);
const { env } = process;
const tools = createFactories(env);
const workspace = await openWorkspace({ dir: 'demo', cwd: process.cwd(), env });
const { signal } = new AbortController();
const runner = createStepRunner(commands, { tools, env, progress: () => undefined, signal });
const dir = mkdtempSync(join(tmpdir(), 'recall-bench-'));
const path = join(dir, 's.jsonl');

/** 100 real questions of k = 50, each pinned, written again and again under new numbers: opening runs none of them. */
const recorder = await createRecorder({
  path,
  workspace,
  vault: await openVault(workspace),
  locks: fileLocks,
  specsOf: runner.specsOf,
  tool: 'bench',
});
for (const userId of workspace.store.userIds().slice(0, 100)) {
  const query = {
    ...workspace.engine.defaultQuery(
      { ...workspace.manifest.defaults, rules: workspace.rules, asOf: workspace.manifest.asOf },
      userId,
    ),
    k: 50,
  };
  recorder.record(
    'recall',
    { user: userId },
    await runner.run({ command: 'recall', args: {}, query, other: null }, workspace),
  );
  recorder.expect({ kind: 'ids' });
}
recorder.close();
await workspace.close();
const [header = '', ...recorded] = readFileSync(path, 'utf8').trimEnd().split('\n');
const renumbered = Array.from({ length: steps * 2 }, (_, i) =>
  (recorded[i % recorded.length] ?? '').replace(
    /^\{"(step|amends)":\d+/,
    (_match, field: string) => `{"${field}":${Math.floor(i / 2) + 1}`,
  ),
);
const text = `${[header, ...renumbered].join('\n')}\n`;
const files = Array.from({ length: Number(values.runs) }, (_, run) => join(dir, `${run}.jsonl`));
for (const file of files) writeFileSync(file, text);

const from = performance.now();
for (const line of renumbered) JSON.parse(line);
const parse = performance.now() - from;
const child = spawnSync(process.execPath, [await bundleDrive('player-drive'), ...files], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...env, XDG_STATE_HOME: dir },
});
rmSync(dir, { recursive: true });
if (child.status !== 0) throw new Error(`driving the screen ended with ${child.status}`);
const took: readonly number[] = JSON.parse(child.stdout.slice(child.stdout.lastIndexOf('\n[') + 1));
const sorted = took.toSorted((a, b) => a - b);
console.log(
  `${steps} steps, ${(text.length / 1e6).toFixed(1)} MB: from Enter to the frame ${(took[0] ?? 0).toFixed(0)} ms the first time, median ${(sorted[sorted.length >> 1] ?? 0).toFixed(0)}, worst ${(sorted.at(-1) ?? 0).toFixed(0)} ms of ${took.length} (budget 1000); JSON.parse of the lines alone ${parse.toFixed(0)} ms; load ${(loadavg()[0] ?? 0).toFixed(1)}`,
);
