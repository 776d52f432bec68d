import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import type { CommandContext } from '../../src/console/command.ts';
import { allAbilities } from '../../src/domain/abilities.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Factories } from '../../src/workspace/factories.ts';
import { manifestFormat, manifestSchema } from '../../src/workspace/manifest/manifest.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import {
  makeWorld,
  worldDeps,
  worldEnd,
  worldGroups,
  worldQuery,
  type DepsOptions,
  type MemoryWorld,
} from '../support/memory-world.ts';

/** The memory world as an opened workspace, for commands and the headless front end. */
export const fakeWorkspace = (options: { dir?: string; world?: MemoryWorld; deps?: DepsOptions } = {}): Workspace => {
  const world = options.world ?? makeWorld({ seed: 3, users: 6, ads: 80, eventsPerUser: 20 });
  const deps = worldDeps(world, options.deps);
  const { rules } = worldQuery('u0');
  const manifest = manifestSchema.parse({
    format: manifestFormat,
    name: 'memory',
    asOf: worldEnd - 20 * 86_400_000,
    groups: worldGroups,
    defaults: { k: 10, ef: 50 },
  });
  return {
    ...deps,
    dir: options.dir ?? '/nowhere',
    name: 'memory',
    manifest,
    rules,
    engine: createEngine(deps),
    abilities: options.deps?.abilities ?? allAbilities,
    fingerprints: { sample: 'a'.repeat(64), model: 'b'.repeat(64), vectors: null, index: null, i2i: null, rules: null },
    noWalk: null,
    backend: () => ({ name: 'memory', version: '1', reason: 'a toy for tests' }),
    notices: [],
    close: () => Promise.resolve(),
  };
};

const unused = (): never => {
  throw new Error('no native tool is used here');
};

/** Factories of which only atomicWrite and locks work. */
export const fakeTools = (write: (path: string, content: string, mode?: number) => Promise<void>): Factories => ({
  files: {
    sha256File: unused,
    sha256Dir: unused,
    rememberedSha256: unused,
    matrixShape: unused,
    readMatrix: unused,
    readIds: unused,
    readLabels: unused,
    readVectors: unused,
    writeVectors: unused,
    atomicWrite: (path, content, mode) => write(path, String(content), mode),
  },
  locks: fileLocks,
  createSample: unused,
  openSample: unused,
  deriveMapped: unused,
  inspectSqlite: unused,
  openMapped: unused,
  readServedRows: unused,
  readServedSelect: unused,
  indexes: {
    hnsw: {
      files: { readLabels: unused, readIds: unused, rememberedSha256: unused },
      readHeader: unused,
      check: unused,
      open: unused,
      load: unused,
      openGraph: unused,
      readNodes: unused,
      readVectors: unused,
      build: unused,
    },
  },
  models: { 'two-tower': unused, vectors: unused, 'tfjs-graph': unused, 'tfjs-layers': unused },
  openScan: unused,
  readNeighbours: unused,
  saveModel: unused,
  createTowerStep: unused,
});

export const fakeContext = (workspace: Workspace, more: Partial<CommandContext> = {}): CommandContext => ({
  workspace: () => Promise.resolve(workspace),
  tools: fakeTools(unused),
  signal: new AbortController().signal,
  progress: () => undefined,
  baseQuery: null,
  stdin: () => Promise.resolve(''),
  env: {},
  ...more,
});
