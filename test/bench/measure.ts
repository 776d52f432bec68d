/** Measures one workspace in a process of its own and prints one JSON line. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import hnswlib from 'hnswlib-node';
import { explainAll } from '../../src/engine/explain/groups.ts';
import { whyNot } from '../../src/engine/why-not/why-not.ts';
import { openWorkspace } from '../../src/index.ts';

export interface Measured {
  ads: number; firstAnswerMs: number; bareMs: number; recallMs: number; recallRatio: number; exactMs: number;
  shapleyMs: number; whyNotMs: number; certificateMs: number; diskMb: number; rssMb: number;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const time = async (run: () => unknown): Promise<number> => {
  const start = performance.now();
  await run();
  return performance.now() - start;
};

const times = async (n: number, run: (i: number) => unknown): Promise<number> => {
  const all: number[] = [];
  for (let i = 0; i < n; i++) all.push(await time(() => run(i)));
  return median(all);
};

const dir = process.argv[2] ?? '';
const start = performance.now();
const workspace = await openWorkspace({ dir, cwd: process.cwd(), env: process.env });
const { engine, store, manifest } = workspace;
const users = store.userIds().slice(0, 64);
const query = (userId: string) => ({ ...engine.defaultQuery({ ...manifest.defaults, rules: workspace.rules, asOf: manifest.asOf }, userId), k: 100, ef: 128, mode: 'model' as const, eligibility: false });
await engine.recall(query(users[0] ?? ''));
const firstAnswerMs = performance.now() - start;

const queries = users.map(query);
const vectors: number[][] = [];
for (const q of queries) vectors.push([...(await engine.core.userVector(q)) ?? []]);
const rss = (): number => { globalThis.gc?.(); return process.memoryUsage().rss / 1e6; };
const rssMb = rss();

// The same index by the bare library, in the same process and run; interleaved so that drift hits both.
const bare = new hnswlib.HierarchicalNSW('ip', manifest.index?.dim ?? 0);
bare.readIndexSync(join(dir, manifest.index?.file ?? ''));
bare.setEf(128);
const bareTimes: number[] = [];
const recallTimes: number[] = [];
for (let round = 0; round < 12; round++) {
  for (let i = 0; i < queries.length; i++) {
    const vector = vectors[i] ?? [];
    const q = queries[i];
    if (q === undefined) continue;
    // Each goes first in turn: whoever is second finds the graph in the cache.
    const first = (round + i) % 2 === 0;
    if (first) bareTimes.push(await time(() => bare.searchKnn(vector, 100)));
    recallTimes.push(await time(() => engine.recall(q)));
    if (!first) bareTimes.push(await time(() => bare.searchKnn(vector, 100)));
  }
}
const bareMs = median(bareTimes);
const recallMs = median(recallTimes);

const exactMs = await times(15, (i) => workspace.scan?.topK(Float32Array.from(vectors[i % vectors.length] ?? []), 100));
const lists: number[][] = [];
for (const q of queries) lists.push((await engine.recall(q)).candidates.map((c) => c.ordinal));
const shapleyMs = await times(30, (i) => explainAll(engine.core, queries[i % queries.length] ?? query(users[0] ?? ''), lists[i % lists.length] ?? []));
const someAd = (i: number): string => workspace.catalog.idOf((i * 7919 + 13) % workspace.catalog.adCount);
const whyNotMs = await times(9, (i) => whyNot(engine, queries[i % queries.length] ?? query(users[0] ?? ''), someAd(i)));

// A certificate is asked for an ad of the exact top 100 that a narrow search misses.
const certificate: number[] = [];
for (const [i, q] of queries.entries()) {
  const narrow = { ...q, k: 10, ef: 10 };
  const exact = await workspace.scan?.topK(Float32Array.from(vectors[i] ?? []), 10);
  const found = new Set((await engine.recall(narrow)).candidates.map((c) => c.ordinal));
  const missed = [...(exact?.ordinals ?? [])].find((ordinal) => !found.has(ordinal));
  if (missed !== undefined) certificate.push(await time(() => whyNot(engine, narrow, workspace.catalog.idOf(missed))));
}

const sizeOf = (file: string | undefined): number => (file === undefined ? 0 : statSync(join(dir, file)).size / 1e6);
const result: Measured = {
  ads: workspace.catalog.adCount, firstAnswerMs, bareMs, recallMs, recallRatio: recallMs / bareMs, exactMs, shapleyMs, whyNotMs,
  certificateMs: median(certificate), diskMb: sizeOf(manifest.index?.file) + sizeOf(manifest.vectors?.file), rssMb,
};
console.log(JSON.stringify(result));
await workspace.close();
