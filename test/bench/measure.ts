/** Measures one workspace in a process of its own and prints one JSON line. Bundled by bundle.ts, run by run.ts. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import hnswlib from 'hnswlib-node';
import { adIndexOf } from '../../src/adapters/hnsw/open-index.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { explain } from '../../src/engine/explain/explain.ts';
import { explainAll } from '../../src/engine/explain/groups.ts';
import { whyNot } from '../../src/engine/why-not/why-not.ts';
import { createFactories } from '../../src/index.ts';
import { openWorkspaceAt } from '../../src/workspace/open.ts';
import { eventCounts } from './event-counts.ts';

export interface Measured {
  ads: number;
  bareMs: number;
  recallMs: number;
  recallRatio: number;
  reweightedMs: number;
  exactMs: number;
  shapleyMs: number;
  eventsMs: Readonly<Record<number, EventCost>>;
  whyNotMs: number;
  repairMs: number;
  repairRuns: number;
  certificateMs: number;
  diskMb: number;
  rssMb: number;
}

/** What a user with so many events costs, ms: encoding anew, Shapley for the top 100, one ad with its events (Owen values). */
export interface EventCost {
  readonly encode: number;
  readonly shapley: number;
  readonly explain: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

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
// The bare search asks the very object the engine asks: one copy of the graph, one state of the processor's caches.
const native: Array<InstanceType<typeof hnswlib.HierarchicalNSW>> = [];
const tools = createFactories(process.env);
const workspace = await openWorkspaceAt(dir, {
  createEngine,
  tools: {
    ...tools,
    indexes: {
      ...tools.indexes,
      hnsw: {
        ...tools.indexes.hnsw,
        load: async (path, expected) => {
          const index = new hnswlib.HierarchicalNSW(expected.space, expected.dim);
          await index.readIndex(path);
          native.push(index);
          return adIndexOf(index, path, expected);
        },
      },
    },
  },
});
const { engine, store, manifest, catalog, scan } = workspace;
const [bare] = native;
if (bare === undefined || scan === null) throw new Error(`${dir} has no index or no vectors`);

const users = 64;
const queries = store
  .userIds()
  .slice(0, users)
  .map((userId): RecallQuery => ({
    ...engine.defaultQuery({ ...manifest.defaults, rules: workspace.rules, asOf: manifest.asOf }, userId),
    k: 100,
    ef: 128,
    mode: 'model',
    eligibility: false,
  }));
const queryAt = (i: number): RecallQuery => {
  const query = queries[i % queries.length];
  if (query === undefined) throw new Error(`${dir} has no users`);
  return query;
};
const vectors: Float32Array[] = [];
for (const query of queries) vectors.push((await engine.core.userVector(query)) ?? new Float32Array(0));
const vectorAt = (i: number): Float32Array => vectors[i % vectors.length] ?? new Float32Array(0);
const plain = vectors.map((vector) => Array.from(vector));
globalThis.gc?.();
const rssMb = process.memoryUsage().rss / 1e6;

/** Each turn asks three users far apart, so that nobody finds the graph warmed by another; they go first in turn. */
const asked: Record<'bare' | 'recall' | 'reweighted', number[]> = { bare: [], recall: [], reweighted: [] };
const turn = [
  async (i: number) => {
    bare.setEf(128);
    asked.bare.push(await time(() => bare.searchKnn(plain[i % users] ?? [], 100)));
  },
  async (i: number) => {
    asked.recall.push(await time(() => engine.recall(queryAt(i + 21))));
  },
  async (i: number) => {
    const query = queryAt(i + 42);
    const [group = ''] = Object.keys(query.weights);
    const reweighted = { ...query, weights: { ...query.weights, [group]: 1 + (i % 97) / 97 } };
    asked.reweighted.push(await time(() => engine.recall(reweighted)));
  },
];
const warmUp = 600;
for (let i = 0; i < warmUp + 1500; i++) {
  if (i === warmUp) for (const list of Object.values(asked)) list.length = 0;
  for (let step = 0; step < turn.length; step++) await turn[(step + i) % turn.length]?.(i);
}

const exactMs = await times(15, (i) => scan.topK(vectorAt(i), 100));
const lists: number[][] = [];
for (const query of queries) lists.push((await engine.recall(query)).candidates.map((candidate) => candidate.ordinal));
const shapleyMs = await times(30, (i) => explainAll(engine.core, queryAt(i), lists[i % lists.length] ?? []));

const someAd = (i: number): string => catalog.idOf((i * 7919 + 13) % catalog.adCount);
const whyNotMs = await times(15, (i) => whyNot(engine, queryAt(i), someAd(i), { repair: false }));
let repairRuns = 0;
const withRepairMs = await times(9, async (i) => {
  repairRuns += (await whyNot(engine, queryAt(i), someAd(i))).tried / 9;
});

/** A user to whom so many events are added, spread over the kinds that feed the groups of own events. */
const kinds = manifest.groups.filter((group) => group.source === 'events').flatMap((group) => group.kinds.slice(0, 1));
const withEvents = (i: number, events: number): RecallQuery => {
  const query = queryAt(i);
  const extraEvents = Array.from({ length: events }, (_, e) => ({
    kind: kinds[e % kinds.length] ?? 'view',
    at: query.asOf - (e + 1) * 60_000,
    adId: someAd(i * 31 + e),
  }));
  return { ...query, extraEvents };
};
const eventsMs: Record<number, EventCost> = {};
for (const events of eventCounts) {
  const many = Array.from({ length: 7 }, (_, i) => withEvents(i, events));
  const at = (i: number): RecallQuery => many[i % many.length] ?? queryAt(i);
  const encode = await times(many.length, (i) => engine.core.encode(at(i)));
  const tops: number[][] = [];
  for (const query of many) tops.push((await engine.recall(query)).candidates.map((candidate) => candidate.ordinal));
  eventsMs[events] = {
    encode,
    shapley: await times(21, (i) => explainAll(engine.core, at(i), tops[i % tops.length] ?? [])),
    explain: await times(7, (i) => explain(engine, at(i), catalog.idOf(tops[i % tops.length]?.[0] ?? 0))),
  };
}

// A certificate is asked for an ad of the exact top 10 that a narrow search misses.
const certificate: number[] = [];
for (const [i, query] of queries.entries()) {
  const narrow = { ...query, k: 10, ef: 10 };
  const exact = await scan.topK(vectorAt(i), 10);
  const found = new Set((await engine.recall(narrow)).candidates.map((candidate) => candidate.ordinal));
  const missed = exact.ordinals.find((ordinal) => !found.has(ordinal));
  if (missed !== undefined)
    certificate.push(await time(() => whyNot(engine, narrow, catalog.idOf(missed), { repair: false })));
}

const sizeOf = (file: string | undefined): number => (file === undefined ? 0 : statSync(join(dir, file)).size / 1e6);
const bareMs = median(asked.bare);
const recallMs = median(asked.recall);
const result: Measured = {
  ads: catalog.adCount,
  bareMs,
  recallMs,
  recallRatio: recallMs / bareMs,
  reweightedMs: median(asked.reweighted),
  exactMs,
  shapleyMs,
  eventsMs,
  whyNotMs,
  repairMs: withRepairMs - whyNotMs,
  repairRuns: Math.round(repairRuns),
  certificateMs: median(certificate),
  diskMb: sizeOf(manifest.index?.file) + sizeOf(manifest.vectors?.file),
  rssMb,
};
console.log(JSON.stringify(result));
await workspace.close();
