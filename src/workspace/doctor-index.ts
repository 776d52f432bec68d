import { join } from 'node:path';
import type { AdCatalog, AdVectors, IndexGraph } from '../engine/ports.ts';
import type { Tools } from '../engine/tools.ts';
import { attempt, verdict } from './doctor-check.ts';
import type { Check } from './doctor-check.ts';
import type { Manifest } from './manifest.ts';

export interface AgreementInput { readonly dir: string; readonly manifest: Manifest; readonly tools: Tools; readonly catalog: AdCatalog | null; readonly vectors: AdVectors | null }

type IndexEntry = NonNullable<Manifest['index']>;

/** Index header, labels and rows against the vectors and the sample; how well and how completely it finds. */
export const checkAgreement = async ({ dir, manifest, tools, catalog, vectors }: AgreementInput): Promise<Check[]> => {
  const { index } = manifest;
  if (index === null) return [verdict('index', true, 'none', 'none; the model channel scans exactly')];
  const path = join(dir, index.file);
  const header = await attempt('index header', `dimension ${index.dim}, ${index.count} ads, M ${index.m}`, async () => {
    const found = await tools.readIndexHeader(path);
    return { ok: found.dim === index.dim && found.count === index.count && found.m === index.m, found: `dimension ${found.dim}, ${found.count} ads, M ${found.m}` };
  });
  if (!header.ok) return [header];
  let graph: IndexGraph | null = null;
  const opens = await attempt('index graph', 'links and labels as the format says', async () => {
    graph = await tools.openGraph(path, index);
    return { ok: true, found: 'so' };
  });
  return graph === null ? [header, opens] : [header, opens, ...await graphChecks(graph, { path, index, tools, catalog, vectors })];
};

interface GraphInput { readonly path: string; readonly index: IndexEntry; readonly tools: Tools; readonly catalog: AdCatalog | null; readonly vectors: AdVectors | null }

const graphChecks = async (graph: IndexGraph, input: GraphInput): Promise<Check[]> => {
  const { vectors, catalog, index } = input;
  try {
    return [
      checkLabels(graph, catalog, index.leftOut),
      ...(vectors === null ? [] : [checkRows(graph, vectors, new Set(index.leftOut.map((adId) => catalog?.ordinalOf(adId) ?? null))), await checkRecall(vectors, input)]),
      checkReach(graph),
    ];
  } finally {
    graph.close();
  }
};

/** Index ↔ sample: the labels are exactly the ordinals of the ads, but for those left out on purpose. */
const checkLabels = (graph: IndexGraph, catalog: AdCatalog | null, leftOut: readonly string[]): Check => {
  const out = new Set(leftOut.map((adId) => catalog?.ordinalOf(adId) ?? null));
  const ads = catalog?.adCount ?? graph.count + leftOut.length;
  const expected = `labels 0 … ${ads - 1}, one an ad${leftOut.length === 0 ? '' : `, without ${leftOut.join(', ')}`}`;
  for (let ordinal = 0; ordinal < ads; ordinal++) {
    if (graph.has(ordinal) === out.has(ordinal)) return verdict('index ordinals', false, expected, `${out.has(ordinal) ? 'a' : 'no'} label ${ordinal}`);
  }
  return verdict('index ordinals', graph.count === ads - out.size, expected, `${graph.count} labels`);
};

/** Index ↔ vectors: the row stored under each label is that ad's vector, bit by bit. */
const checkRows = (graph: IndexGraph, { count, dim, data }: AdVectors, left: ReadonlySet<number | null>): Check => {
  const expected = 'each row of the index equals the ad vector';
  let different = 0;
  let first = -1;
  for (let ordinal = 0; ordinal < count; ordinal++) {
    if (left.has(ordinal) || (graph.has(ordinal) && equalsRow(graph.vectorOf(ordinal), data, ordinal * dim))) continue;
    if (different++ === 0) first = ordinal;
  }
  return verdict('index rows', different === 0, expected, different === 0 ? 'so' : `${different} rows differ, the first is ordinal ${first}`);
};

const equalsRow = (row: Float32Array, data: Float32Array, start: number): boolean => row.every((x, i) => x === data[start + i]);

const queries = 200;
const leastRecall = 0.9;
/** Scores this near are equal: of several identical creatives, either is right. */
const tie = 1e-6;

/**
 * recall@10 at ef = efConstruction against the exact scan, 200 ads spread over the rows as queries; below 0.9 an
 * index is unsound (hnswlib's ALGO_PARAMS.md). Each query is the sum of two ads, so that it is near no row by itself.
 */
const checkRecall = (vectors: AdVectors, { path, index, tools }: GraphInput): Promise<Check> => attempt('recall@10', `at least ${leastRecall} of the exact top 10 on ${queries} queries`, async () => {
  const native = tools.openIndex(path, index);
  const scan = tools.openScan(vectors);
  try {
    let hit = 0;
    let all = 0;
    for (let q = 0; q < queries; q++) {
      const vector = betweenAds(vectors, q);
      const { scores: exact } = await scan.topK(vector, 10);
      const tenth = (exact.at(-1) ?? 0) - tie;
      hit += native.search(vector, 10, index.efConstruction).scores.filter((score) => score >= tenth).length;
      all += exact.length;
    }
    return { ok: hit >= leastRecall * all, found: all === 0 ? 'no ads' : (hit / all).toFixed(4) };
  } finally {
    await scan.close();
  }
});

const betweenAds = ({ count, dim, data }: AdVectors, q: number): Float32Array => {
  const row = (i: number): number => Math.floor((i * count) / queries) % count;
  const [a, b] = [row(q) * dim, row((q * 7 + 3) % queries) * dim];
  const sum = Float64Array.from({ length: dim }, (_, i) => (data[a + i] ?? 0) + (data[b + i] ?? 0));
  const norm = Math.sqrt(sum.reduce((s, x) => s + x * x, 0));
  return Float32Array.from(norm > 1e-6 ? sum.map((x) => x / norm) : data.subarray(a, a + dim));
};

const mostUnreachable = 0.01;

/** A few unreachable ads are the price of an approximate graph; more than 1 % mean that it is broken. */
const checkReach = (graph: IndexGraph): Check => {
  const lost = graph.unreachable();
  const first = Array.from(lost.subarray(0, 5)).join(', ');
  return verdict('unreachable ads', lost.length <= mostUnreachable * graph.count, `at most ${mostUnreachable * 100} % of ${graph.count}`, lost.length === 0 ? '0' : `${lost.length} (ordinals ${first}${lost.length > 5 ? ', …' : ''})`);
};
