import { tmpdir } from 'node:os';
import { createFileTools } from './adapters/files/file-tools.ts';
import { readNeighbours } from './adapters/files/read-neighbours.ts';
import { buildIndex } from './adapters/hnsw/build-index.ts';
import { openGraph } from './adapters/hnsw/open-graph.ts';
import { loadIndex, openIndex } from './adapters/hnsw/open-index.ts';
import { checkIndexFile, readIndexNodes, readIndexVectors } from './adapters/hnsw/index-rows.ts';
import { readIndexHeader } from './adapters/hnsw/read-header.ts';
import { openScan } from './adapters/scan/open-scan.ts';
import { deriveMapped } from './adapters/sqlite/mapped/derive.ts';
import { inspectSqlite } from './adapters/sqlite/mapped/inspect.ts';
import { readServedRows, readServedSelect } from './adapters/sqlite/mapped/read-served.ts';
import { openMapped } from './adapters/sqlite/mapped/open-mapped.ts';
import { openSample } from './adapters/sqlite/sample.ts';
import { fileLocks } from './adapters/sqlite/lock.ts';
import { createSample } from './adapters/sqlite/writer.ts';
import { openTfjsModel } from './adapters/tfjs/external-encoder.ts';
import { loadModel } from './adapters/tfjs/load-model.ts';
import { saveModel } from './adapters/tfjs/model-file.ts';
import { createTowerStep } from './adapters/tfjs/tower-step.ts';
import { openUserVectors } from './adapters/vectors/user-vectors.ts';
import { sweepPartials } from './base/atomic-file.ts';
import { createEngine } from './engine/create-engine.ts';
import type { Factories } from './workspace/factories.ts';
import { importCsv } from './ingest/formats/import-csv.ts';
import { ensureDemo } from './workspace/demo/demo.ts';
import { findWorkspace } from './workspace/find.ts';
import { openWorkspaceAt } from './workspace/open.ts';
import type { Workspace } from './workspace/workspace.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The library's factories: adapters behind the engine's ports. Never loads ink or react. */
export const createFactories = (env: Env = process.env): Factories => factoriesWith(createFileTools(env));

const factoriesWith = (files: Factories['files']): Factories => ({
  files,
  locks: fileLocks,
  createSample,
  openSample,
  deriveMapped,
  inspectSqlite,
  openMapped,
  readServedRows,
  readServedSelect,
  indexes: {
    hnsw: {
      files,
      readHeader: readIndexHeader,
      check: checkIndexFile,
      open: openIndex,
      load: loadIndex,
      openGraph,
      readNodes: readIndexNodes,
      readVectors: readIndexVectors,
      build: buildIndex,
    },
  },
  models: {
    'two-tower': loadModel,
    vectors: openUserVectors,
    'tfjs-graph': openTfjsModel,
    'tfjs-layers': openTfjsModel,
  },
  readNeighbours,
  saveModel,
  createTowerStep,
  openScan: (vectors) => openScan(vectors),
});

export interface OpenWorkspaceOptions {
  /** `-w DIR`; `demo` is the bundled demo; else RECALL_TUI_WORKSPACE, `recall.json` upward of `cwd`, the bundled demo. */
  readonly dir?: string | undefined;
  readonly cwd: string;
  readonly env: Env;
  /** Absent: made for this opening. */
  readonly tools?: Factories;
  /** Building the demo at its first start takes seconds; opening a large index too. `total` null = unknown. */
  readonly onProgress?: ((stage: string, done: number, total: number | null) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Finds and opens a workspace, read-only. Errors: see `openWorkspaceAt`. */
export const openWorkspace = async (options: OpenWorkspaceOptions): Promise<Workspace> => {
  const { env, onProgress, signal, tools = createFactories(env) } = options;
  const { cacheDir = tmpdir(), cacheNotice = null } = tools.files;
  await sweepPartials(cacheDir);
  const found = findWorkspace(options);
  const dir =
    found.how === 'demo'
      ? await ensureDemo({ cacheDir, tools, importCsv: importCsv(tools, signal), onProgress, signal })
      : found.dir;
  const workspace = await openWorkspaceAt(dir, { tools, createEngine, onProgress, signal });
  return cacheNotice === null ? workspace : { ...workspace, notices: [...workspace.notices, cacheNotice] };
};
