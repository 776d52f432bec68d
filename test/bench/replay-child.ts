/** Records and replays in a process of its own and prints one JSON line. Bundled and run by replay.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import { commands } from '../../src/commands/registry.ts';
import { modes, type RecallQuery } from '../../src/domain/query.ts';
import { createFactories, openWorkspace } from '../../src/index.ts';
import { readSession } from '../../src/session/read.ts';
import { createRecorder } from '../../src/session/recorder.ts';
import { replaySession } from '../../src/session/replay.ts';
import { createStepRunner } from '../../src/session/run-step.ts';
import { openVault } from '../../src/session/vault.ts';

/** Steps a second of time passed; `PerCpuSecond`: of the process's own time, whatever else runs. */
export interface ReplayMeasured {
  steps: number;
  recordPerSecond: number;
  readMs: number;
  replayPerSecond: number;
  replayPerCpuSecond: number;
  barePerSecond: number;
  barePerCpuSecond: number;
  failed: number;
}

const steps = Number(process.argv[2] ?? '10000');
const users = Number(process.argv[3] ?? '200');
const mixed = process.argv[4] === 'mixed';
const env = process.env;
const tools = createFactories(env);
const workspace = await openWorkspace({ dir: 'demo', cwd: process.cwd(), env });
const vault = await openVault(workspace);
const signal = new AbortController().signal;
const runner = createStepRunner(commands, { tools, env, progress: () => undefined, signal });
const ids = workspace.store.userIds().slice(0, users);

/** Runs of weight changes on one user after the other, as a person debugs. */
const queryAt = (n: number): RecallQuery => {
  const userId = ids[Math.floor((n * ids.length) / steps)] ?? '';
  const base = workspace.engine.defaultQuery(
    { ...workspace.manifest.defaults, rules: workspace.rules, asOf: workspace.manifest.asOf },
    userId,
  );
  const group = workspace.settings.groups[n % workspace.settings.groups.length]?.name ?? '';
  return {
    ...base,
    mode: mixed ? (modes[n % modes.length] ?? 'model') : 'model',
    weights: { ...base.weights, [group]: ((n * 7) % 80) / 20 },
  };
};

interface Took {
  readonly seconds: number;
  readonly cpu: number;
}
const timed = async (run: () => Promise<unknown>): Promise<Took> => {
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - from) / 1000, cpu: (user + system) / 1e6 };
};

const dir = mkdtempSync(join(tmpdir(), 'recall-bench-'));
const path = join(dir, 's.jsonl');
const recorder = await createRecorder({
  locks: fileLocks,
  path,
  workspace,
  vault,
  specsOf: runner.specsOf,
  tool: 'bench',
});
const recording = await timed(async () => {
  for (let n = 0; n < steps; n += 1) {
    recorder.record(
      'recall',
      { user: queryAt(n).userId },
      await runner.run({ command: 'recall', args: {}, query: queryAt(n), other: null }, workspace),
    );
    recorder.expect({ kind: 'ids' });
  }
});
recorder.close();
const reading = await timed(() => readSession(path));
const session = await readSession(path);
let failed = 0;
const bare = await timed(async () => {
  for (let n = 0; n < steps; n += 1) await workspace.engine.recall(queryAt(n));
});
const replaying = await timed(async () => {
  failed = (await replaySession(session, { workspace, vault, runner })).failed;
});
const measured: ReplayMeasured = {
  steps,
  recordPerSecond: steps / recording.seconds,
  readMs: reading.seconds * 1000,
  failed,
  replayPerSecond: steps / replaying.seconds,
  replayPerCpuSecond: steps / replaying.cpu,
  barePerSecond: steps / bare.seconds,
  barePerCpuSecond: steps / bare.cpu,
};
process.stdout.write(`${JSON.stringify(measured)}\n`);
rmSync(dir, { recursive: true });
await workspace.close();
