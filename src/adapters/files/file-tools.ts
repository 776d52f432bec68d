import { join } from 'node:path';
import { atomicWrite } from '../../base/atomic-file.ts';
import { cachePlace, type CachePlace } from './cache-place.ts';
import type { FileTools } from '../../engine/ports/artefacts.ts';
import { createHashCache } from './hash-cache.ts';
import { sha256Dir, sha256File } from './hash.ts';
import { readIds } from './ids.ts';
import { readLabels } from './labels.ts';
import { matrixShape, readMatrix } from './matrix.ts';
import { readVectors, writeVectors } from './vectors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The project's FileTools; remembered hashes live in the cache folder. */
export const createFileTools = (env: Env, place: CachePlace = cachePlace(env)): FileTools => ({
  cacheDir: place.dir,
  cacheNotice: place.notice,
  sha256File,
  sha256Dir: (dir, signal) => sha256Dir(dir, (path) => sha256File(path, signal)),
  rememberedSha256: createHashCache(join(place.dir, 'hashes.json')),
  atomicWrite,
  matrixShape,
  readMatrix,
  readIds,
  readLabels,
  readVectors,
  writeVectors,
});
