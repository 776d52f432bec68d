import { RecallError } from '../errors.ts';
import type { OpenedSample } from '../engine/ports/artefacts.ts';
import type { Factories } from './factories.ts';
import { buildNeighbours } from './build-neighbours.ts';
import { buildVectors } from './build-vectors.ts';
import { checkLinks } from './links.ts';
import { indexFiles } from './indexes/index.ts';
import type { IndexEntry } from './indexes/index.ts';
import type { IndexOptions } from './index-options.ts';
import { manifestText, readManifest } from './manifest/file.ts';
import type { Manifest } from './manifest/manifest.ts';
import { modelKindOf } from './models/index.ts';
import { openSampleOf } from './open-sample.ts';
import { startPlacing } from './placing.ts';
import { placeOf } from './places.ts';

export interface IndexReport {
  readonly manifest: Manifest;
  readonly ads: number;
  readonly dim: number | null;
  readonly i2iUntil: number | null;
  readonly notices: readonly string[];
}

/**
 * Builds what recall needs from sample and model: `ads.vectors` (ad tower over all ads), `ads.hnsw`, `ads.i2i`, and the
 * manifest. Model and sample are taken as they are now. Without a model only i2i is built. Files that the manifest names
 * stay until it names the new ones: killed at any moment, the workspace opens with all the old artefacts or all the new.
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
  const placing = await startPlacing(dir, '.building-', before, tools);
  try {
    const current = await withCurrentHashes(dir, before, sample, tools);
    const vectors =
      options.only === 'i2i'
        ? current
        : await buildVectors({ dir, placing, catalog: sample.catalog, before: before.index }, current, tools, options);
    const manifest = await buildNeighbours(placing, vectors, sample, tools, options);
    // Parts that are not rebuilt must still fit the rest: otherwise the workspace would no longer open.
    if (options.only === 'i2i') checkLinks(manifest);
    await refuseEdited(dir, before);
    await placing.commit(manifest);
    return {
      manifest,
      ads: sample.catalog.adCount,
      dim: manifest.vectors?.dim ?? null,
      i2iUntil: manifest.i2i?.builtUntil ?? null,
      notices: noticesOf(before, manifest, options.only),
    };
  } finally {
    sample.close();
    await placing.end();
  }
};

/** What was built is of the manifest as it was read: an edit, or another build, meanwhile is not written over. */
const refuseEdited = async (dir: string, before: Manifest): Promise<void> => {
  if (manifestText(await readManifest(dir)) === manifestText(before)) return;
  throw new RecallError('artefact-changed', 'recall.json was changed while the index was built; nothing was written', {
    expected: 'recall.json as it was when the build began',
    found: 'another, written by a person or by another command',
    todo: 'run `recall-tui index DIR` again',
  });
};

const withCurrentHashes = async (
  dir: string,
  manifest: Manifest,
  { store, catalog }: OpenedSample,
  tools: Factories,
): Promise<Manifest> => {
  const { sample, model, rules } = manifest;
  const hash = (path: string): Promise<string> => tools.files.rememberedSha256(placeOf(dir, path));
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
