/**
 * Time from `play FILE` to the player's first frame with rows, of a recording of many steps on the demo:
 * `node --import tsx test/bench/player-open.ts [--steps 10000] [--runs 5]`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playCommand, type PlayData } from '../../src/commands/play.ts';
import { commands } from '../../src/commands/registry.ts';
import { createTools, openWorkspace } from '../../src/index.ts';
import { createRecorder } from '../../src/session/recorder.ts';
import { createStepRunner } from '../../src/session/run-step.ts';
import { openVault } from '../../src/session/vault.ts';
import { playView } from '../../src/views/play-view.ts';

const { values } = parseArgs({ options: { steps: { type: 'string', default: '10000' }, runs: { type: 'string', default: '5' } } });
const steps = Number(values.steps);
const { env } = process;
const tools = createTools(env);
const workspace = await openWorkspace({ dir: 'demo', cwd: process.cwd(), env });
const { signal } = new AbortController();
const runner = createStepRunner(commands, { tools, env, progress: () => undefined, signal });
const dir = mkdtempSync(join(tmpdir(), 'recall-bench-'));
const path = join(dir, 's.jsonl');

/** 100 real questions of k = 50, each pinned, written again and again under new numbers: opening runs none of them. */
const recorder = await createRecorder({ path, workspace, vault: await openVault(workspace), specsOf: runner.specsOf, tool: 'bench' });
for (const userId of workspace.store.userIds().slice(0, 100)) {
  const query = { ...workspace.engine.defaultQuery({ ...workspace.manifest.defaults, rules: workspace.rules, asOf: workspace.manifest.asOf }, userId), k: 50 };
  recorder.record('recall', { user: userId }, await runner.run({ command: 'recall', args: {}, query, other: null }, workspace));
  recorder.expect({ kind: 'ids' });
}
recorder.close();
const [header = '', ...recorded] = readFileSync(path, 'utf8').trimEnd().split('\n');
const renumbered = Array.from({ length: steps * 2 }, (_, i) => (recorded[i % recorded.length] ?? '').replace(/^\{"(step|amends)":\d+/, (_match, field: string) => `{"${field}":${Math.floor(i / 2) + 1}`));

const isPlayed = (data: unknown): data is PlayData => typeof data === 'object' && data !== null && 'rows' in data && 'total' in data;
const play = playCommand(() => commands);
const took: number[] = [];
for (let run = 0; run < Number(values.runs); run += 1) {
  const file = join(dir, `${run}.jsonl`);
  writeFileSync(file, `${[header, ...renumbered].join('\n')}\n`);
  const from = performance.now();
  const { data } = await play.run({ tools, env, progress: () => undefined, signal, baseQuery: null, stdin: () => Promise.resolve(''), workspace: () => Promise.resolve(workspace) }, { session: file, rows: 40, from: 0 });
  const frame = isPlayed(data) ? playView(data, 120, {}, 0) : [];
  took.push(performance.now() - from);
  if (!isPlayed(data) || data.total !== steps || frame.length < 40) throw new Error(`the player shows ${frame.length} lines`);
}
const sorted = took.toSorted((a, b) => a - b);
const from = performance.now();
for (const line of renumbered) JSON.parse(line);
const parse = performance.now() - from;
const bytes = renumbered.reduce((sum, line) => sum + line.length + 1, 0);
console.log(`${steps} steps, ${(bytes / 1e6).toFixed(1)} MB: first frame after ${(took[0] ?? 0).toFixed(0)} ms, median ${(sorted[sorted.length >> 1] ?? 0).toFixed(0)} ms of ${took.length} (budget 1000); JSON.parse of the lines alone ${parse.toFixed(0)} ms`);
rmSync(dir, { recursive: true });
await workspace.close();
