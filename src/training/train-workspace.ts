import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RecallError } from '../errors.ts';
import type { Ad } from '../domain/ads.ts';
import type { AdCatalog, UserStore } from '../engine/ports/ports.ts';
import type { Factories } from '../workspace/factories.ts';
import { declaredUntil } from '../workspace/declared-until.ts';
import { readManifest } from '../workspace/manifest/file.ts';
import type { Manifest } from '../workspace/manifest/manifest.ts';
import { openSampleOf } from '../workspace/open-sample.ts';
import { startPlacing } from '../workspace/placing.ts';
import type { HyperChoice } from './hyper.ts';
import { trainTower } from './train.ts';
import type { TrainResult } from './train.ts';
import { placeOf } from '../workspace/places.ts';

export interface TrainWorkspaceOptions {
  readonly hyper: HyperChoice;
  /** Train on events strictly before, ms; null = the import's trainUntil, else the manifest's as-of, else all. */
  readonly until: number | null;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number, note: string) => void;
}

export interface WorkspaceTraining extends Omit<TrainResult, 'model'> {
  readonly manifest: Manifest;
  readonly until: number;
  /** Artefacts that fitted the old model and were dropped from the manifest. */
  readonly dropped: readonly string[];
}

/**
 * Trains DIR's model from its sample, puts the new model next to the old one, then writes the manifest, then removes
 * the old one with what was built from it. Interrupted, it keeps the best epoch so far; after a failure, and killed at
 * any moment, the workspace is as it was.
 */
export const trainWorkspace = async (
  dir: string,
  tools: Factories,
  options: TrainWorkspaceOptions,
): Promise<WorkspaceTraining> => {
  const manifest = await readManifest(dir);
  const { sample } = manifest;
  if (sample === null)
    throw new RecallError('unsupported', 'there is no sample to train on', {
      todo: 'run `recall-tui import FORMAT SOURCE --out DIR` first',
    });
  const opened = await openSampleOf(dir, sample, tools, { signal: options.signal });
  const placing = await startPlacing(dir, '.training-', manifest, tools);
  try {
    if (opened.store.eventCount === 0)
      throw new RecallError('bad-input', 'there is no event to train on', {
        expected: 'events of users with ads, before the instant to train until',
        found: `${opened.store.userCount} users, ${opened.catalog.adCount} ads and 0 events`,
        todo: 'import events too; without a model, recall works by rules: --mode legacy',
      });
    const until = options.until ?? defaultUntil(manifest, opened.store);
    const { model, ...result } = await trainTower({
      store: opened.store,
      ads: allAds(opened.catalog),
      settings: manifest,
      engagementKinds: manifest.engagementKinds,
      until,
      hyper: options.hyper,
      createStep: (step) => tools.createTowerStep(step),
      signal: options.signal,
      onProgress: options.onProgress,
    });
    await tools.saveModel(join(placing.folder, 'model'), model);
    const { file: folder, sha256 } = await placing.place('model');
    const sampleSha256 = await tools.files.rememberedSha256(placeOf(dir, sample.file));
    // What was edited while it was trained stays.
    const now = await readManifest(dir);
    const trained: Manifest = {
      ...now,
      vectors: null,
      index: null,
      sample: now.sample?.file === sample.file ? { ...now.sample, sha256: sampleSha256 } : now.sample,
      model: {
        kind: 'two-tower',
        dir: folder,
        sha256,
        dim: model.shape.dim,
        builtUntil: until,
        builtFrom: { sample: sampleSha256 },
      },
    };
    await placing.commit(trained);
    await removeUnnamed(dir, trained);
    const dropped = (['vectors', 'index'] as const).filter((name) => manifest[name] !== null);
    return { ...result, manifest: trained, until, dropped };
  } finally {
    opened.close();
    await placing.end();
  }
};

/** Models of runs that were killed, or failed, before the manifest named them or after it named another. */
const removeUnnamed = async (dir: string, { model, key }: Manifest): Promise<void> => {
  const named = [model?.dir ?? '', key];
  for (const name of await readdir(dir))
    if (/^model-[0-9a-f]{12}$/.test(name) && !named.includes(name))
      await rm(join(dir, name), { recursive: true, force: true });
};

/** Where training stops by default: where the manifest says, else after the last event. */
const defaultUntil = (manifest: Manifest, store: Pick<UserStore, 'listUsers' | 'userCount'>): number => {
  const told = declaredUntil(manifest);
  if (told !== null) return told;
  const last = store
    .listUsers({ limit: store.userCount })
    .reduce((latest, { lastAt }) => Math.max(latest, lastAt ?? latest), Number.MIN_SAFE_INTEGER);
  return last + 1;
};

const allAds = (catalog: AdCatalog): Ad[] => {
  const ads: Ad[] = [];
  for (let from = 0; from < catalog.adCount; from += 1000) {
    for (const ad of catalog.ads(Array.from({ length: Math.min(1000, catalog.adCount - from) }, (_, i) => from + i)))
      ads.push(ad);
  }
  return ads;
};
