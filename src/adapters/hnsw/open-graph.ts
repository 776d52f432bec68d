import { RecallError } from '../../errors.ts';
import { distanceFrom } from '../../domain/hnsw/distance.ts';
import { parseGraph } from '../../domain/hnsw/graph.ts';
import type { HnswGraph } from '../../domain/hnsw/graph.ts';
import { headerBytes } from '../../domain/hnsw/header.ts';
import { inNeighbours, spread, unreachableLabels } from '../../domain/hnsw/reach.ts';
import { createVisitedList, descend, replaySearch } from '../../domain/hnsw/search.ts';
import type { NodeAt, Replay, VectorRows } from '../../domain/hnsw/search.ts';
import type { ExpectedIndex } from '../../engine/ports/artefacts.ts';
import type { IndexGraph, SearchHop, SearchTrace } from '../../engine/ports/ports.ts';
import { namingPath, openFileSource } from './file-source.ts';
import type { FileSource } from './file-source.ts';
import { checkHeader } from './read-header.ts';

/** Parses the graph of an index file; vectors are read from the file when a search needs them. Throws `missing-artefact`, `bad-index`. */
export const openGraph = async (path: string, expected: ExpectedIndex): Promise<IndexGraph> => graphOf(path, expected);

/** The same at once: for an index that only our own walk can search. */
export const graphOf = (path: string, expected: ExpectedIndex): IndexGraph => {
  checkHeader(path, expected);
  const source = openFileSource(path);
  const graph = parseOrClose(path, source, expected);
  if (graph.header.count === 0)
    throw new RecallError('bad-index', `${path} holds no ad`, { todo: 'rebuild it with `recall-tui index DIR`' });
  return { ...asPort(graph, fileRows(source, graph), expected.space), close: source.close };
};

const parseOrClose = (path: string, source: FileSource, { nodes }: ExpectedIndex): HnswGraph => {
  try {
    return namingPath(path, () => parseGraph(source, nodes?.ordinals));
  } catch (error) {
    source.close();
    throw error;
  }
};

/** Rows kept in memory take at most so many bytes. */
const keptBytes = 8 << 20;

/**
 * One positioned read per vector: a search meets a few thousand, and the file is in the page cache. The searches behind one
 * answer meet the same nodes again, so rows are kept, each at the place its number gives (a later one takes its place).
 */
const fileRows = (source: FileSource, { header }: HnswGraph): VectorRows => {
  const { dim, count } = header;
  const places = 2 ** Math.floor(Math.log2(Math.max(1, Math.min(2 * count, keptBytes / (4 * dim)))));
  const data = new Float32Array(places * dim);
  const bytes = new Uint8Array(data.buffer);
  const heldAt = new Int32Array(places).fill(-1);
  return {
    data,
    offsetOf: (node) => {
      const place = node & (places - 1);
      if (heldAt[place] !== node) {
        // A failed read leaves half a row behind.
        heldAt[place] = -1;
        source.readInto(
          bytes.subarray(4 * place * dim, 4 * (place + 1) * dim),
          headerBytes + node * header.rowBytes + header.vectorOffset,
        );
        heldAt[place] = node;
      }
      return place * dim;
    },
  };
};

const asPort = (graph: HnswGraph, rows: VectorRows, space: ExpectedIndex['space']): Omit<IndexGraph, 'close'> => {
  // Nodes of ads the sample does not have are searched through and never returned, as with a filter.
  const strays = graph.labels.some((label, node) => label === -1 && graph.deleted[node] === 0);
  const known = strays ? (label: number): boolean => label >= 0 : undefined;
  const visited = createVisitedList(graph.header.count);
  const reachable = new Map<number, Uint8Array>();
  let census: Int32Array | null = null;
  const reachableFrom = (landing: number): Uint8Array => {
    const known = reachable.get(landing);
    if (known !== undefined) return known;
    // A handful of landing nodes serve one debugging session; each costs a byte an ad.
    if (reachable.size >= 8) reachable.clear();
    const seen = spread(graph, [landing]);
    reachable.set(landing, seen);
    return seen;
  };
  return {
    count: graph.header.count,
    has: (ordinal) => graph.nodeOf(ordinal) !== -1,
    trace: (vector, { k, ef, target, mask, ties = false }) => {
      const node = target === undefined ? null : nodeFor(graph, target);
      const allowed = mask === undefined ? known : (label: number): boolean => mask.bits[label] === 1;
      const distance = distanceFrom(space, vector);
      const replay = replaySearch(
        graph,
        rows,
        distance,
        allowed === undefined ? { k, ef, ties } : { k, ef, ties, allowed },
        visited,
      );
      const about =
        node === null
          ? null
          : {
              node,
              distance: distance(rows.data, rows.offsetOf(node)),
              visited: visited.stamps[node] === visited.stamp,
            };
      return toTrace(graph, replay, about);
    },
    unreachable: () => (census ??= unreachableLabels(graph)),
    reaches: (vector, ordinal) => {
      const landing = descend(graph, rows, distanceFrom(space, vector));
      return reachableFrom(landing.node)[nodeFor(graph, ordinal)] === 1;
    },
    inNeighbours: (ordinal) =>
      Int32Array.from(inNeighbours(graph, nodeFor(graph, ordinal)), (from) => graph.labels[from] ?? -1)
        .filter((from) => from >= 0)
        .sort(),
    vectorOf: (ordinal) => {
      const at = rows.offsetOf(nodeFor(graph, ordinal));
      return rows.data.slice(at, at + graph.header.dim);
    },
  };
};

const nodeFor = (graph: HnswGraph, ordinal: number): number => {
  const node = graph.nodeOf(ordinal);
  if (node === -1)
    throw new RecallError('unknown-ad', 'the ad is not in the index', {
      expected: 'an indexed ad',
      found: `ordinal ${ordinal}`,
      todo: 'ask `has` first: not every ad has a node',
    });
  return node;
};

const toTrace = (
  graph: HnswGraph,
  replay: Replay,
  about: { node: number; distance: number; visited: boolean } | null,
): SearchTrace => {
  const hop = ({ level, node, distance }: NodeAt): SearchHop => ({
    level,
    node,
    ordinal: graph.labels[node] ?? -1,
    distance,
  });
  const rankOf = (node: number): number | null => {
    const at = replay.result.findIndex((hit) => hit.node === node);
    return at === -1 ? null : at + 1;
  };
  return {
    entry: hop(replay.entry),
    landing: hop(replay.landing),
    hops: replay.hops.map(hop),
    visited: replay.visited,
    distances: replay.distances,
    stoppedAt:
      replay.stoppedAt === null ? null : { candidate: hop(replay.stoppedAt.candidate), bound: replay.stoppedAt.bound },
    result: replay.result.map(hop),
    beam: replay.beam.map(hop),
    tied: replay.tied,
    target:
      about === null
        ? null
        : {
            ordinal: graph.labels[about.node] ?? -1,
            node: about.node,
            distance: about.distance,
            visited: about.visited,
            inBeam: replay.beam.some((hit) => hit.node === about.node),
            rank: rankOf(about.node),
          },
  };
};
