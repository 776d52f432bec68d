import { join } from 'node:path';
import { RecallError } from '../errors.ts';
import type { AdCatalog, AdEncoder, AdVectors } from '../engine/ports/ports.ts';
import type { Factories } from './factories.ts';
import { buildIndexOf } from './indexes/index.ts';
import type { IndexEntry } from './indexes/index.ts';
import { indexNames as names, type IndexOptions } from './index-options.ts';
import type { Manifest } from './manifest/manifest.ts';
import { modelKindOf, openModelOf } from './models/index.ts';
import { openVectors } from './vectors.ts';
import { placeOf } from './places.ts';
import type { Placing } from './placing.ts';

interface Places {
  readonly dir: string;
  readonly placing: Placing;
  readonly catalog: AdCatalog;
  /** The manifest's index before: its kind is built again, and a team's own file is not written over. */
  readonly before: IndexEntry | null;
}

/** Ad vectors by the ad tower, or, without a model, those the team brought along; then the index over them. */
export const buildVectors = async (
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
  await tools.files.writeVectors(join(places.placing.folder, names.vectors), vectors.data);
  const entry = {
    ...manifest.vectors,
    ...(await places.placing.place(names.vectors)),
    dim,
    count,
    normalised: true,
    ids: null,
    builtFrom: { model: model.sha256, sample: sample.sha256 },
  };
  return buildIndex(places, { ...manifest, model: { ...model, dim }, vectors: entry }, vectors, tools, options);
};

const adTower = async (dir: string, { model, groups }: Manifest, tools: Factories): Promise<AdEncoder | null> =>
  model !== null && modelKindOf(model).hasAdTower ? (await openModelOf(dir, model, groups, tools)).adEncoder : null;

/** The index over vectors that are there already, in their metric; their file stays what it is. */
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
  const hash = (file: string): Promise<string> => tools.files.rememberedSha256(placeOf(places.dir, file));
  const sha256 = await hash(entry.file);
  const ids = entry.ids === null ? null : { ...entry.ids, sha256: await hash(entry.ids.file) };
  return buildIndex(
    places,
    { ...manifest, vectors: { ...entry, sha256, ids, builtFrom: { model: null, sample: sample.sha256 } } },
    vectors,
    tools,
    options,
  );
};

const buildIndex = async (
  { placing, catalog, before }: Places,
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
      staging: placing.folder,
      place: (name) => placing.place(name),
      m,
      efConstruction,
      seed,
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
