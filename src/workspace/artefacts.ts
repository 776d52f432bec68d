import { existsSync } from 'node:fs';
import { RecallError } from '../errors.ts';
import type { FileTools } from '../engine/ports/artefacts.ts';
import type { ArtefactFile } from './artefact-file.ts';
import { indexFiles } from './indexes/index.ts';
import type { Manifest } from './manifest/manifest.ts';
import { modelKindOf } from './models/index.ts';
import { placeOf, type NamedFile } from './places.ts';
import type { ModelEntry } from './models/index.ts';
import type { Fingerprints } from './workspace.ts';

export type Artefact = ArtefactFile;

/** The artefacts a manifest names, with full paths; first those with a fingerprint, then the files that go with them. */
export const artefactsOf = (dir: string, manifest: Manifest): Artefact[] => {
  const { sample, model, vectors, index, i2i, rules } = manifest;
  const file = (name: string, title: string, entry: { file: string; sha256: string } | null): ArtefactFile[] =>
    entry === null ? [] : [{ name, title, path: entry.file, sha256: entry.sha256, folder: false }];
  const modelFiles = model === null ? [] : filesOf(model);
  const ofIndex = index === null ? [] : indexFiles(index);
  const all = [
    ...file('sample', 'the sample of users', sample),
    ...modelFiles.slice(0, 1),
    ...file('vectors', 'the ad vectors', vectors),
    ...ofIndex.slice(0, 1),
    ...modelFiles.slice(1),
    ...file('vector ids', 'the ids of the ad vectors', vectors?.ids ?? null),
    ...ofIndex.slice(1),
    ...file('i2i', 'the item-to-item neighbours', i2i),
    ...file('rules', 'the legacy rules', rules),
  ];
  return all.map((one) => ({ ...one, path: placeOf(dir, one.path) }));
};

/** Everything that a manifest names by its path, artefact or not. */
export const filesNamedBy = (dir: string, manifest: Manifest): NamedFile[] => {
  const { served, presets, key, index } = manifest;
  const file = (title: string, path: string | null | undefined): NamedFile[] =>
    path === null || path === undefined ? [] : [{ title, path: placeOf(dir, path), folder: false }];
  return [
    ...artefactsOf(dir, manifest),
    ...file('the ids of the labels', index?.labels?.ids),
    ...file('the serving log', served?.file),
    ...file('the presets', presets?.file),
    ...file('the key', key),
  ];
};

const filesOf = (model: ModelEntry): ArtefactFile[] => {
  const { title, path, folder, companions } = modelKindOf(model);
  return [{ name: 'model', title, path: path(model), sha256: model.sha256, folder }, ...(companions?.(model) ?? [])];
};

/** Throws `missing-artefact` naming what is not there. */
export const checkPresent = (artefacts: readonly Artefact[]): void => {
  for (const { title, path } of artefacts) {
    if (!existsSync(path))
      throw new RecallError('missing-artefact', `${title}: missing`, {
        expected: path,
        found: 'nothing at this path',
        todo: 'put it back, or rebuild it (`recall-tui train DIR`, `recall-tui index DIR`)',
      });
  }
};

/**
 * Compares each artefact's (remembered) sha256 with the manifest's. Throws `artefact-changed`; the rules, which an
 * operator edits by hand, give a notice instead.
 */
export const checkHashes = async (
  artefacts: readonly Artefact[],
  files: Pick<FileTools, 'rememberedSha256'>,
  signal?: AbortSignal,
): Promise<{ fingerprints: Fingerprints; notices: string[] }> => {
  const fingerprints: Record<keyof Fingerprints, string | null> = { ...noFingerprints };
  const notices: string[] = [];
  const hashes = await Promise.all(artefacts.map(({ path }) => files.rememberedSha256(path, signal)));
  for (const [i, artefact] of artefacts.entries()) {
    const found = hashes[i] ?? '';
    if (isFingerprint(artefact.name)) fingerprints[artefact.name] = found;
    if (found === artefact.sha256) continue;
    if (artefact.name !== 'rules') throw changed(artefact, found);
    notices.push(
      `the legacy rules were edited since the manifest was written (${found.slice(0, 12)}, manifest ${artefact.sha256.slice(0, 12)})`,
    );
  }
  return { fingerprints, notices };
};

const noFingerprints: Fingerprints = {
  sample: null,
  model: null,
  vectors: null,
  index: null,
  i2i: null,
  rules: null,
};

const isFingerprint = (name: string): name is keyof Fingerprints => name in noFingerprints;

const changed = ({ title, path, sha256 }: Artefact, found: string): RecallError =>
  new RecallError('artefact-changed', `${title}: not what the manifest names (${path})`, {
    expected: `sha256 ${sha256}`,
    found: `sha256 ${found}`,
    todo: 'put the right file back, or run `recall-tui index DIR` (for a model: `recall-tui train DIR` first)',
  });
