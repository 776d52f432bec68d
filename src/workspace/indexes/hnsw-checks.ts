import { cosineOf, dotOf, tieTolerance } from '../../domain/metric.ts';
import type { ExpectedIndex, NodeLabels } from '../../engine/ports/artefacts.ts';
import type { AdCatalog, AdIndex, AdVectors, IndexGraph } from '../../engine/ports/ports.ts';
import { coverageNotice } from '../coverage.ts';
import type { Coverage } from '../coverage.ts';
import { attempt, verdict } from '../doctor/check.ts';
import type { Check } from '../doctor/check.ts';
import { meanOf } from '../doctor/queries.ts';
import { openNodes } from './hnsw-labels.ts';
import { expectedIndex } from './hnsw-tools.ts';
import type { HnswEntry, HnswTools } from './hnsw-tools.ts';
import type { IndexExamination } from './kind.ts';
import { placeOf } from '../places.ts';

/**
 * Header, labels and rows of an hnswlib file against the vectors and the sample; how well and how completely it finds.
 */
export const examineHnsw = async (of: IndexExamination<HnswEntry>, tools: HnswTools): Promise<Check[]> => {
  const { dir, entry, catalog } = of;
  const path = placeOf(dir, entry.file);
  const header = await attempt('index header', `dimension ${entry.dim}, ${entry.count} ads, M ${entry.m}`, async () => {
    const found = await tools.readHeader(path);
    return {
      ok: found.dim === entry.dim && found.count === entry.count && found.m === entry.m,
      found: `dimension ${found.dim}, ${found.count} ads, M ${found.m}`,
    };
  });
  if (!header.ok) return [header];
  let opened: Opened | null = null;
  const opens = await attempt('index graph', 'links, labels and rows as the format says', async () => {
    const found =
      catalog === null
        ? { nodes: await nodesAlone(path, entry, tools), coverage: null }
        : await openNodes(dir, entry, catalog, tools);
    const expected = expectedIndex(entry, found);
    tools.check(path, expected);
    opened = { graph: await tools.openGraph(path, expected), expected, coverage: found.coverage };
    return { ok: true, found: 'so' };
  });
  return opened === null ? [header, opens] : [header, opens, ...(await graphChecks(path, of, tools, opened))];
};

interface Opened {
  readonly graph: IndexGraph;
  readonly expected: ExpectedIndex;
  readonly coverage: Coverage | null;
}

/**
 * Without the sample the labels of a team's index name no ads: its nodes are taken in their order, so that its links
 * are checked all the same.
 */
const nodesAlone = async (path: string, { labels }: HnswEntry, tools: HnswTools): Promise<NodeLabels | undefined> => {
  if (labels === null) return undefined;
  const { labels: own, deleted } = await tools.readNodes(path);
  return { labels: own, ordinals: Int32Array.from(own.keys()), deleted };
};

const graphChecks = async (
  path: string,
  { vectors, catalog, entry, openScan }: IndexExamination<HnswEntry>,
  tools: HnswTools,
  { graph, expected, coverage }: Opened,
): Promise<Check[]> => {
  if (catalog === null && expected.nodes !== undefined) {
    try {
      return [verdict('index labels', true, 'a node for most ads', 'not checked: needs the sample'), checkReach(graph)];
    } finally {
      graph.close();
    }
  }
  const left = new Set(entry.leftOut.map((adId) => catalog?.ordinalOf(adId) ?? null));
  try {
    return [
      expected.nodes === undefined
        ? checkLabels(graph, catalog, entry.leftOut)
        : checkCoverage(graph, catalog, coverage),
      ...checkDeleted(graph, coverage),
      ...(vectors === null
        ? []
        : [
            expected.nodes === undefined && entry.space !== 'cosine'
              ? checkRows(graph, vectors, (ordinal) => left.has(ordinal) || stateOf(expected, ordinal) === 2, catalog)
              : checkExternalRows(graph, vectors, (ordinal) => stateOf(expected, ordinal) === 2, catalog),
            await checkRecall(liveVectors(vectors, expected), { entry, openScan }, () =>
              tools.open(path, { ...expected, checked: true }),
            ),
          ]),
      checkReach(graph),
    ];
  } finally {
    graph.close();
  }
};

