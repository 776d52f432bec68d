import { homedir } from 'node:os';
import { join } from 'node:path';
import { atomicWrite } from '../../base/atomic-file.ts';
import type { FileTools } from '../../engine/ports/artefacts.ts';
import { createHashCache } from './hash-cache.ts';
import { sha256Dir, sha256File } from './hash.ts';
import { readIds } from './ids.ts';
import { readLabels } from './labels.ts';
import { matrixShape, readMatrix } from './matrix.ts';
import { readVectors, writeVectors } from './vectors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `$XDG_CACHE_HOME/recall-tui`, by default `~/.cache/recall-tui`. */
export const cacheFolder = (env: Env): string =>
  join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'recall-tui');

/** The project's FileTools; remembered hashes live in the XDG cache folder of `env`. */
export const createFileTools = (env: Env): FileTools => ({
  cacheDir: cacheFolder(env),
  sha256File,
  sha256Dir: (dir, signal) => sha256Dir(dir, (path) => sha256File(path, signal)),
  rememberedSha256: createHashCache(join(cacheFolder(env), 'hashes.json')),
  atomicWrite,
  matrixShape,
  readMatrix,
  readIds,
  readLabels,
  readVectors,
  writeVectors,
});
