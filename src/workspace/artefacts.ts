import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { RecallError } from '../errors.ts';
import type { FileTools } from '../engine/ports/artefacts.ts';
import type { Manifest } from './manifest/manifest.ts';
import type { Fingerprints } from './workspace.ts';

/** The artefacts of a workspace, and the files that say which rows and labels of a team's own are which ads. */
export type ArtefactName = keyof Fingerprints | 'vector ids' | 'index labels' | 'user ids';

export interface Artefact {
  readonly name: ArtefactName;
  readonly title: string;
  readonly path: string;
  readonly sha256: string;
  readonly folder: boolean;
}

const titles = {
  'two-tower': 'the model',
  vectors: 'the user vectors',
  'tfjs-graph': 'the GraphModel',
  'tfjs-layers': 'the LayersModel',
} as const;

/** The artefacts a manifest names, with full paths. */
export const artefactsOf = (dir: string, manifest: Manifest): Artefact[] => {
  const { sample, model, vectors, index, i2i, rules } = manifest;
  const file = (name: ArtefactName, title: string, entry: { file: string; sha256: string } | null): Artefact[] =>
    entry === null ? [] : [{ name, title, path: resolve(dir, entry.file), sha256: entry.sha256, folder: false }];
  return [
    ...file('sample', 'the sample of users', sample),
    ...(model === null
      ? []
      : [
          {
            name: 'model' as const,
            title: titles[model.kind],
            path: resolve(dir, model.kind === 'vectors' ? model.file : model.dir),
            sha256: model.sha256,
            folder: model.kind !== 'vectors',
          },
        ]),
    ...file('vectors', 'the ad vectors', vectors),
    ...file('index', 'the index', index),
    ...file('user ids', 'the ids of the user vectors', model?.kind === 'vectors' ? model.ids : null),
    ...file('vector ids', 'the ids of the ad vectors', vectors?.ids ?? null),
    ...file('index labels', 'the labels of the index', index?.labels ?? null),
    ...file('i2i', 'the item-to-item neighbours', i2i),
    ...file('rules', 'the legacy rules', rules),
  ];
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
): Promise<{ fingerprints: Fingerprints; notices: string[] }> => {
  const fingerprints: Record<keyof Fingerprints, string | null> = {
    sample: null,
    model: null,
    vectors: null,
    index: null,
    i2i: null,
    rules: null,
  };
  const notices: string[] = [];
  const hashes = await Promise.all(artefacts.map(({ path }) => files.rememberedSha256(path)));
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

const isFingerprint = (name: ArtefactName): name is keyof Fingerprints =>
  name !== 'vector ids' && name !== 'index labels' && name !== 'user ids';

export const changed = ({ title, path, sha256 }: Artefact, found: string): RecallError =>
  new RecallError('artefact-changed', `${title}: not what the manifest names (${path})`, {
    expected: `sha256 ${sha256}`,
    found: `sha256 ${found}`,
    todo: 'put the right file back, or run `recall-tui index DIR` (for a model: `recall-tui train DIR` first)',
  });
