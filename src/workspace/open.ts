import { lazyAsync } from '../base/lazy.ts';
import { RecallError } from '../errors.ts';
import { defaultRules } from '../domain/rules.ts';
import type { EngineDeps, EngineSettings } from '../engine/deps.ts';
import type { Engine } from '../engine/engine.ts';
import type { AdIndex, AdVectors, IndexGraph, ItemNeighbours } from '../engine/ports/ports.ts';
import type { LoadedModel, OpenedSample } from '../engine/ports/artefacts.ts';
import type { Factories } from './factories.ts';
import { artefactsOf, checkHashes, checkPresent } from './artefacts.ts';
import { coverageNotices } from './coverage.ts';
import { exactOf, noWalkOf, openIndexOf } from './indexes/index.ts';
import type { OpenedIndex } from './indexes/kind.ts';
import { checkLinks } from './links.ts';
import { readManifest } from './manifest/file.ts';
import type { Manifest } from './manifest/manifest.ts';
import { openSampleOf } from './open-sample.ts';
import { abilitiesOf, loadModelOf } from './models/index.ts';
import { placeOf } from './places.ts';
import { readRules } from './rules-file.ts';
import { openVectors } from './vectors.ts';
import type { Workspace } from './workspace.ts';

export interface OpenOptions {
  readonly tools: Factories;
  readonly createEngine: (deps: EngineDeps) => Engine;
  readonly onProgress?: ((stage: string, done: number, total: number | null) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a workspace read-only: every artefact present, its header and size as the manifest says, built from what is
 * here, its (remembered) sha256 unchanged. What costs is put off: TensorFlow, scan workers and the index's graph wait
 * for their first use. Throws `no-workspace`, `bad-manifest`, `missing-artefact`, `artefact-changed`, `bad-index`,
 * `bad-vectors`, `bad-sample`, `bad-input`, `cancelled`.
 */
export const openWorkspaceAt = async (dir: string, options: OpenOptions): Promise<Workspace> => {
  const { tools, onProgress, signal } = options;
  // A hash of gigabytes must not outlive the answer: it is given up once opening has failed.
  const hashing = new AbortController();
  signal?.addEventListener('abort', () => hashing.abort(), { signal: hashing.signal });
  const manifest = await readManifest(dir);
  const artefacts = artefactsOf(dir, manifest);
  checkPresent(artefacts);
  const sample = await checkedSample(dir, manifest, options);
  try {
    const linkNotices = checkLinks(manifest);
    onProgress?.('opening', 0, null);
    const index = manifest.index === null ? null : await openIndexOf(dir, manifest.index, sample.catalog, tools);
    const readVectors = lazyAsync(() => openVectors(dir, manifest, sample.catalog, tools, index));
    const opened = await Promise.all([
      index?.load(async () => (await readVectors()).vectors) ?? null,
      readVectors(),
      readNeighboursOf(dir, manifest, tools),
      manifest.rules === null ? defaultRules : readRules(placeOf(dir, manifest.rules.file)),
      checkHashes(artefacts, tools.files, hashing.signal),
    ]);
    if (signal?.aborted) throw new RecallError('cancelled', 'opening the workspace was cancelled');
    const [searchable, { vectors, coverage }, i2i, rules, { fingerprints, notices }] = opened;
    const covered = coverageNotices([coverage, searchable?.coverage ?? null].filter((one) => one !== null));
    return assemble(
      { dir, manifest, options, sample, index: searchable?.index ?? null, graph: index?.graph ?? null, vectors, i2i },
      { rules, fingerprints, notices: [...linkNotices, ...notices, ...covered] },
    );
  } catch (error) {
    sample.close();
    throw error;
  } finally {
    hashing.abort();
  }
};

const checkedSample = async (
  dir: string,
  manifest: Manifest,
  { tools, onProgress, signal }: OpenOptions,
): Promise<OpenedSample> => {
  if (manifest.sample === null)
    throw new RecallError('bad-manifest', 'the workspace has no sample of users', {
      expected: 'sample: {file, sha256, …}',
      found: 'null',
      todo: 'run `recall-tui import FORMAT SOURCE --out DIR`',
    });
  // Another content is another sample: refused before minutes are spent on deriving from it.
  if (manifest.sample.kind === 'mapped')
    await checkHashes(
      artefactsOf(dir, manifest).filter(({ name }) => name === 'sample'),
      tools.files,
      signal,
    );
  const sample = await openSampleOf(dir, manifest.sample, tools, { onProgress, signal });
  // Which rows of a mapped file are kept follows from its hash and the mapping, which a person may correct.
  if (manifest.sample.kind === 'mapped') return sample;
  const wrong = [
    ['ads', manifest.sample.ads, sample.catalog.adCount],
    ['users', manifest.sample.users, sample.store.userCount],
  ] as const;
  for (const [name, expected, found] of wrong) {
    if (expected === found) continue;
    sample.close();
    throw new RecallError('artefact-changed', `the number of ${name} in the sample differs from the manifest's`, {
      expected: String(expected),
      found: String(found),
      todo: 'put the right file back, or import again',
    });
  }
  return sample;
};

/** What is called a leak of the future follows from when they were built: manifest and file must agree. */
const readNeighboursOf = async (dir: string, { i2i }: Manifest, tools: Factories): Promise<ItemNeighbours | null> => {
  if (i2i === null) return null;
  const read = await tools.readNeighbours(placeOf(dir, i2i.file));
  if (read.builtUntil === i2i.builtUntil) return read;
  throw new RecallError('artefact-changed', 'the item-to-item neighbours were built until another time than i2i says', {
    expected: `i2i.builtUntil ${String(i2i.builtUntil)}`,
    found: `${String(read.builtUntil)} in ${i2i.file}`,
    todo: 'put the right file back, or run `recall-tui index DIR --only i2i`',
  });
};

interface Parts {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly options: OpenOptions;
  readonly sample: OpenedSample;
  readonly index: AdIndex | null;
  readonly graph: OpenedIndex['graph'] | null;
  readonly vectors: AdVectors | null;
  readonly i2i: ItemNeighbours | null;
}

const assemble = (parts: Parts, found: Pick<Workspace, 'rules' | 'fingerprints' | 'notices'>): Workspace => {
  const {
    dir,
    manifest,
    sample,
    index,
    vectors,
    i2i,
    options: { tools, createEngine },
  } = parts;
  const { model: modelEntry, index: indexEntry } = manifest;
  const scan = exactOf(indexEntry?.kind ?? null, vectors, tools);
  let loaded: LoadedModel | null = null;
  const model = lazyAsync(async () => {
    return (loaded = await loadModelOf(dir, manifest, tools));
  });
  const graphs: IndexGraph[] = [];
  const graph = lazyAsync(async () => {
    const opened = (await parts.graph?.()) ?? null;
    if (opened !== null) graphs.push(opened);
    return opened;
  });
  const deps: EngineDeps = {
    settings: settingsOf(manifest),
    store: sample.store,
    catalog: sample.catalog,
    text: sample.text,
    index,
    vectors,
    scan,
    i2i,
    graph,
    encoder: async () => (await model())?.encoder ?? null,
    adEncoder: async () => (await model())?.adEncoder ?? null,
    clock: { now: () => Date.now(), tick: () => performance.now() },
  };
  return {
    ...deps,
    ...found,
    dir,
    name: manifest.name,
    manifest,
    engine: createEngine(deps),
    abilities: modelEntry === null ? null : abilitiesOf(modelEntry, manifest.groups),
    noWalk: indexEntry === null ? null : noWalkOf(indexEntry),
    backend: () => loaded?.backend ?? null,
    close: async () => {
      await scan?.close();
      for (const one of graphs.splice(0)) one.close();
      sample.close();
    },
  };
};

/** The manifest's part of the engine's settings. */
export const settingsOf = (manifest: Manifest): EngineSettings => ({
  groups: manifest.groups,
  eligibility: manifest.eligibility,
  engagementKinds: manifest.engagementKinds,
  horizonMs: manifest.horizonMs,
  syntheticTimes: manifest.syntheticTimes,
  tzOffsetMinutes: manifest.tzOffsetMinutes,
  calendar: manifest.calendar,
  tightFilter: manifest.tightFilter,
});
