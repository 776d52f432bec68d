import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, open, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { RecallError } from '../errors.ts';
import { guessMapping, type Guess, type Told } from '../domain/sample/guess.ts';
import type { OpenedSample, Tools } from '../engine/tools.ts';
import { manifestName } from '../workspace/find.ts';
import { readManifest, writeManifest } from '../workspace/manifest-file.ts';
import { manifestFormat, manifestSchema, type Manifest } from '../workspace/manifest.ts';
import { openSampleOf } from '../workspace/open-sample.ts';
import type { Seen, Suggestion } from './format.ts';
import { guessEngagement, guessGroups } from './groups.ts';
import { rulesFor } from './manifest-parts.ts';
import { timeSplit } from './times.ts';

export interface InitOptions {
  readonly dir: string;
  readonly told: Told;
  readonly force: boolean;
  readonly tools: Tools;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number | null) => void;
}

/** What is in the folder: `taken` says what a file became, or why it was left. */
export interface Recognised { readonly file: string; readonly what: string; readonly taken: string }

export interface Proposal {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly rules: unknown;
  readonly files: readonly Recognised[];
  readonly guesses: readonly Guess[];
}

const isSqlite = async (path: string): Promise<boolean> => {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead).toString('latin1') === 'SQLite format 3\0';
  } finally {
    await handle.close();
  }
};

const byExtension: ReadonlyArray<readonly [RegExp, string, string]> = [
  [/\.(npy|fvecs)$/, 'vectors', 'left out: init does not place it'],
  [/\.(hnsw|bin|index)$/, 'perhaps an hnswlib index', 'left out: init does not place it'],
  [/^model\.json$/, 'perhaps a TensorFlow.js model', 'left out: init does not place it'],
  [/\.(csv|tsv|jsonl|ndjson|parquet)(\.gz)?$/, 'a table', 'left out: `recall-tui import csv` reads tables named users, ads, events, friends'],
];

const namesOf = async (dir: string): Promise<string[]> => {
  const entries = await readdir(dir, { withFileTypes: true }).catch((cause: unknown) => {
    throw new RecallError('bad-input', `${dir} is no folder that can be read`, { expected: 'a folder', found: cause instanceof Error ? cause.message : String(cause), cause });
  });
  return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => entry.name).sort();
};

const recognise = async (dir: string): Promise<{ database: string; files: Recognised[] }> => {
  const names = await namesOf(dir);
  const databases: string[] = [];
  for (const name of names) if (await isSqlite(join(dir, name))) databases.push(name);
  const [database] = databases;
  if (database === undefined || databases.length > 1) {
    throw new RecallError('bad-input', database === undefined ? `no SQLite file in ${dir}` : `${dir} has several SQLite files`, {
      expected: 'one SQLite file with users, ads and events', found: databases.join(', ') || names.slice(0, 20).join(', ') || 'an empty folder',
      todo: database === undefined ? 'for tables as CSV, JSON lines or Parquet: recall-tui import csv DIR --out WORKSPACE' : 'keep one of them in the folder',
    });
  }
  const files = names.flatMap((file): Recognised[] => {
    if (file === database) return [{ file, what: 'a SQLite file', taken: 'the sample, read through a mapping' }];
    const known = byExtension.find(([pattern]) => pattern.test(file));
    return known === undefined ? [] : [{ file, what: known[1], taken: known[2] }];
  });
  return { database, files };
};

const usersAtATime = 1_000;

/** What the importers know of the rows they wrote, read back from an opened sample. */
const seenIn = ({ store, catalog }: OpenedSample): Seen => {
  const times = new Map<string, number[]>();
  const kinds = new Set<string>();
  let queries = 0;
  const ids = store.userIds();
  for (let from = 0; from < ids.length; from += usersAtATime) {
    for (const { kind, at, adId, query } of store.eventsOf(ids.slice(from, from + usersAtATime), { before: Number.MAX_SAFE_INTEGER })) {
      kinds.add(kind);
      if (query !== null) queries += 1;
      if (adId === null) continue;
      const ofKind = times.get(kind);
      if (ofKind === undefined) times.set(kind, [at]);
      else ofKind.push(at);
    }
  }
  const categories = Array.from({ length: catalog.adCount }, (_, i) => i).some((ordinal) => catalog.categoryOf(ordinal) !== '');
  return { users: new Set(ids), ads: new Set(), times, kinds, queries, categories, friends: 0 };
};

const suggest = (seen: Seen): Suggestion => {
  const engagementKinds = guessEngagement(seen);
  const asOf = timeSplit(seen, engagementKinds);
  return {
    groups: guessGroups(seen, engagementKinds), engagementKinds, syntheticTimes: false, tzOffsetMinutes: 0, asOf, trainUntil: asOf,
    decisions: ['Default as-of: the instant that leaves about 10 % of the engagement events after it.'],
  };
};

/**
 * Looks at a folder and proposes a workspace over what is in it: the one SQLite file as a mapped sample. Writes nothing but what
 * is derived from the file, into the cache. Throws `bad-input` with the choices where several readings fit, `bad-sample`, `usage`.
 */
export const proposeWorkspace = async ({ dir: given, told, force, tools, signal, onProgress }: InitOptions): Promise<Proposal> => {
  const dir = resolve(given);
  if (existsSync(join(dir, manifestName)) && !force) {
    throw new RecallError('usage', `${dir} is a workspace already`, { expected: `a folder without ${manifestName}`, found: (await readManifest(dir)).name, todo: 'add --force to write it anew' });
  }
  const { database, files } = await recognise(dir);
  const { mapping, guesses } = guessMapping(tools.inspectSqlite(join(dir, database)), told);
  const entry = { kind: 'mapped' as const, file: database, sha256: await tools.files.rememberedSha256(join(dir, database)), users: 0, ads: 0, events: 0, tables: mapping };
  const sample = await openSampleOf(dir, entry, tools, { signal, onProgress });
  try {
    const seen = seenIn(sample);
    const { trainUntil, decisions, ...suggestion } = suggest(seen);
    const counts = { users: sample.store.userCount, ads: sample.catalog.adCount, events: sample.store.eventCount };
    const manifest = manifestSchema.parse({
      ...suggestion, format: manifestFormat, name: basename(dir), sample: { ...entry, ...counts }, import: { format: 'init', source: database, trainUntil, decisions },
    });
    return { dir, manifest, rules: rulesFor(seen, { ...suggestion, trainUntil, decisions }), files, guesses };
  } finally {
    sample.close();
  }
};

/** Writes a proposal: rules and key where they are missing, then the manifest in one step. */
export const writeProposal = async ({ dir, manifest, rules }: Proposal, tools: Tools): Promise<void> => {
  const rulesPath = join(dir, 'rules.json');
  if (!existsSync(rulesPath)) await tools.files.atomicWrite(rulesPath, `${JSON.stringify(rules, null, 2)}\n`);
  const keyPath = join(dir, manifest.key);
  if (!existsSync(keyPath)) {
    await tools.files.atomicWrite(keyPath, `${randomBytes(32).toString('hex')}\n`);
    await chmod(keyPath, 0o600);
  }
  await writeManifest(dir, { ...manifest, rules: { file: 'rules.json', sha256: await tools.files.sha256File(rulesPath) } }, tools.files);
};
