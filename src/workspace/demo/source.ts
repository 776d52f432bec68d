import { existsSync } from 'node:fs';
import { copyFile, cp } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RecallError } from '../../errors.ts';
import type { FileTools } from '../../engine/ports/artefacts.ts';

/**
 * The folder of committed fixtures, from the sources (src/workspace/) as from the bundle (dist/).
 * Throws `missing-artefact` where the package came without it.
 */
export const fixturesFolder = (from: string = fileURLToPath(import.meta.url)): string => {
  for (let dir = dirname(from); dirname(dir) !== dir; dir = dirname(dir)) {
    const found = join(dir, 'fixtures');
    if (existsSync(join(found, 'demo', 'recall.json'))) return found;
  }
  throw new RecallError('missing-artefact', 'the demo world is missing', {
    expected: 'fixtures/demo beside the program',
    found: `nothing above ${dirname(from)}`,
    todo: 'install the package whole, or name a workspace with -w DIR',
  });
};

/** Raised when the same fixtures must give another workspace. */
const buildVersion = 1;

/** The digest that names a built demo: the fixtures' bytes and the version of the build. */
export const demoFingerprint = async (
  fixtures: string,
  files: Pick<FileTools, 'rememberedSha256'>,
): Promise<string> => {
  const parts = ['demo', join('demo', 'model'), 'planted.jsonl']
    .map((name) => join(fixtures, name))
    .filter((path) => existsSync(path));
  const hashes = await Promise.all(parts.map((path) => files.rememberedSha256(path)));
  return createHash('sha256')
    .update([buildVersion, ...hashes].join('\n'))
    .digest('hex')
    .slice(0, 16);
};

/**
 * Copies what the workspace keeps as it is committed: rules, presets, key, planted clicks and, where there is one, the
 * model.
 */
export const copyPlainFiles = async (fixtures: string, dir: string): Promise<{ hasModel: boolean }> => {
  for (const name of ['rules.json', 'presets.json', 'key.hex'])
    await copyFile(join(fixtures, 'demo', name), join(dir, name));
  await copyFile(join(fixtures, 'planted.jsonl'), join(dir, 'planted.jsonl'));
  const model = join(fixtures, 'demo', 'model');
  const hasModel = existsSync(join(model, 'model.json'));
  if (hasModel) await cp(model, join(dir, 'model'), { recursive: true });
  return { hasModel };
};
