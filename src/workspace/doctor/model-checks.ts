import type { LoadedModel, OpenedSample } from '../../engine/ports/artefacts.ts';
import type { Factories } from '../factories.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { loadModelOf, modelKindOf } from '../models/index.ts';
import { spaceOf } from '../vectors.ts';
import { attempt, verdict } from './check.ts';
import type { Check } from './check.ts';

/** Loads the model, whatever its kind: names backend and reason; then the checks of its kind. */
export const checkModel = async (
  dir: string,
  manifest: Manifest,
  tools: Factories,
  sample: OpenedSample | null,
): Promise<Check[]> => {
  const { model } = manifest;
  if (model === null) return [verdict('backend', true, 'none', 'no model, so no TensorFlow')];
  const kind = modelKindOf(model);
  let loaded: LoadedModel | null = null;
  const opens = await attempt(
    'backend',
    `a backend that loads the ${model.kind} model of dimension ${model.dim}${kind.proves === undefined ? '' : `, ${kind.proves}`}`,
    async () => {
      loaded = await loadModelOf(dir, manifest, tools);
      if (loaded === null) return { ok: false, found: 'no model' };
      const { name, version, reason } = loaded.backend;
      return { ok: true, found: `${`${name} ${version}`.trim()} (${reason}), dimension ${loaded.encoder.dim}` };
    },
  );
  if (loaded === null || sample === null) return [opens];
  return [opens, ...(await kind.examine({ entry: model, loaded, sample, space: spaceOf(manifest) }))];
};
