import type { LoadedTwoTower } from '../../engine/ports/artefacts.ts';
import { createAdEncoder } from './ad-encoder.ts';
import { loadBackend } from './backend.ts';
import { readModel } from './model-file.ts';
import { createUserEncoder } from './user-encoder.ts';

/** The two towers of a model folder. Throws `bad-model`. */
export const loadModel = async (dir: string): Promise<LoadedTwoTower> => {
  const model = await readModel(dir);
  const backend = await loadBackend();
  return { encoder: createUserEncoder(backend, model), adEncoder: createAdEncoder(model), backend: backend.info };
};
