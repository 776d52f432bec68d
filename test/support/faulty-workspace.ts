import { makeLarge } from '../../fixtures/large.ts';
import { defaultQuery } from '../../src/console/query-defaults.ts';
import { parseGraph } from '../../src/domain/hnsw/graph.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { createFactories } from '../../src/index.ts';
import { declareLeftOut, withFaults } from '../../src/workspace/demo/faults.ts';
import { buildIndexArtefacts } from '../../src/workspace/index-artefacts.ts';
import { openWorkspaceAt } from '../../src/workspace/open.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One ad lost by each fault an index can have; each was in the list of `userId` before. */
export interface FaultyWorkspace {
  readonly dir: string;
  readonly userId: string;
  readonly notIndexed: string;
  readonly stale: string;
  readonly unreachable: string;
}

const levelZero = async (dir: string, file: string): Promise<(ordinal: number) => boolean> => {
  const bytes = readFileSync(join(dir, file));
  const graph = parseGraph({ size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) });
  return (ordinal) => graph.levels[graph.nodeOf(ordinal)] === 0;
};

export const openReal = (dir: string, cache: string): Promise<Workspace> =>
  openWorkspaceAt(dir, { tools: createFactories({ XDG_CACHE_HOME: cache }), createEngine });

/** A real workspace of 3,000 ads in the new folder `dir`, with a thin index (M = 4) that misses ads, and three ads lost by faults. */
export const faultyWorkspace = async (dir: string, cache: string): Promise<FaultyWorkspace> => {
  await makeLarge({ ads: 3000, out: dir, users: 40, dim: 16 });
  const tools = createFactories({ XDG_CACHE_HOME: cache });
  const sound = await openReal(dir, cache);
  const userId = sound.store.userIds()[3] ?? '';
  const low = await levelZero(dir, sound.manifest.index?.file ?? '');
  const [notIndexed = '', stale = '', unreachable = ''] = (
    await sound.engine.recall(defaultQuery(sound, userId))
  ).candidates
    .filter((one) => one.rank > 4 && low(one.ordinal))
    .map((one) => one.adId);
  const faults = {
    notIndexed,
    unreachable,
    staleVector: { adId: stale, titleThen: 'word1', categoryThen: 'category 0' },
  };
  await buildIndexArtefacts(dir, withFaults(tools, faults, sound.catalog), {
    m: 4,
    efConstruction: 12,
    seed: 100,
    until: null,
  });
  await declareLeftOut(dir, faults, tools);
  await sound.close();
  return { dir, userId, notIndexed, stale, unreachable };
};
