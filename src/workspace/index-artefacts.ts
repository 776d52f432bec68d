import { mkdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RecallError } from '../errors.ts';
import type { AdCatalog, AdEncoder, AdVectors } from '../engine/ports/ports.ts';
import type { OpenedSample } from '../engine/ports/artefacts.ts';
import type { Factories } from './factories.ts';
import { buildI2i } from './build-i2i.ts';
import { declaredUntil } from './declared-until.ts';
import { checkLinks } from './links.ts';
import { buildIndexOf, indexFiles } from './indexes/index.ts';
import type { IndexEntry } from './indexes/index.ts';
import { readManifest, writeManifest } from './manifest/file.ts';
import type { Manifest } from './manifest/manifest.ts';
import { modelKindOf, openModelOf } from './models/index.ts';
import { openSampleOf } from './open-sample.ts';
import { removeAbandoned } from './staging.ts';
import { openVectors } from './vectors.ts';

export interface IndexOptions {
  readonly m: number;
  readonly efConstruction: number;
  readonly seed: number;
  /**
   * i2i counts events before this instant only, ms; null = the model's builtUntil, where it states none what the
   * manifest declares, else all events.
   */
  readonly until: number | null;
  /** `i2i`: the item-to-item neighbours alone; vectors and index stay what the manifest names. Absent: everything. */
  readonly only?: 'i2i' | undefined;
  readonly onProgress?: (stage: string, done: number, total: number | null) => void;
  readonly signal?: AbortSignal;
}

export const defaultIndexOptions = { m: 16, efConstruction: 200, seed: 100 } as const;

export interface IndexReport {
  readonly manifest: Manifest;
  readonly ads: number;
  readonly dim: number | null;
  readonly i2iUntil: number | null;
  readonly notices: readonly string[];
}

/**
 * Builds what recall needs from sample and model: `ads.vectors` (ad tower over all ads), `ads.hnsw`, `ads.i2i`, and the
 * manifest. Model and sample are taken as they are now. Without a model only i2i is built. Everything is
 * built in a folder of its own and moved when all is there: after a failure or an abort the workspace is as it was.
 */
export const buildIndexArtefacts = async (
  dir: string,
  tools: Factories,
  options: IndexOptions,
): Promise<IndexReport> => {
  const before = await readManifest(dir);
  if (before.sample === null)
    throw new RecallError('unsupported', 'there is no sample to index', {
      todo: 'run `recall-tui import FORMAT SOURCE --out DIR` first',
    });
  const sample = await openSampleOf(dir, before.sample, tools, options);
  const staging = join(dir, `${stagingPrefix}${process.pid}`);
  try {
    await removeAbandoned(dir, stagingPrefix);
    await mkdir(staging, { recursive: true });
    const current = await withCurrentHashes(dir, before, sample, tools);
    const vectors =
      options.only === 'i2i'
        ? current
        : await buildVectors({ dir, staging, catalog: sample.catalog, before: before.index }, current, tools, options);
    const manifest = await buildNeighbours(staging, vectors, sample, tools, options);
    // Parts that are not rebuilt must still fit the rest: otherwise the workspace would no longer open.
    if (options.only === 'i2i') checkLinks(manifest);
    await moveIntoPlace(dir, staging, manifest, tools);
    return {
      manifest,
      ads: sample.catalog.adCount,
      dim: manifest.vectors?.dim ?? null,
      i2iUntil: manifest.i2i?.builtUntil ?? null,
      notices: noticesOf(before, manifest, options.only),
    };
  } finally {
    sample.close();
    await rm(staging, { recursive: true, force: true });
  }
};

const stagingPrefix = '.building-';

const moveIntoPlace = async (dir: string, staging: string, manifest: Manifest, tools: Factories): Promise<void> => {
  const ofIndex = manifest.index === null ? [] : indexFiles(manifest.index).map(({ path }) => path);
  for (const file of [manifest.vectors?.file, ...ofIndex, manifest.i2i?.file]) {
    if (file !== undefined && existsSync(join(staging, file))) await rename(join(staging, file), join(dir, file));
  }
  await writeManifest(dir, manifest, tools.files);
};

/** Names of the files that are written here; a manifest that named others gets these. */
const names = { vectors: 'ads.vectors', i2i: 'ads.i2i' } as const;

