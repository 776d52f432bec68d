import { describe, expect, it } from 'vitest';
import { createFactories, openWorkspace } from '../../src/index.ts';
import type { AdIndex, IndexGraph } from '../../src/engine/ports/ports.ts';
import { normalise, rawVector, seeded, temporaryFolder, unitVectors } from '../support/vectors.ts';

const reason = 'the large replay builds 100k ads and the demo: set RECALL_LARGE=1 to run it';
const large = Boolean(process.env['RECALL_LARGE']);
if (!large) console.log(`skipped: ${reason}`);

const different = async (
  index: AdIndex,
  graph: IndexGraph,
  vectors: Iterable<Float32Array>,
): Promise<{ queries: number; different: number }> => {
  let [queries, wrong] = [0, 0];
  for (const vector of vectors) {
    const native = await index.search(vector, 100, 128);
    const replayed = graph.trace(vector, { k: 100, ef: 128 }).result;
    queries++;
    if (replayed.map((hop) => hop.ordinal).join() !== Array.from(native.ordinals).join()) wrong++;
  }
  return { queries, different: wrong };
};

describe.skipIf(!large)('the replayed search at full size', () => {
  it('equals the native one on 1,000 of 1,000 queries over 100,000 random ads', async () => {
    const tools = createFactories({});
    const path = `${temporaryFolder('large')}/ads.hnsw`;
    await tools.indexes.hnsw.build({
      vectors: unitVectors(100_000, 64, 618),
      path,
      m: 16,
      efConstruction: 100,
      seed: 100,
    });
    const expected = { count: 100_000, dim: 64, space: 'ip' as const };
    const [index, graph] = [
      await tools.indexes.hnsw.load(path, expected),
      await tools.indexes.hnsw.openGraph(path, expected),
    ];
    const random = seeded(1);
    expect(
      await different(
        index,
        graph,
        Array.from({ length: 1000 }, () => normalise(rawVector(random, 64))),
      ),
    ).toEqual({ queries: 1000, different: 0 });
  }, 600_000);

  it('equals the native one on 1,000 of 1,000 users of the demo, with the vectors of their tower', async () => {
    const workspace = await openWorkspace({ dir: 'demo', cwd: '/', env: process.env });
    const graph = await workspace.graph?.();
    const vectors: Float32Array[] = [];
    for (const userId of workspace.store.userIds().slice(0, 1000)) {
      const query = workspace.engine.defaultQuery(
        { ...workspace.manifest.defaults, asOf: workspace.manifest.asOf, rules: workspace.rules },
        userId,
      );
      vectors.push((await workspace.engine.core.userVector(query)) ?? new Float32Array(0));
    }
    expect(workspace.index !== null && graph ? await different(workspace.index, graph, vectors) : null).toEqual({
      queries: 1000,
      different: 0,
    });
    await workspace.close();
  }, 600_000);
});
