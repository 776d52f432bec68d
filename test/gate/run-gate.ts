/**
 * `npm run test:gate -- --runs 20 --seed 1 --users 200`: the gate on copies of the demo that somebody broke (a zeroed group
 * of the model, a half-rebuilt index, a lost campaign, swapped rules, a circular golden set), and A/A runs against the
 * index built again: which are refused, by what, with which ads.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import type { GateData } from '../../src/answers/gate.ts';
import { commands } from '../../src/commands/registry.ts';
import { seededRandom } from '../../src/domain/random.ts';
import { demoFolder, openDemo, testTools } from '../support/demo.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, users: { type: 'string' } },
});
const [runs, seed, users] = [Number(values.runs ?? 20), Number(values.seed ?? 1), Number(values.users ?? 200)];
const demo = await demoFolder();
const root = mkdtempSync(join(tmpdir(), 'recall-gate-'));
const sha = (path: string): Promise<string> => testTools.files.sha256File(path);

/** A copy of the demo in which `change` edits files; `swap` replaces hashes in its manifest. */
const copy = async (
  name: string,
  change: (dir: string, swap: (from: string, to: string) => void) => Promise<void>,
): Promise<string> => {
  const dir = join(root, name);
  cpSync(demo, dir, { recursive: true });
  const path = join(dir, 'recall.json');
  const before = readFileSync(path, 'utf8');
  let manifest = before;
  await change(dir, (from, to) => {
    manifest = manifest.replaceAll(from, to);
  });
  if (manifest !== before) writeFileSync(path, manifest);
  return dir;
};

const hashes = JSON.parse(readFileSync(join(demo, 'recall.json'), 'utf8'));
const dim = Number(hashes.model.dim);

const zeroed = (dir: string): void => {
  for (const [file, bytes] of [
    ['a-000.bin', dim * dim * 4],
    ['w1-000.bin', dim * 128 * 4],
  ] as const) {
    const path = join(dir, 'model', file);
    writeFileSync(path, readFileSync(path).fill(0, 0, bytes));
  }
};

/** Builds its index again; the hash, and the ads that are not in it. */
const rebuiltIndex = async (dir: string, build: number, share: number): Promise<{ hash: string; absent: string[] }> => {
  const workspace = await openDemo();
  try {
    const left = new Set<string>(hashes.index.leftOut);
    const all = Uint32Array.from({ length: workspace.catalog.adCount }, (_, i) => i).filter(
      (ordinal) => !left.has(workspace.catalog.idOf(ordinal)),
    );
    const order = seededRandom(build)
      .shuffle(all)
      .slice(0, Math.round(all.length * share));
    const path = join(dir, 'ads.hnsw');
    rmSync(path);
    if (workspace.vectors === null) throw new Error('no vectors');
    const { m, efConstruction } = hashes.index;
    await testTools.indexes.hnsw.build({
      vectors: workspace.vectors,
      path,
      m,
      efConstruction,
      seed: 1000 + build,
      order,
    });
    const there = new Set(order);
    const absent = Array.from({ length: workspace.catalog.adCount }, (_, i) => i).filter((i) => !there.has(i));
    return { hash: await sha(path), absent: absent.map((ordinal) => workspace.catalog.idOf(ordinal)) };
  } finally {
    await workspace.close();
  }
};

const gate = async (
  b: string,
  args: Readonly<Record<string, string | number | boolean | string[]>>,
): Promise<GateData> => {
  const command = commands.find(({ id }) => id === 'gate');
  const result = await command?.run(
    {
      workspace: () => Promise.reject(new Error('none')),
      tools: testTools,
      signal: new AbortController().signal,
      progress: () => undefined,
      baseQuery: null,
      stdin: () => Promise.resolve(''),
      env: process.env,
    },
    { a: demo, b, users, seed, ...args },
  );
  if (result?.schema !== 'gate') throw new Error('no gate');
  return result.data;
};

const report = (name: string, data: GateData): void => {
  console.log(`${name}: ${data.accepted ? 'accepted' : `refused, ${data.objections} objections`}`);
  for (const { name: check, objections } of data.checks)
    for (const { text, adIds } of objections.slice(0, 3))
      console.log(`  ${check}: ${text}${adIds.length === 0 ? '' : ` [${adIds.slice(0, 4).join(' ')}]`}`);
  for (const text of data.circular) console.log(`  ${text}`);
};

let wrong = 0;
const must = (held: boolean, what: string): void => {
  if (held) return;
  wrong += 1;
  console.log(`  WRONG: ${what}`);
};

const adsOf = (data: GateData, check: string): readonly string[] =>
  data.checks
    .filter(({ name }) => name.startsWith(check))
    .flatMap(({ objections }) => objections.flatMap((o) => o.adIds));