const withCurrentHashes = async (
  dir: string,
  manifest: Manifest,
  { store, catalog }: OpenedSample,
  tools: Factories,
): Promise<Manifest> => {
  const { sample, model, rules } = manifest;
  const hash = (path: string): Promise<string> => tools.files.rememberedSha256(resolve(dir, path));
  return {
    ...manifest,
    sample:
      sample === null
        ? null
        : {
            ...sample,
            sha256: await hash(sample.file),
            ads: catalog.adCount,
            users: store.userCount,
            events: store.eventCount,
          },
    model: model === null ? null : { ...model, sha256: await hash(modelKindOf(model).path(model)) },
    rules: rules === null ? null : { ...rules, sha256: await hash(rules.file) },
  };
};

const noticesOf = (before: Manifest, after: Manifest, only: IndexOptions['only']): string[] => [
  ...(before.sample?.sha256 === after.sample?.sha256
    ? []
    : ['the sample was not the one the manifest named; it is now']),
  ...(before.model?.sha256 === after.model?.sha256 ? [] : ['the model was not the one the manifest named; it is now']),
  ...(after.model === null && only === undefined ? [withoutModel(after)] : []),
  ...(before.index?.labels == null || after.index?.labels != null
    ? []
    : [
        `recall.json now names ${fileOf(after.index) ?? 'no index'}; your own ${fileOf(before.index) ?? 'index'} is as it was (--only i2i would have kept it in use)`,
      ]),
];

const fileOf = (index: IndexEntry | null): string | undefined =>
  index === null ? undefined : indexFiles(index)[0]?.path;

const withoutModel = ({ vectors }: Manifest): string =>
  vectors === null
    ? 'no model: only the item-to-item neighbours were built; `recall-tui train DIR` makes one'
    : 'no model: the index was built over the ad vectors that were there';

interface Places {
  readonly dir: string;
  readonly staging: string;
  readonly catalog: AdCatalog;
  /** The manifest's index before: its kind is built again, and a team's own file is not written over. */
  readonly before: IndexEntry | null;
}

/** Ad vectors by the ad tower, or, without a model, those the team brought along; then the index over them. */
const buildVectors = async (
  places: Places,
  manifest: Manifest,
  tools: Factories,
  options: IndexOptions,
): Promise<Manifest> => {
  const { model, sample } = manifest;
  if (sample === null) return manifest;
  const adEncoder = await adTower(places.dir, manifest, tools);
  if (model === null || adEncoder === null) {
    if (manifest.vectors === null) return { ...manifest, index: null };
    return overGiven(places, { ...manifest, index: null }, tools, options);
  }
  const vectors = await encodeAll(adEncoder, places.catalog, options);
  const { dim, count } = vectors;
  const entry = {
    ...manifest.vectors,
    file: names.vectors,
    sha256: '',
    dim,
    count,
    normalised: true,
    ids: null,
    builtFrom: { model: model.sha256, sample: sample.sha256 },
  };
  return buildIndex(
    places,
    await withVectors(places, { ...manifest, model: { ...model, dim }, vectors: entry }, vectors, tools),
    vectors,
    tools,
    options,
  );
};

const adTower = async (dir: string, { model, groups }: Manifest, tools: Factories): Promise<AdEncoder | null> =>
  model !== null && modelKindOf(model).hasAdTower ? (await openModelOf(dir, model, groups, tools)).adEncoder : null;

/**
 * The index over vectors a team brought, in their metric. Their own file stays what it is where it has ids; the
 * native form of it (one row per ad, row = ordinal) is rewritten as before.
 */
const overGiven = async (
  places: Places,
  manifest: Manifest,
  tools: Factories,
  options: IndexOptions,
): Promise<Manifest> => {
  const { vectors: entry, sample } = manifest;
  if (entry === null || sample === null) return manifest;
  const { vectors } = await openVectors(places.dir, manifest, places.catalog, tools);
  if (vectors === null) return manifest;
  if (entry.ids !== null || entry.file !== names.vectors) {
    const sha256 = await tools.files.rememberedSha256(resolve(places.dir, entry.file));
    const ids =
      entry.ids === null
        ? null
        : { ...entry.ids, sha256: await tools.files.rememberedSha256(resolve(places.dir, entry.ids.file)) };
    return buildIndex(
      places,
      { ...manifest, vectors: { ...entry, sha256, ids, builtFrom: { model: null, sample: sample.sha256 } } },
      vectors,
      tools,
      options,
    );
  }
  return buildIndex(
    places,
    await withVectors(
      places,
      { ...manifest, vectors: { ...entry, builtFrom: { model: null, sample: sample.sha256 } } },
      vectors,
      tools,
    ),
    vectors,
    tools,
    options,
  );
};

