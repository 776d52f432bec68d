import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateFile, privateFolder } from '../base/atomic-file.ts';
import { readText } from '../base/text-file.ts';
import { RecallError } from '../errors.ts';
import type { DerivedSample, OpenedSample } from '../engine/ports/artefacts.ts';
import { rememberingCheck } from './checked-file.ts';
import type { Factories } from './factories.ts';
import type { Manifest } from './manifest/manifest.ts';
import { removeAbandoned } from './staging.ts';
import { placeOf } from './places.ts';

type SampleEntry = NonNullable<Manifest['sample']>;

export interface OpenSampleOptions {
  readonly onProgress?: ((stage: string, done: number, total: number | null) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A sample and, of a mapped file, what its rows gave. */
export type SampleOfWorkspace = OpenedSample & { readonly derived?: DerivedSample };

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Raised when the same file and mapping must give other derived columns. */
const deriveVersion = 1;

/**
 * Opens the sample a manifest names: our own, or a team's file through its mapping. Of the latter, what recall needs
 * packed is derived once for each content of the file and mapping, and kept in the cache folder. Throws `bad-sample`,
 * `cancelled`.
 */
export const openSampleOf = async (
  dir: string,
  sample: SampleEntry,
  tools: Factories,
  options: OpenSampleOptions = {},
): Promise<SampleOfWorkspace> => {
  const path = placeOf(dir, sample.file);
  if (sample.kind === 'native')
    return rememberingCheck('sample', path, tools.files, (checked) =>
      Promise.resolve(openNative(path, tools, checked)),
    );
  const mapping = sample.tables;
  if (mapping === undefined)
    throw new RecallError('bad-manifest', 'the mapped sample has no mapping', {
      expected: 'sample.tables',
      found: 'nothing',
    });
  const folder = join(tools.files.cacheDir ?? tmpdir(), 'mapped');
  const mine = `${short(JSON.stringify([deriveVersion, path, mapping]))}-`;
  const name = `${mine}${short(await tools.files.rememberedSha256(path))}.sqlite`;
  const out = join(folder, name);
  const opened = (await isAsDerived(out, tools)) ? await openKept(path, mapping, out, tools) : null;
  if (opened !== null) return opened;
  await mkdir(folder, { recursive: true, mode: privateFolder });
  await removeAbandoned(folder, `${name}.partial-`);
  await tools.deriveMapped({
    path,
    mapping,
    out,
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
  });
  await tools.files.atomicWrite(hashNote(out), await tools.files.rememberedSha256(out), privateFile);
  await removeOlder(folder, mine, name);
  return tools.openMapped(path, mapping, out);
};

const openNative = (path: string, tools: Factories, checked: boolean): SampleOfWorkspace => {
  const opened = tools.openSample(path);
  if (checked) return opened;
  try {
    opened.check({ pages: false });
    return opened;
  } catch (error) {
    opened.close();
    throw error;
  }
};

type Mapping = NonNullable<SampleEntry['tables']>;

const hashNote = (out: string): string => `${out}.sha256`;

/** What was derived is still the file that was written: nobody else can say which of its rows are right. */
const isAsDerived = async (out: string, tools: Factories): Promise<boolean> => {
  if (!existsSync(out)) return false;
  const written = await readText(hashNote(out)).catch(() => null);
  return written !== null && written === (await tools.files.rememberedSha256(out));
};

/** null: the derived file is damaged, and is derived again. */
const openKept = async (
  path: string,
  mapping: Mapping,
  out: string,
  tools: Factories,
): Promise<SampleOfWorkspace | null> => {
  try {
    return tools.openMapped(path, mapping, out);
  } catch (error) {
    if (!(error instanceof RecallError) || error.code !== 'artefact-changed') throw error;
    await rm(out, { force: true });
    await rm(hashNote(out), { force: true });
    return null;
  }
};

/** Caches derived from earlier contents of the same file. */
const removeOlder = async (folder: string, mine: string, current: string): Promise<void> => {
  for (const name of await readdir(folder))
    if (name.startsWith(mine) && /\.sqlite(?:\.sha256)?$/.test(name) && !name.startsWith(current))
      await rm(join(folder, name), { force: true });
};
