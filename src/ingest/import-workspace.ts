import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { privateFile, privateFolder } from '../base/atomic-file.ts';
import { RecallError } from '../errors.ts';
import type { SampleCounts } from '../engine/ports/artefacts.ts';
import type { Factories } from '../workspace/factories.ts';
import { manifestName } from '../workspace/find.ts';
import { withLeft } from '../workspace/built-files.ts';
import { readManifest, writeManifest } from '../workspace/manifest/file.ts';
import type { Manifest } from '../workspace/manifest/manifest.ts';
import type { HeaderMapping } from './formats/format.ts';
import { formatOf } from './formats/index.ts';
import { importSample, type ImportedSample } from './import-sample.ts';
import { install, removeAbandoned, stagingDir } from './install.ts';
import { nextManifest, rulesFor, type SampleEntry } from './manifest-parts.ts';
import { readMapping } from './mapping.ts';
import type { FileReport } from './tables/report.ts';

export interface ImportOptions {
  readonly format: string;
  readonly source: string;
  readonly out: string;
  readonly name: string | null;
  /** File with a header mapping; null = that of the workspace's manifest, if any. */
  readonly mappingFile: string | null;
  readonly tools: Factories;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number) => void;
}

export interface ImportResult {
  readonly out: string;
  readonly manifest: Manifest;
  readonly counts: SampleCounts;
  readonly rows: readonly FileReport[];
  /** Artefacts the manifest no longer names, because they were built from another sample. */
  readonly dropped: readonly string[];
}

const rulesName = 'rules.json';
const rejectsName = 'rejects.jsonl';

interface Plan {
  readonly out: string;
  readonly staged: string;
  readonly old: Manifest | null;
  readonly mapping: HeaderMapping | null;
}

const mappingOf = async (options: ImportOptions, old: Manifest | null): Promise<HeaderMapping | null> => {
  const mapping = await readMapping(options.mappingFile, old?.import?.mapping);
  if (mapping !== null && options.format !== 'csv') {
    if (options.mappingFile === null) return null;
    throw new RecallError('usage', `format ${options.format} takes no header mapping`, {
      expected: '--mapping with format csv',
      found: `--mapping ${options.mappingFile}`,
    });
  }
  return mapping;
};

/**
 * The same content keeps its file, so that running an import again changes nothing; other content goes next to the
 * file the old manifest names.
 */
const placeSample = async (
  samplePath: string,
  { old, out, staged }: Plan,
  counts: SampleCounts,
  tools: Factories,
): Promise<SampleEntry> => {
  const sha256 = await tools.files.sha256File(samplePath);
  const { users, ads, events } = counts;
  const had = old?.sample ?? null;
  const unchanged =
    had?.kind === 'native' &&
    had.sha256 === sha256 &&
    existsSync(join(out, had.file)) &&
    (await tools.files.sha256File(join(out, had.file))) === sha256;
  if (had !== null && unchanged) {
    await rm(samplePath);
    return { file: had.file, sha256, users, ads, events };
  }
  const file = existsSync(join(out, 'sample.sqlite')) ? `sample-${sha256.slice(0, 12)}.sqlite` : 'sample.sqlite';
  if (file !== 'sample.sqlite') await rename(samplePath, join(staged, file));
  return { file, sha256, users, ads, events };
};

const placeRules = async (
  { out, staged, old }: Plan,
  imported: ImportedSample,
  tools: Factories,
): Promise<{ file: string; sha256: string }> => {
  const file = old?.rules?.file ?? rulesName;
  if (existsSync(join(out, file))) return { file, sha256: await tools.files.sha256File(join(out, file)) };
  await tools.files.atomicWrite(
    join(staged, rulesName),
    `${JSON.stringify(rulesFor(imported.seen, imported.suggestion), null, 2)}\n`,
  );
  return { file: rulesName, sha256: await tools.files.sha256File(join(staged, rulesName)) };
};

const placeKey = async ({ out, staged, old }: Plan, tools: Factories): Promise<void> => {
  const file = old?.key ?? 'key.hex';
  if (existsSync(join(out, file))) return;
  await tools.files.atomicWrite(join(staged, file), `${randomBytes(32).toString('hex')}\n`, privateFile);
};

