import type { DistanceTo } from './distance.ts';
import type { HnswGraph } from './graph.ts';
import { MaxHeap } from './heap.ts';

/** Vectors by node: the row of a node starts at `offsetOf(node)` of `data`, until the next call. */
export interface VectorRows {
  readonly data: Float32Array;
  offsetOf(node: number): number;
}

export interface NodeAt {
  readonly level: number;
  readonly node: number;
  readonly distance: number;
}

export interface Replay {
  readonly entry: NodeAt;
  readonly landing: NodeAt;
  /** Nodes stepped to on the upper levels, then nodes expanded on level 0, in order. */
  readonly hops: readonly NodeAt[];
  readonly visited: number;
  /** Distances that the native search computes: at the entry, on the way down, and for each node visited on level 0. */
  readonly distances: number;
  readonly stoppedAt: { readonly candidate: NodeAt; readonly bound: number } | null;
  /** Result before the cut to k, by (distance, label). */
  readonly beam: readonly NodeAt[];
  /** The result of the native search: the cut is made in heap order, the rest sorted by (distance, label). */
  readonly result: readonly NodeAt[];
  /**
   * Two candidates of level 0 were at the same distance: which leaves the heap first then depends on its layout, and a
   * search with another ef may go another way. False where it was not asked for.
   */
  readonly tied: boolean;
}

export interface ReplayRequest {
  readonly k: number;
  readonly ef: number;
  /** Labels that may be returned; absent = all (then the native code takes its shorter variant). */
  readonly allowed?: (label: number) => boolean;
  /** Look for ties among the candidates. */
  readonly ties?: boolean;
}

/**
 * Nodes whose level-0 distance was computed, kept between searches: a node is visited when its stamp is the search's.
 */
export interface VisitedList {
  readonly stamps: Uint32Array;
  stamp: number;
}

export const createVisitedList = (count: number): VisitedList => ({ stamps: new Uint32Array(count), stamp: 0 });

const nextStamp = (list: VisitedList): number => {
  if (list.stamp === 0xffffffff) {
    list.stamps.fill(0);
    list.stamp = 0;
  }
  return ++list.stamp;
};

/** Greedy descent from the entry point to level 0 (hnswalg.h `searchKnn`): where the search of level 0 starts. */
export const descend = (graph: HnswGraph, rows: VectorRows, distance: DistanceTo, hops: NodeAt[] = []): NodeAt => {
  const { header, upper, upperStart } = graph;
  const to = (node: number): number => distance(rows.data, rows.offsetOf(node));
  let current = header.entryPoint;
  let nearest = to(current);
  for (let level = header.maxLevel; level > 0; level--) {
    for (let changed = true; changed;) {
      changed = false;
      const block = (upperStart[current] ?? 0) + (level - 1) * (header.maxM + 1);
      const degree = (upper[block] ?? 0) & 0xffff;
      for (let i = 1; i <= degree; i++) {
        const candidate = upper[block + i] ?? 0;
        const d = to(candidate);
        if (d < nearest) {
          nearest = d;
          current = candidate;
          changed = true;
        }
      }
      if (changed) hops.push({ level, node: current, distance: nearest });
    }
  }
  return { level: 0, node: current, distance: nearest };
};

/**
 * hnswlib's search step by step; ties, heaps and bounds as in `searchBaseLayerST`. The index must hold at least one
 * node.
 */
export const replaySearch = (
  graph: HnswGraph,
  rows: VectorRows,
  distance: DistanceTo,
  request: ReplayRequest,
  visitedList: VisitedList,
): Replay => {
  const { header } = graph;
  const hops: NodeAt[] = [];
  const entry = {
    level: header.maxLevel,
    node: header.entryPoint,
    distance: distance(rows.data, rows.offsetOf(header.entryPoint)),
  };
  let above = 0;
  const counted: DistanceTo = (data, offset) => {
    above += 1;
    return distance(data, offset);
  };
  const landing = descend(graph, rows, counted, hops);
  const ef = Math.max(request.ef, request.k);
  const candidates: number[] | null = request.ties === true ? [] : null;
  const level0 = searchLevelZero(graph, rows, distance, landing, ef, request.allowed, visitedList, hops, candidates);
  return {
    entry,
    landing,
    hops,
    visited: level0.visited,
    distances: above + level0.visited,
    stoppedAt: level0.stoppedAt,
    tied: candidates !== null && new Set(candidates).size < candidates.length,
    ...drain(graph, level0.top, request.k),
  };
};

const maxFloat = Math.fround(3.4028234663852886e38);

const searchLevelZero = (
  graph: HnswGraph,
  rows: VectorRows,
  distance: DistanceTo,
  landing: NodeAt,
  ef: number,
  allowed: ((label: number) => boolean) | undefined,
  visitedList: VisitedList,
  hops: NodeAt[],
  seen: number[] | null,
): { top: MaxHeap; visited: number; stoppedAt: Replay['stoppedAt'] } => {
  const {
    links0,
    degree0,
    labels,
    deleted,
    header: { maxM0 },
  } = graph;
  const bare = allowed === undefined && graph.deletedCount === 0;
  const returns = (node: number): boolean =>
    bare || (deleted[node] === 0 && (allowed === undefined || allowed(labels[node] ?? -1)));
  const { stamps } = visitedList;
  const stamp = nextStamp(visitedList);
  const top = new MaxHeap();
  const candidates = new MaxHeap();
  const startReturns = returns(landing.node);
  let bound = startReturns ? landing.distance : maxFloat;
  if (startReturns) top.push(landing.distance, landing.node);
  candidates.push(-bound, landing.node);
  seen?.push(landing.distance);
  stamps[landing.node] = stamp;
  let visited = 1;
  while (candidates.size > 0) {
    const [reach, node] = [-candidates.topKey, candidates.topNode];
    if (reach > bound && (bare || top.size === ef))
      return { top, visited, stoppedAt: { candidate: { level: 0, node, distance: reach }, bound } };
    candidates.pop();
    hops.push({ level: 0, node, distance: node === landing.node ? landing.distance : reach });
    const end = node * maxM0 + (degree0[node] ?? 0);
    for (let i = node * maxM0; i < end; i++) {
      const next = links0[i] ?? 0;
      if (stamps[next] === stamp) continue;
      stamps[next] = stamp;
      visited++;
      const d = distance(rows.data, rows.offsetOf(next));
      if (top.size >= ef && !(bound > d)) continue;
      candidates.push(-d, next);
      seen?.push(d);
      if (returns(next)) top.push(d, next);
      while (top.size > ef) top.pop();
      if (top.size > 0) bound = top.topKey;
    }
  }
  return { top, visited, stoppedAt: null };
};

/** Empties the beam: what is left when it is cut to k is the result. */
const drain = (graph: HnswGraph, top: MaxHeap, k: number): Pick<Replay, 'beam' | 'result'> => {
  const beyond: NodeAt[] = [];
  const result: NodeAt[] = [];
  while (top.size > 0) {
    (top.size > k ? beyond : result).push({ level: 0, node: top.topNode, distance: top.topKey });
    top.pop();
  }
  const byDistance = (a: NodeAt, b: NodeAt): number =>
    a.distance - b.distance || (graph.labels[a.node] ?? 0) - (graph.labels[b.node] ?? 0);
  return { beam: [...result, ...beyond].sort(byDistance), result: result.sort(byDistance) };
};
