import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importCsv } from '../../src/ingest/formats/import-csv.ts';
import { createFactories } from '../../src/index.ts';
import { realCli } from './real-cli.ts';
import { adCount, userCount, worldAsOf, writeSource, type Future } from './trained-source.ts';
import { temporaryFolder } from './vectors.ts';

export { adCount, userCount, worldAsOf };

export interface TrainedWorkspace {
  readonly dir: string;
  readonly env: { readonly XDG_CACHE_HOME: string };
}

const must = async (argv: readonly string[], env: TrainedWorkspace['env']): Promise<void> => {
  const { code, err } = await realCli(argv, env);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${err}`);
};

/** Import, train and index by the real commands: SQLite, TensorFlow and hnswlib, 25 users and 120 ads. */
export const trainedWorkspace = async (): Promise<TrainedWorkspace> => {
  const root = temporaryFolder('trained');
  const env = { XDG_CACHE_HOME: join(root, 'cache') };
  const dir = join(root, 'ws');
  await must(['import', 'csv', writeSource(join(root, 'source'), { events: '', friends: '' }), '--out', dir], env);
  await must(['train', dir, '--epochs', '1', '--dim', '8', '--batch', '64', '--until', String(worldAsOf)], env);
  await must(['index', dir], env);
  return { dir, env };
};

/** Replaces the sample of `dir` by the same one with more events and friendships, as if the model had been built from it. */
export const appendToSample = async (dir: string, env: TrainedWorkspace['env'], future: Future): Promise<void> => {
  const tools = createFactories(env);
  const sample = join(dir, 'sample.sqlite');
  await importCsv(tools)(writeSource(join(dir, 'source'), future), sample, () => undefined);
  const { store, close } = tools.openSample(sample);
  const manifest = JSON.parse(readFileSync(join(dir, 'recall.json'), 'utf8'));
  const sha256 = await tools.files.sha256File(sample);
  Object.assign(manifest.sample, { sha256, events: store.eventCount });
  close();
  for (const artefact of ['model', 'vectors', 'i2i']) manifest[artefact].builtFrom.sample = sha256;
  writeFileSync(join(dir, 'recall.json'), JSON.stringify(manifest));
};
