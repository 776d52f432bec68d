import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { readJson } from '../../base/json.ts';
import { readText } from '../../base/text-file.ts';
import { privateFolder } from '../../base/atomic-file.ts';
import { ownName } from '../../base/owner.ts';
import type { FileLock } from '../../engine/ports/artefacts.ts';
import { RecallError } from '../../errors.ts';
import type { Factories } from '../factories.ts';
import { declareLeftOut, readFaults, withFaults } from './faults.ts';
import { copyPlainFiles, demoFingerprint, fixturesFolder } from './source.ts';
import { manifestName } from '../find.ts';
import { buildIndexArtefacts } from '../index-artefacts.ts';
import { defaultIndexOptions } from '../index-options.ts';
import { parseManifest, writeManifest } from '../manifest/file.ts';
import { manifestFormat } from '../manifest/manifest.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** Reads a folder of CSV files into a sample at `samplePath`; ingest's csv importer, handed in by index.ts. */
export type ImportCsv = (
  source: string,
  samplePath: string,
  progress: (done: number, total: number | null) => void,
) => Promise<void>;

export interface DemoOptions {
  /** Folder of the cache; the demo lives in `demo-<fingerprint>` within it. */
  readonly cacheDir: string;
  readonly tools: Factories;
  readonly importCsv: ImportCsv;
  readonly onProgress?: ((stage: string, done: number, total: number | null) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Other fixtures than the package's own; for tests. */
  readonly fixtures?: string;
}

/**
 * The folder of the demo workspace, built from the committed fixtures when this version of them has not been built yet.
 * One start builds, others wait for it and say so; a killed one leaves nothing that could be taken for a workspace, and
 * the next start clears what it left. Throws `missing-artefact`, `cancelled`.
 */
export const ensureDemo = async (options: DemoOptions): Promise<string> => {
  const { cacheDir, tools } = options;
  const fixtures = options.fixtures ?? fixturesFolder();
  const dir = join(cacheDir, `demo-${await demoFingerprint(fixtures, tools.files)}`);
  const built = (): boolean => existsSync(join(dir, manifestName));
  if (built() && !(await hasRemains(cacheDir))) return dir;
  await mkdir(cacheDir, { recursive: true, mode: privateFolder });
  const lock = await turnToBuild(built, options);
  if (lock === null) return dir;
  try {
    await removeRemains(cacheDir);
    if (!built()) await buildAside(fixtures, dir, options);
    return dir;
  } finally {
    lock.release();
  }
};

/** The right to build, once whoever builds has ended; null: nobody has to build any more. */
const turnToBuild = async (built: () => boolean, options: DemoOptions): Promise<FileLock | null> => {
  const { cacheDir, tools, onProgress, signal } = options;
  for (;;) {
    const taken = tools.locks.take(join(cacheDir, 'building-demo'));
    if ('release' in taken) return taken;
    if (built()) return null;
    const who = taken.holder === null ? 'another recall-tui' : `process ${taken.holder.pid}`;
    onProgress?.(`waiting for ${who}, which builds the demo`, 0, null);
    await delay(pollMs);
    stopIf(signal);
  }
};

const pollMs = 250;

const buildAside = async (fixtures: string, dir: string, options: DemoOptions): Promise<void> => {
  const building = join(options.cacheDir, `${buildingPrefix}${ownName()}`);
  try {
    await mkdir(building, { mode: privateFolder });
    await build(fixtures, building, options);
    await moveTo(building, dir);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
};

/** Another start may have been first: its demo is as good as this one. */
const moveTo = async (building: string, dir: string): Promise<void> => {
  try {
    await rename(building, dir);
  } catch (error) {
    if (!existsSync(join(dir, manifestName))) throw error;
  }
};

const buildingPrefix = 'building-demo-';

const remains = async (cacheDir: string): Promise<string[]> =>
  (await readdir(cacheDir).catch(() => [])).filter((name) => name.startsWith(buildingPrefix));

const hasRemains = async (cacheDir: string): Promise<boolean> => (await remains(cacheDir)).length > 0;

/** Under the lock there is no other builder: all of them are those of processes that are gone. */
const removeRemains = async (cacheDir: string): Promise<void> => {
  for (const name of await remains(cacheDir)) await rm(join(cacheDir, name), { recursive: true, force: true });
};

const build = async (fixtures: string, dir: string, options: DemoOptions): Promise<void> => {
  const { tools, importCsv, onProgress, signal } = options;
  await importCsv(join(fixtures, 'demo'), join(dir, sampleFile), (done, total) => onProgress?.('import', done, total));
  stopIf(signal);
  const { hasModel } = await copyPlainFiles(fixtures, dir);
  await writeManifest(dir, await manifestOf(fixtures, dir, hasModel, tools), tools.files);
  const index = {
    ...defaultIndexOptions,
    until: await trainedUntil(fixtures),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  };
  const faults = hasModel ? await readFaults(join(fixtures, 'demo', 'faults.json')) : null;
  if (faults === null) return void (await buildIndexArtefacts(dir, tools, index));
  const sample = tools.openSample(join(dir, sampleFile));
  try {
    await buildIndexArtefacts(dir, withFaults(tools, faults, sample.catalog), index);
  } finally {
    sample.close();
  }
  await declareLeftOut(dir, faults, tools);
};

const stopIf = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true)
    throw new RecallError('cancelled', 'building the demo was cancelled; it will be built at the next start');
};

const sampleFile = 'sample.sqlite';

const templateSchema = z.looseObject({ trainUntil: z.number().int() });
const modelSchema = z.looseObject({ dim: z.number().int() });

const jsonIn = async (path: string): Promise<unknown> => readJson(await readText(path));

const trainedUntil = async (fixtures: string): Promise<number> =>
  templateSchema.parse(await jsonIn(join(fixtures, 'demo', manifestName))).trainUntil;

/** The committed template with the artefacts of this build. */
const manifestOf = async (
  fixtures: string,
  dir: string,
  hasModel: boolean,
  { files, openSample }: Factories,
): Promise<Manifest> => {
  const template = templateSchema.parse(await jsonIn(join(fixtures, 'demo', manifestName)));
  const { store, catalog, close } = openSample(join(dir, sampleFile));
  const sample = {
    file: sampleFile,
    sha256: await files.sha256File(join(dir, sampleFile)),
    users: store.userCount,
    ads: catalog.adCount,
    events: store.eventCount,
  };
  close();
  const model = hasModel
    ? {
        kind: 'two-tower',
        dir: 'model',
        sha256: await files.sha256Dir(join(dir, 'model')),
        builtUntil: template.trainUntil,
        dim: modelSchema.parse(await jsonIn(join(dir, 'model', 'model.json'))).dim,
        // The committed model was trained on these very rows, whatever bytes SQLite gives them here.
        builtFrom: { sample: sample.sha256 },
      }
    : null;
  return parseManifest(
    JSON.stringify({
      ...template,
      format: manifestFormat,
      sample,
      model,
      key: 'key.hex',
      rules: { file: 'rules.json', sha256: await files.sha256File(join(dir, 'rules.json')) },
      presets: { file: 'presets.json' },
      import: { format: 'csv', source: 'fixtures/demo' },
    }),
    join(dir, manifestName),
  );
};