/** 0 = no element, 1 = live, 2 = marked as deleted; undefined: not read. */
const stateOf = ({ elements }: ExpectedIndex, ordinal: number): number | undefined => elements?.states[ordinal];

/** The vectors of the ads that the index can return. */
const liveVectors = (vectors: AdVectors, { elements }: ExpectedIndex): AdVectors =>
  elements === undefined
    ? vectors
    : {
        ...vectors,
        present: Uint8Array.from({ length: vectors.count }, (_, ordinal) =>
          elements.states[ordinal] === 1 && vectors.present?.[ordinal] !== 0 ? 1 : 0,
        ),
      };

/** Deletion is no fault by itself: it is counted, so that what is missing in lists has its reason. */
const checkDeleted = (graph: IndexGraph, coverage: Coverage | null): Check[] => {
  const { deleted } = coverage ?? {};
  if (deleted === undefined) return [];
  const { nodes, examples } = deleted;
  const names = examples.length === 0 ? '' : ` (${examples.join(', ')}${nodes > examples.length ? ', …' : ''})`;
  return [
    verdict(
      'deleted nodes',
      nodes < graph.count,
      'nodes that searches can return',
      `${nodes} nodes marked as deleted${names}, ${graph.count - nodes} live`,
    ),
  ];
};

/** Index ↔ sample, where labels are the team's own: most ads have a node; what does not meet is counted. */
const checkCoverage = (graph: IndexGraph, catalog: AdCatalog | null, coverage: Coverage | null): Check => {
  const ads = catalog?.adCount ?? graph.count;
  return verdict(
    'index labels',
    (coverage?.adsWithout ?? 0) <= ads / 2,
    `a node for most of ${ads} ads`,
    met(coverage),
  );
};

/** The marks of deletion have a check of their own. */
const met = (coverage: Coverage | null): string => {
  if (coverage === null || coverage.adsWithout + coverage.withoutAd === 0) return 'one for each, and no other';
  const { what, adsWithout, withoutAd, examples } = coverage;
  return coverageNotice({ what, adsWithout, withoutAd, examples });
};

/** Index ↔ vectors of a team: the same up to rounding; in the space `cosine` both are of unit length. */
const checkExternalRows = (
  graph: IndexGraph,
  { count, dim, data, present }: AdVectors,
  unread: (ordinal: number) => boolean,
  catalog: AdCatalog | null,
): Check => {
  const different: number[] = [];
  for (let ordinal = 0; ordinal < count; ordinal++) {
    if (present?.[ordinal] === 0 || !graph.has(ordinal) || unread(ordinal)) continue;
    const [stored, own] = [graph.vectorOf(ordinal), data.subarray(ordinal * dim, (ordinal + 1) * dim)];
    const near =
      1 - cosineOf(stored, own) <= 1e-5 && Math.abs(dotOf(stored, stored) - dotOf(own, own)) <= 1e-3 * dotOf(own, own);
    if (!near && !(isZero(stored) && isZero(own))) different.push(ordinal);
  }
  return verdict(
    'index rows',
    different.length === 0,
    'each row of the index is the ad vector, but for rounding',
    staleRows(different, catalog),
  );
};

const isZero = (row: Float32Array): boolean => row.every((x) => x === 0);

const staleRows = (different: readonly number[], catalog: AdCatalog | null): string => {
  if (different.length === 0) return 'so';
  const named = different.slice(0, 5).map((ordinal) => catalog?.idOf(ordinal) ?? `ordinal ${ordinal}`);
  return `${different.length === 1 ? '1 row differs' : `${different.length} rows differ`}, stale or mislabelled: ${named.join(', ')}${different.length > named.length ? ', …' : ''}`;
};