const withVectors = async (
  { staging }: Places,
  manifest: Manifest,
  vectors: AdVectors,
  tools: Factories,
): Promise<Manifest> => {
  const path = join(staging, names.vectors);
  await tools.files.writeVectors(path, vectors.data);
  return {
    ...manifest,
    vectors:
      manifest.vectors === null
        ? null
        : { ...manifest.vectors, file: names.vectors, sha256: await tools.files.sha256File(path) },
  };
};

const buildIndex = async (
  { staging, catalog, before }: Places,
  manifest: Manifest,
  vectors: AdVectors,
  tools: Factories,
  { m, efConstruction, seed, onProgress, signal }: IndexOptions,
): Promise<Manifest> => ({
  ...manifest,
  index: await buildIndexOf(
    before,
    {
      vectors,
      unit: manifest.vectors?.normalised === true,
      vectorsSha256: manifest.vectors?.sha256 ?? '',
      leftOut: withoutVector(vectors, catalog),
      staging,
      m,
      efConstruction,
      seed,
      sha256: (path) => tools.files.sha256File(path),
      onProgress: (done, total) => onProgress?.('index', done, total),
      signal,
    },
    tools,
  ),
});

const withoutVector = ({ present }: AdVectors, catalog: AdCatalog): string[] =>
  present === undefined
    ? []
    : Array.from(present.keys())
        .filter((ordinal) => present[ordinal] === 0)
        .map((ordinal) => catalog.idOf(ordinal));

const batchSize = 512;

const encodeAll = async (
  encoder: AdEncoder,
  catalog: AdCatalog,
  { onProgress, signal }: IndexOptions,
): Promise<AdVectors> => {
  const { adCount: count } = catalog;
  const { dim } = encoder;
  const data = new Float32Array(new SharedArrayBuffer(count * dim * 4));
  for (let from = 0; from < count; from += batchSize) {
    if (signal?.aborted) throw new RecallError('cancelled', 'the build was stopped; the workspace is unchanged');
    const until = Math.min(count, from + batchSize);
    data.set(
      await encoder.encodeAds(catalog.ads(Array.from({ length: until - from }, (_, i) => from + i))),
      from * dim,
    );
    onProgress?.('ad vectors', until, count);
  }
  return { count, dim, data };
};

const buildNeighbours = async (
  staging: string,
  manifest: Manifest,
  { store, catalog }: OpenedSample,
  tools: Factories,
  options: IndexOptions,
): Promise<Manifest> => {
  const { sample, model } = manifest;
  if (sample === null) return manifest;
  const path = join(staging, names.i2i);
  const { builtUntil } = await buildI2i(
    {
      // A team's vectors do not say until when they were built: then the workspace's own word stands, so that i2i
      // does not know what is asked of it.
      store,
      catalog,
      path,
      until: options.until ?? model?.builtUntil ?? declaredUntil(manifest),
      kinds: behaviourKinds(manifest),
      onProgress: (done, total) => options.onProgress?.('item-to-item', done, total),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
    tools.files,
  );
  return {
    ...manifest,
    i2i: {
      ...manifest.i2i,
      file: names.i2i,
      sha256: await tools.files.sha256File(path),
      builtUntil,
      builtFrom: { sample: sample.sha256 },
    },
  };
};

/** Kinds the groups read from users' own events, and the engagement kinds; null = all, when the groups name none. */
const behaviourKinds = ({ groups, engagementKinds }: Manifest): string[] | null => {
  const kinds = groups.flatMap((group) => (group.source === 'events' ? group.kinds : []));
  return kinds.length === 0 ? null : [...new Set([...kinds, ...engagementKinds])];
};