/** `ads.csv: 3 not-utf-8, 1 no-id; users.csv: all kept` */
const rejectedText = (reports: readonly FileReport[]): string =>
  reports
    .map(
      ({ file, rejected }) =>
        `${file}: ${
          Object.entries(rejected)
            .map(([reason, n]) => `${n} ${reason}`)
            .join(', ') || 'all rows kept'
        }`,
    )
    .join('; ');

/** An import that keeps no user, no ad, or no event where a whole file was rejected, is no import. */
const refuseNothing = ({ counts, reports }: ImportedSample, source: string): void => {
  const wholeFile = reports.some(({ read, kept }) => read > 0 && kept === 0);
  const none =
    counts.ads === 0 ? 'ad' : counts.users === 0 ? 'user' : counts.events === 0 && wholeFile ? 'event' : null;
  if (none === null) return;
  throw new RecallError('bad-input', `no ${none} could be imported from ${source}`, {
    expected: `at least one ${none}`,
    found: rejectedText(reports),
    todo: 'correct the source; not-utf-8 means another encoding: convert it first, iconv -f GB18030 -t UTF-8 for one',
  });
};

/** What the manifest keeps of a report, for doctor: no line numbers, which the log of rejected rows has. */
const keptOf = ({ file, read, kept, rejected, emptied }: FileReport): Omit<FileReport, 'firstLines'> => ({
  file,
  read,
  kept,
  rejected,
  emptied,
});

const derived = ['model', 'vectors', 'index', 'i2i'] as const;

const build = async (options: ImportOptions, plan: Plan): Promise<ImportResult> => {
  const { tools, signal, onProgress } = options;
  const { out, staged, old, mapping } = plan;
  const format = formatOf(options.format);
  const source = resolve(options.source);
  const samplePath = join(staged, 'sample.sqlite');
  const imported = await importSample({
    format,
    source,
    mapping,
    samplePath,
    rejectsPath: join(staged, rejectsName),
    tools,
    signal,
    onProgress,
  });
  const { counts, reports, suggestion } = imported;
  refuseNothing(imported, options.source);
  const sample = await placeSample(samplePath, plan, counts, tools);
  const rules = await placeRules(plan, imported, tools);
  await placeKey(plan, tools);
  const name = options.name ?? old?.name ?? format.name;
  const manifest = withLeft(
    old,
    nextManifest(
      old,
      name,
      suggestion,
      sample,
      { format: format.id, source: options.source, mapping, counts, rows: reports.map(keptOf) },
      rules,
    ),
  );
  await writeManifest(staged, manifest, tools.files);
  signal.throwIfAborted();
  await install(staged, out, manifestName);
  // A mapped file is the team's, not ours to remove.
  if (old?.sample?.kind === 'native' && old.sample.file !== sample.file)
    await rm(join(out, old.sample.file), { force: true });
  await removeUnnamed(out, sample.file, tools);
  const dropped = derived.filter((artefact) => old !== null && old[artefact] !== null && manifest[artefact] === null);
  return { out, manifest, counts, rows: reports, dropped };
};

const isOwnSample = (path: string, tools: Factories): boolean => {
  try {
    tools.openSample(path).close();
    return true;
  } catch {
    return false;
  }
};

/** Samples of imports that were killed before the old one could be removed. A file of somebody else's stays. */
const removeUnnamed = async (out: string, named: string, tools: Factories): Promise<void> => {
  for (const name of await readdir(out))
    if (/^sample(?:-[0-9a-f]{12})?\.sqlite$/.test(name) && name !== named && isOwnSample(join(out, name), tools))
      await rm(join(out, name), { force: true });
};

/**
 * Imports a source into the workspace `out`, new or existing. Built in `<out>.partial-<process>` and renamed;
 * killed at any moment it leaves the old workspace, or none. Running it again changes nothing.
 * Throws `usage`, `bad-input`, `bad-manifest`, `cancelled`.
 */
export const importWorkspace = async (options: ImportOptions): Promise<ImportResult> => {
  formatOf(options.format);
  const out = resolve(options.out);
  const old = existsSync(join(out, manifestName)) ? await readManifest(out) : null;
  const mapping = await mappingOf(options, old);
  const staged = stagingDir(out);
  await removeAbandoned(out);
  await mkdir(staged, { recursive: true, mode: privateFolder });
  try {
    return await build(options, { out, staged, old, mapping });
  } catch (error) {
    throw options.signal.aborted
      ? new RecallError('cancelled', 'the import was stopped; nothing was changed', { cause: error })
      : error;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
};
