import { join } from 'node:path';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { fakeWorkspace } from '../commands/fake-workspace.ts';
import { testTools } from './demo.ts';
import { makeWorld, worldDeps, type DepsOptions, type MemoryWorld } from './memory-world.ts';
import { temporaryFolder } from './vectors.ts';

/** A memory world under a real hnswlib index with this many links, so small that it misses ads, and its graph. */
export const indexedWorld = async (
  world: MemoryWorld = makeWorld({ seed: 3, users: 60, ads: 1500, eventsPerUser: 20, twins: 0 }),
  m = 4,
  more: { readonly seed?: number; readonly order?: Uint32Array; readonly deps?: DepsOptions } = {},
): Promise<Workspace> => {
  const path = join(temporaryFolder('indexed'), 'ads.hnsw');
  const deps = worldDeps(world, more.deps);
  const vectors = { count: world.ads.length, dim: world.dim, data: world.vectors };
  await testTools.indexes.hnsw.build({
    vectors,
    path,
    m,
    efConstruction: 20,
    seed: more.seed ?? 5,
    ...(more.order === undefined ? {} : { order: more.order }),
  });
  const expected = { dim: world.dim, count: more.order?.length ?? world.ads.length, space: 'ip' } as const;
  const graph = testTools.indexes.hnsw.openGraph(path, expected);
  const indexed = { ...deps, index: testTools.indexes.hnsw.open(path, expected), graph: () => graph };
  return {
    ...fakeWorkspace({ world, ...(more.deps === undefined ? {} : { deps: more.deps }) }),
    ...indexed,
    engine: createEngine(indexed),
  };
};
