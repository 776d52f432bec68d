import { resolve } from 'node:path';
import { RecallError } from '../errors.ts';
import type { LoadedForeignModel, LoadedModel } from '../engine/ports/artefacts.ts';
import type { Factories } from './factories.ts';
import type { Manifest } from './manifest/manifest.ts';
import { strayGroups, tfjsSpecOf } from './manifest/model.ts';

/**
 * The workspace's user model, of whatever kind; null without one. Throws `missing-artefact`, `bad-model`, `bad-vectors`,
 * `bad-input`, `bad-manifest` (an input that reads a group nobody declares), `unsupported`.
 */
export const loadModelOf = async (
  dir: string,
  { model, groups }: Pick<Manifest, 'model' | 'groups'>,
  tools: Pick<Factories, 'loadModel' | 'openUserVectors' | 'openTfjsModel'>,
): Promise<LoadedModel | LoadedForeignModel | null> => {
  if (model === null) return null;
  const loaded = await open(dir, model, groups, tools);
  if (loaded.encoder.dim === model.dim) return loaded;
  throw new RecallError('bad-model', 'the model has another dimension than the manifest says', {
    expected: String(model.dim),
    found: String(loaded.encoder.dim),
    todo: 'run `recall-tui train DIR`, then `recall-tui index DIR`',
  });
};

const open = (
  dir: string,
  model: NonNullable<Manifest['model']>,
  groups: Manifest['groups'],
  tools: Pick<Factories, 'loadModel' | 'openUserVectors' | 'openTfjsModel'>,
): Promise<LoadedModel | LoadedForeignModel> => {
  if (model.kind === 'two-tower') return tools.loadModel(resolve(dir, model.dir));
  if (model.kind === 'vectors')
    return tools.openUserVectors(resolve(dir, model.file), resolve(dir, model.ids.file), model);
  const stray = strayGroups(model, groups);
  if (stray.length > 0)
    throw new RecallError('bad-manifest', 'model.inputs: an input reads a group that the manifest does not declare', {
      expected: `one of ${groups.map(({ name }) => name).join(', ')}`,
      found: stray.join('; '),
      todo: 'declare the group in groups, or correct the input',
    });
  return tools.openTfjsModel(resolve(dir, model.dir), tfjsSpecOf(model, groups));
};
