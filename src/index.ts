import { createFileTools } from './adapters/files/file-tools.ts';
import { readNeighbours } from './adapters/files/read-neighbours.ts';
import { buildIndex } from './adapters/hnsw/build-index.ts';
import { openGraph } from './adapters/hnsw/open-graph.ts';
import { loadIndex, openIndex } from './adapters/hnsw/open-index.ts';
import { readIndexHeader } from './adapters/hnsw/read-header.ts';
import { openScan } from './adapters/scan/open-scan.ts';
import { openSample } from './adapters/sqlite/sample.ts';
import { createSample } from './adapters/sqlite/writer.ts';
import { loadModel } from './adapters/tfjs/load-model.ts';
import { saveModel } from './adapters/tfjs/model-file.ts';
import { createTowerStep } from './adapters/tfjs/tower-step.ts';
import { createEngine } from './engine/create-engine.ts';
import { RecallError } from './errors.ts';
import type { Tools } from './engine/tools.ts';
import { findWorkspace } from './workspace/find.ts';
import { openWorkspaceAt } from './workspace/open.ts';
import type { Workspace } from './workspace/workspace.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The library's factories: adapters behind the engine's ports. Never loads ink or react. */
export const createTools = (env: Env = process.env): Tools => ({
  files: createFileTools(env),
  createSample, openSample, readIndexHeader, openIndex, loadIndex, openGraph, buildIndex, readNeighbours, loadModel, saveModel, createTowerStep,
  openScan: (vectors) => openScan(vectors),
});

export interface OpenWorkspaceOptions {
  /** `-w DIR`; else RECALL_TUI_WORKSPACE, `recall.json` upward of `cwd`, the bundled demo. */
  readonly dir?: string | undefined;
  readonly cwd: string;
  readonly env: Env;
  readonly onProgress?: (stage: string) => void;
  readonly signal?: AbortSignal;
}

/** Finds and opens a workspace, read-only. Errors: see `openWorkspaceAt`. */
export const openWorkspace = async (options: OpenWorkspaceOptions): Promise<Workspace> => {
  const tools = createTools(options.env);
  const found = findWorkspace(options);
  if (found.how === 'demo') throw new RecallError('no-workspace', 'no workspace here or above', { expected: 'recall.json', todo: 'name one with -w DIR' });
  return openWorkspaceAt(found.dir, { tools, createEngine, onProgress: options.onProgress, signal: options.signal });
};
