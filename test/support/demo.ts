import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../../src/engine/create-engine.ts';
import { createFactories } from '../../src/index.ts';
import { importCsv } from '../../src/ingest/formats/import-csv.ts';
import { ensureDemo } from '../../src/workspace/demo/demo.ts';
import { openWorkspaceAt } from '../../src/workspace/open.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';

/** A cache of its own, kept between runs: the demo takes seconds to build and is named by what it was built from. */
const cacheHome = join(tmpdir(), `recall-tui-test-cache-${process.getuid?.() ?? 0}`);

export const testTools = createFactories({ ...process.env, XDG_CACHE_HOME: cacheHome });

/** The folder of the bundled demo, built when this version of it is not there yet. */
export const demoFolder = (): Promise<string> =>
  ensureDemo({ cacheDir: cacheHome, tools: testTools, importCsv: importCsv(testTools) });

/** The bundled demo. Close it when done. */
export const openDemo = async (): Promise<Workspace> =>
  openWorkspaceAt(await demoFolder(), { tools: testTools, createEngine });