/** Index ↔ sample: the labels are exactly the ordinals of the ads, except those omitted on purpose. */
const checkLabels = (graph: IndexGraph, catalog: AdCatalog | null, leftOut: readonly string[]): Check => {
  const out = new Set(leftOut.map((adId) => catalog?.ordinalOf(adId) ?? null));
  const ads = catalog?.adCount ?? graph.count + leftOut.length;
  const expected = `labels 0 … ${ads - 1}, one an ad${leftOut.length === 0 ? '' : `, without ${leftOut.join(', ')}`}`;
  for (let ordinal = 0; ordinal < ads; ordinal++) {
    if (graph.has(ordinal) === out.has(ordinal))
      return verdict('index ordinals', false, expected, `${out.has(ordinal) ? 'a' : 'no'} label ${ordinal}`);
  }
  return verdict('index ordinals', graph.count === ads - out.size, expected, `${graph.count} labels`);
};

/** Index ↔ vectors: the row stored under each label is that ad's vector, bit by bit. */
const checkRows = (
  graph: IndexGraph,
  { count, dim, data }: AdVectors,
  unread: (ordinal: number) => boolean,
  catalog: AdCatalog | null,
): Check => {
  const expected = 'each row of the index equals the ad vector';
  const different: number[] = [];
  for (let ordinal = 0; ordinal < count; ordinal++) {
    if (unread(ordinal) || (graph.has(ordinal) && equalsRow(graph.vectorOf(ordinal), data, ordinal * dim))) continue;
    different.push(ordinal);
  }
  return verdict('index rows', different.length === 0, expected, staleRows(different, catalog));
};

const equalsRow = (row: Float32Array, data: Float32Array, start: number): boolean =>
  row.every((x, i) => x === data[start + i]);

const queries = 200;
const leastRecall = 0.9;
/**
 * recall@10 at ef = efConstruction against the exact scan, 200 ads spread over the rows as queries; below 0.9 an
 * index is unsound (hnswlib's ALGO_PARAMS.md). Scores closer than a tie are equal: of several identical creatives,
 * either is right.
 */
const checkRecall = (
  vectors: AdVectors,
  { entry, openScan }: Pick<IndexExamination<HnswEntry>, 'entry' | 'openScan'>,
  open: () => AdIndex,
): Promise<Check> =>
  attempt('recall@10', `at least ${leastRecall} of the exact top 10 on ${queries} queries`, async () => {
    const native = open();
    const scan = openScan(vectors);
    try {
      let hit = 0;
      let all = 0;
      for (let q = 0; q < queries; q++) {
        const vector = meanOf(vectors, q, queries);
        const { scores: exact } = await scan.topK(vector, 10);
        const last = exact.at(-1) ?? 0;
        const tenth = last - tieTolerance(last);
        const { scores } = await native.search(vector, 10, entry.efConstruction);
        hit += scores.filter((score) => score >= tenth).length;
        all += exact.length;
      }
      return { ok: hit >= leastRecall * all, found: all === 0 ? 'no ads' : (hit / all).toFixed(4) };
    } finally {
      await scan.close();
    }
  });

const mostUnreachable = 0.01;

/** A few unreachable ads are the price of an approximate graph; more than 1 % mean that it is broken. */
const checkReach = (graph: IndexGraph): Check => {
  const lost = graph.unreachable();
  const first = Array.from(lost.subarray(0, 5)).join(', ');
  return verdict(
    'unreachable ads',
    lost.length <= mostUnreachable * graph.count,
    `at most ${mostUnreachable * 100} % of ${graph.count}`,
    lost.length === 0 ? '0' : `${lost.length} (ordinals ${first}${lost.length > 5 ? ', …' : ''})`,
  );
};
