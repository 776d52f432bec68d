import type { HnswGraph } from './graph.ts';

/** Marks in `seen` every node that level-0 links lead to from `starts` (included). With ef = n a search visits exactly these. */
export const spread = (
  graph: HnswGraph,
  starts: Iterable<number>,
  seen: Uint8Array = new Uint8Array(graph.header.count),
): Uint8Array => {
  const {
    links0,
    degree0,
    header: { maxM0, count },
  } = graph;
  const queue = new Int32Array(count);
  let filled = 0;
  const add = (node: number): void => {
    if (seen[node] === 1) return;
    seen[node] = 1;
    queue[filled++] = node;
  };
  for (const node of starts) add(node);
  for (let read = 0; read < filled; read++) {
    const node = queue[read] ?? 0;
    const end = node * maxM0 + (degree0[node] ?? 0);
    for (let i = node * maxM0; i < end; i++) add(links0[i] ?? 0);
  }
  return seen;
};

/**
 * Nodes at which a greedy descent can end: what upper-level links lead to from the entry point, level by
 * level. A superset of the nodes where some vector really lands, so that a node called unreachable is.
 */
export const landingNodes = (graph: HnswGraph): number[] => {
  const {
    upper,
    upperStart,
    header: { maxLevel, maxM, entryPoint, count },
  } = graph;
  if (count === 0) return [];
  let reached = [entryPoint];
  for (let level = maxLevel; level > 0; level--) {
    const seen = new Set(reached);
    const queue = [...reached];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      const block = (upperStart[node] ?? 0) + (level - 1) * (maxM + 1);
      const degree = (upper[block] ?? 0) & 0xffff;
      for (let i = 1; i <= degree; i++) {
        const next = upper[block + i] ?? 0;
        if (!seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
      }
    }
    reached = [...seen];
  }
  return reached;
};

/** Labels of the live nodes that no search can visit from any landing node, whatever its ef; ascending. */
export const unreachableLabels = (graph: HnswGraph): Int32Array => {
  const seen = spread(graph, landingNodes(graph));
  const labels: number[] = [];
  for (let node = 0; node < seen.length; node++)
    if (seen[node] === 0 && graph.deleted[node] === 0 && (graph.labels[node] ?? -1) >= 0)
      labels.push(graph.labels[node] ?? -1);
  return Int32Array.from(labels).sort();
};

/** Nodes with a level-0 link to `node`, ascending. */
export const inNeighbours = (graph: HnswGraph, node: number): number[] => {
  const {
    links0,
    degree0,
    header: { maxM0, count },
  } = graph;
  const found: number[] = [];
  for (let from = 0; from < count; from++) {
    const start = from * maxM0;
    const at = links0.indexOf(node, start);
    if (at === -1) break;
    const owner = Math.floor(at / maxM0);
    if (at - owner * maxM0 < (degree0[owner] ?? 0)) found.push(owner);
    from = owner;
  }
  return found;
};
