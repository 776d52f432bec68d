/** Records and replays in a process of its own and prints one JSON line. Bundled and run by replay.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../src/commands/registry.ts';
import { modes, type RecallQuery } from '../../src/domain/query.ts';
import { createTools, openWorkspace } from '../../src/index.ts';
import { readSession } from '../../src/session/read.ts';
import { createRecorder } from '../../src/session/recorder.ts';
import { replaySession } from '../../src/session/replay.ts';
import { createStepRunner } from '../../src/session/run-step.ts';
import { openVault } from '../../src/session/vault.ts';

export interface ReplayMeasured { steps: number; recordPerSecond: number; readMs: number; replayPerSecond: number; barePerSecond: number; failed: number }

const steps = Number(process.argv[2] ?? '10000');
const users = Number(process.argv[3] ?? '200');
const mixed = process.argv[4] === 'mixed';
const env = process.env;
const tools = createTools(env);
const workspace = await openWorkspace({ dir: 'demo', cwd: process.cwd(), env });
const vault = await openVault(workspace);
const signal = new AbortController().signal;
const runner = createStepRunner(commands, { tools, env, progress: () => undefined, signal });
const ids = workspace.store.userIds().slice(0, users);

/** Runs of weight changes on one user after the other, as a person debugs. */
const queryAt = (n: number): RecallQuery => {
  const userId = ids[Math.floor((n * ids.length) / steps)] ?? '';
  const base = workspace.engine.defaultQuery({ ...workspace.manifest.defaults, rules: workspace.rules, asOf: workspace.manifest.asOf }, userId);
  const group = workspace.settings.groups[n % workspace.settings.groups.length]?.name ?? '';
  return { ...base, mode: mixed ? modes[n % modes.length] ?? 'model' : 'model', weights: { ...base.weights, [group]: ((n * 7) % 80) / 20 } };
};

const seconds = async (run: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await run();
  return (performance.now() - from) / 1000;
};

const dir = mkdtempSync(join(tmpdir(), 'recall-bench-'));
const path = join(dir, 's.jsonl');
const recorder = await createRecorder({ path, workspace, vault, specsOf: runner.specsOf, tool: 'bench' });
const recording = await seconds(async () => {
  for (let n = 0; n < steps; n += 1) {
    recorder.record('recall', { user: queryAt(n).userId }, await runner.run({ command: 'recall', args: {}, query: queryAt(n), other: null }, workspace));
    recorder.expect({ kind: 'ids' });
  }
});
recorder.close();
const reading = await seconds(() => readSession(path));
const session = await readSession(path);
let failed = 0;
const bare = await seconds(async () => { for (let n = 0; n < steps; n += 1) await workspace.engine.recall(queryAt(n)); });
const replaying = await seconds(async () => { failed = (await replaySession(session, { workspace, vault, runner })).failed; });
const measured: ReplayMeasured = { steps, recordPerSecond: steps / recording, readMs: reading * 1000, replayPerSecond: steps / replaying, barePerSecond: steps / bare, failed };
process.stdout.write(`${JSON.stringify(measured)}\n`);
rmSync(dir, { recursive: true });
await workspace.close();
