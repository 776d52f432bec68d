import { existsSync } from 'node:fs';
import type { Factories } from '../factories.ts';
import { artefactsOf } from '../artefacts.ts';
import type { Artefact } from '../artefacts.ts';
import { attempt, verdict } from './check.ts';
import type { Check } from './check.ts';
import { examineIndex } from '../indexes/index.ts';
import type { IndexExamination } from '../indexes/kind.ts';
import { linkProblems } from '../links.ts';
import { readManifest } from '../manifest/file.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { placeOf } from '../places.ts';
import { checkModel } from './model-checks.ts';
import { checkSample, checkVectors } from './part-checks.ts';

export interface DoctorReport {
  readonly name: string;
  readonly dir: string;
  readonly checks: readonly Check[];
}

/**
 * Every check of a workspace, one after another; a failed one does not stop the rest. Hashes are always taken
 * again. Throws only when there is no manifest to check against (`no-workspace`, `bad-manifest`).
 */
export const examine = async (
  dir: string,
  tools: Factories,
  onCheck: (done: string) => void = () => undefined,
  signal?: AbortSignal,
): Promise<DoctorReport> => {
  return examineManifest(dir, await readManifest(dir), tools, onCheck, signal);
};

/** The same of a manifest that is not written yet. */
export const examineManifest = async (
  dir: string,
  manifest: Manifest,
  tools: Factories,
  onCheck: (done: string) => void = () => undefined,
  signal?: AbortSignal,
): Promise<DoctorReport> => {
  const checks: Check[] = [{ name: 'manifest', ok: true, expected: 'a valid recall.json', found: manifest.name }];
  const add = (...more: Check[]): void => {
    for (const check of more) {
      checks.push(check);
      onCheck(check.name);
    }
  };
  for (const artefact of artefactsOf(dir, manifest)) add(await checkFile(artefact, tools, signal));
  add(checkBuiltFrom(manifest));
  const sample = await checkSample(dir, manifest, tools);
  try {
    add(...sample.checks);
    const vectors = await checkVectors(dir, manifest, tools, sample.opened?.catalog ?? null);
    add(...vectors.checks);
    add(
      ...(await checkIndex(
        { dir, catalog: sample.opened?.catalog ?? null, vectors: vectors.vectors },
        manifest.index,
        tools,
      )),
    );
    add(await checkNeighbours(dir, manifest, tools));
    add(...(await checkModel(dir, manifest, tools, sample.opened)));
  } finally {
    sample.opened?.close();
  }
  return { name: manifest.name, dir, checks };
};

const checkFile = (artefact: Artefact, tools: Factories, signal?: AbortSignal): Promise<Check> =>
  attempt(`${artefact.name} file`, `sha256 ${artefact.sha256}`, async () => {
    if (!existsSync(artefact.path)) return { ok: false, found: `nothing at ${artefact.path}` };
    const found = await (artefact.folder
      ? tools.files.sha256Dir(artefact.path, signal)
      : tools.files.sha256File(artefact.path, signal));
    return { ok: found === artefact.sha256, found: `sha256 ${found}` };
  });

const checkBuiltFrom = (manifest: Manifest): Check => {
  const problems = linkProblems(manifest);
  const fatal = problems.filter((problem) => problem.fatal);
  const said = (fatal.length > 0 ? fatal : problems).map(
    (problem) => `${problem.message}: ${problem.found}, here ${problem.expected}`,
  );
  return verdict(
    'built from',
    fatal.length === 0,
    'each artefact built from the artefacts here',
    said.join('; ') || 'yes',
  );
};

const checkIndex = async (
  of: Pick<IndexExamination<never>, 'dir' | 'catalog' | 'vectors'>,
  entry: Manifest['index'],
  tools: Factories,
): Promise<readonly Check[]> =>
  entry === null
    ? [verdict('index', true, 'none', 'none; the model channel scans exactly')]
    : examineIndex({ ...of, entry }, tools);

const checkNeighbours = async (dir: string, manifest: Manifest, tools: Factories): Promise<Check> => {
  const { i2i } = manifest;
  if (i2i === null) return verdict('item-to-item', true, 'none', 'none; the channel i2i is silent');
  return attempt('item-to-item', `built until ${String(i2i.builtUntil)}`, async () => {
    const { builtUntil } = await tools.readNeighbours(placeOf(dir, i2i.file));
    return { ok: builtUntil === i2i.builtUntil, found: `built until ${String(builtUntil)}` };
  });
};