const textsOf = (data: GateData, check: string): readonly string[] =>
  data.checks.filter(({ name }) => name.startsWith(check)).flatMap(({ objections }) => objections.map((o) => o.text));

try {
  const group = await copy('group', async (dir, swap) => {
    zeroed(dir);
    swap(hashes.model.sha256, await testTools.files.sha256Dir(join(dir, 'model')));
  });
  const dead = await gate(group, { 'no-doctor': true, users: Math.max(500, users) });
  report('a zeroed group (browse)', dead);
  const named = adsOf(dead, 'feature groups');
  must(!dead.accepted && named.length > 0, 'the group is not named');

  let missing = new Set<string>();
  const half = await copy('half', async (dir) => {
    const { hash, absent } = await rebuiltIndex(dir, 7, 0.5);
    const path = join(dir, 'recall.json');
    // The file as it stands: an index that opens, and lacks half of the ads.
    const index = { ...hashes.index, count: hashes.sample.ads - absent.length, leftOut: absent, sha256: hash };
    writeFileSync(path, JSON.stringify({ ...hashes, index }));
    missing = new Set(absent);
  });
  const halved = await gate(half, { rebuilds: 1, 'no-doctor': true });
  report('a half-rebuilt index', halved);
  const absentAds = adsOf(halved, 'ads without a node');
  must(absentAds.length > 0 && absentAds.every((adId) => missing.has(adId)), 'ads that are in the index are named');

  // One that many lists hold: what the sampled users never see cannot be missed in their lists.
  const campaign = /^campaign (\S+) had/.exec(textsOf(halved, 'campaigns')[0] ?? '')?.[1] ?? '';
  const lost = await copy('lost', (dir) => {
    const db = new Database(join(demo, 'sample.sqlite'), { readonly: true });
    const blocklist = db.prepare('SELECT id FROM ads WHERE campaign = ?').pluck().all(campaign);
    db.close();
    console.log(`campaign ${campaign}: ${blocklist.length} ads, on the blocklist`);
    writeFileSync(
      join(dir, 'recall.json'),
      JSON.stringify({ ...hashes, eligibility: { ...hashes.eligibility, blocklist } }),
    );
    return Promise.resolve();
  });
  const gone = await gate(lost, { 'no-doctor': true, users: Math.max(500, users) });
  report('a lost campaign', gone);
  must(
    gone.checks.some(({ objections }) => objections.some(({ text }) => text.startsWith(`campaign ${campaign} had`))),
    `${campaign} is not named`,
  );

  const rules = await copy('rules', async (dir, swap) => {
    const path = join(dir, 'rules.json');
    const read = JSON.parse(readFileSync(path, 'utf8'));
    const { keyword, popular } = read.quota;
    read.order.reverse();
    Object.assign(read.quota, { keyword: popular, popular: keyword });
    writeFileSync(path, JSON.stringify(read));
    swap(hashes.rules.sha256, await sha(path));
  });
  const swapped = await gate(rules, { 'no-doctor': true, sessions: ['sessions/smart-speaker.jsonl'] });
  report('swapped rules, and a golden session of the demo', swapped);
  must(adsOf(swapped, 'churn (legacy)').length > 0, 'the legacy lists do not object');

  const same = await gate(demo, { 'no-doctor': true, sessions: ['sessions/smart-speaker.jsonl'] });
  report('itself, with a golden session of its own', same);
  must(same.accepted && same.circular.length === 1, 'not called circular');

  let [refused, most] = [0, 0];
  for (let run = 1; run <= runs; run += 1) {
    const b = await copy('aa', async (dir, swap) => {
      swap(hashes.index.sha256, (await rebuiltIndex(dir, seed * 100 + run, 1)).hash);
    });
    const data = await gate(b, { 'no-doctor': true, rebuilds: 2 });
    most = Math.max(most, data.checks.find(({ name }) => name.startsWith('churn'))?.figures['churn'] ?? 0);
    if (!data.accepted) {
      refused += 1;
      report(`A/A run ${run}`, data);
    }
    rmSync(b, { recursive: true });
  }
  console.log(`${runs} A/A runs (seed ${seed}, ${users} users): ${refused} refused, churn at most ${most.toFixed(4)}`);
  wrong += refused;
} finally {
  rmSync(root, { recursive: true, force: true });
}

const small = spawnSync(
  'npx',
  ['vitest', 'run', '--config', 'test/vitest.config.ts', 'test/commands/recall/gate.test.ts'],
  { stdio: 'inherit', env: { ...process.env, RECALL_GATE_RUNS: '20' } },
);
process.exitCode = wrong === 0 && small.status === 0 ? 0 : 1;
