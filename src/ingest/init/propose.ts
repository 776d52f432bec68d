import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { privateFile } from '../../base/atomic-file.ts';
import { RecallError } from '../../errors.ts';
import type { Space } from '../../domain/metric.ts';
import { guessMapping, type Guess } from '../../domain/sample/guess.ts';
import type { Overrides } from '../../domain/sample/guess-overrides.ts';
import type { OpenedSample, TableReport } from '../../engine/ports/artefacts.ts';
import type { Factories } from '../../workspace/factories.ts';
import { manifestName } from '../../workspace/find.ts';
import { readManifest, writeManifest } from '../../workspace/manifest/file.ts';
import { manifestFormat, manifestSchema, type Manifest } from '../../workspace/manifest/manifest.ts';
import { openSampleOf } from '../../workspace/open-sample.ts';
import type { Seen, Suggestion } from '../formats/format.ts';
import { guessEngagement, guessGroups } from '../formats/groups.ts';
import { placeArtefacts } from './place.ts';
import { surveyFolder, type FoundFile } from './survey.ts';
import { rulesFor } from '../manifest-parts.ts';
import { timeSplit } from '../formats/times.ts';

export interface InitOptions {
  readonly dir: string;
  readonly overrides: Overrides;
  /** The space of index or vectors, where their content does not say. */
  readonly space: Space | null;
  readonly force: boolean;
  /** Until when the user vectors were built, ms; null: unknown. */
  readonly builtUntil: number | null;
  readonly tools: Factories;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number | null) => void;
}

/** A file of the folder: `taken` is its role, or the reason why it is not used. */
export interface Recognised {
  readonly file: string;
  readonly what: string;
  readonly taken: string;
}

export interface Proposal {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly rules: unknown;
  readonly files: readonly Recognised[];
  readonly guesses: readonly Guess[];
  /** Vectors and indices omitted because they cannot be used, in whole sentences. */
  readonly notices: readonly string[];
}

const whatIs = (found: FoundFile): readonly [string, string] => {
  switch (found.is) {
    case 'sqlite':
      return ['a SQLite file', 'the sample, read through a mapping'];
    case 'matrix':
      return [
        `vectors, ${found.shape.count} × ${found.shape.dim}, ${found.shape.dtype}`,
        'left out: no file of as many ids, of users or ads, goes with it',
      ];
    case 'index':
      return ['an hnswlib index', 'left out'];
    case 'labels':
      return ['numbers, or numbers and ids', 'left out: they label no index here'];
    case 'ids':
      return [`${found.ids.length} lines, each another`, 'left out: no rows of vectors it goes with'];
    case 'served':
      return ['lists that were served', 'left out'];
    case 'model':
      return [found.what, found.leftOut];
    case 'unusable':
      return [found.what, `left out: ${found.error.message.replace(/^.*?: /, '')}`];
    case 'table':
      return ['a table, or text', 'left out: `recall-tui import csv` reads tables named users, ads, events, friends'];
  }
};

const databaseIn = (dir: string, found: readonly FoundFile[]): string => {
  const databases = found.filter((one) => one.is === 'sqlite').map(({ file }) => file);
  const [database] = databases;
  if (database !== undefined && databases.length === 1) return database;
  throw new RecallError(
    'bad-input',
    database === undefined ? `no SQLite file in ${dir}` : `${dir} has several SQLite files`,
    {
      expected: 'one SQLite file with users, ads and events',
      found:
        databases.join(', ') ||
        found
          .map(({ file }) => file)
          .slice(0, 20)
          .join(', ') ||
        'an empty folder',
      todo:
        database === undefined
          ? 'for tables as CSV, JSON lines or Parquet: recall-tui import csv DIR --out WORKSPACE'
          : 'keep one of them in the folder',
    },
  );
};

const recognised = (found: readonly FoundFile[], taken: ReadonlyMap<string, string>): Recognised[] =>
  found.map((one) => {
    const [what, unless] = whatIs(one);
    return { file: one.file, what, taken: taken.get(one.file) ?? unless };
  });

const leftOut = (found: readonly FoundFile[]): string[] =>
  found
    .filter((one) => one.is === 'unusable')
    .filter(({ of }) => of === 'vectors' || of === 'index')
    .map(
      ({ error: { message, expected, found: there } }) =>
        `left out: ${message}; expected ${expected ?? 'another'}, found ${there ?? 'this'}`,
    );

/** Shares of rejected rows above this are said. */
const mostRejected = 0.01;

/** `12.0 % of the rows of log are rejected: 24 unknown-ad`. */
const rejectedIn = (tables: readonly TableReport[]): string[] =>
  tables
    .filter(({ read, kept }) => read - kept > mostRejected * read)
    .map(({ table, read, kept, rejected }) => {
      const reasons = Object.entries(rejected).map(([reason, n]) => `${n} ${reason}`);
      return `${((100 * (read - kept)) / read).toFixed(1)} % of the rows of ${table} are rejected: ${reasons.join(', ')}`;
    });

const usersAtATime = 1_000;

/** The importers' knowledge of the rows they wrote, read back from an opened sample. */
const seenIn = ({ store, catalog }: OpenedSample): Seen => {
  const times = new Map<string, number[]>();
  const kinds = new Set<string>();
  let queries = 0;
  let events = 0;
  const ids = store.userIds();
  for (let from = 0; from < ids.length; from += usersAtATime) {
    for (const { kind, at, adId, query } of store.eventsOf(ids.slice(from, from + usersAtATime), {
      before: Number.MAX_SAFE_INTEGER,
    })) {
      kinds.add(kind);
      events += 1;
      if (query !== null) queries += 1;
      if (adId === null) continue;
      const ofKind = times.get(kind);
      if (ofKind === undefined) times.set(kind, [at]);
      else ofKind.push(at);
    }
  }
  const categories = Array.from({ length: catalog.adCount }, (_, i) => i).some(
    (ordinal) => catalog.categoryOf(ordinal) !== '',
  );
  return { users: new Set(ids), ads: new Set(), times, kinds, events, queries, categories, friends: 0 };
};

const suggest = (seen: Seen): Suggestion => {
  const engagementKinds = guessEngagement(seen);
  const asOf = timeSplit(seen, engagementKinds);
  return {
    groups: guessGroups(seen, engagementKinds),
    engagementKinds,
    syntheticTimes: false,
    tzOffsetMinutes: 0,
    asOf,
    trainUntil: asOf,
    decisions: ['Default as-of: the instant that leaves about 10 % of the engagement events after it.'],
  };
};

/**
 * Looks at a folder and proposes a workspace over what is in it: the one SQLite file as a mapped sample, vectors of
 * users and ads with their ids, an index with its labels, a served log. Writes nothing but what is derived from the
 * file, into the cache. Throws `bad-input` with the choices where several readings fit, `bad-sample`, `usage`.
 */
export const proposeWorkspace = async ({
  dir: given,
  overrides,
  space,
  force,
  builtUntil,
  tools,
  signal,
  onProgress,
}: InitOptions): Promise<Proposal> => {
  const dir = resolve(given);
  if (existsSync(join(dir, manifestName)) && !force) {
    throw new RecallError('usage', `${dir} is a workspace already`, {
      expected: `a folder without ${manifestName}`,
      found: (await readManifest(dir)).name,
      todo: 'add --force to write it anew',
    });
  }
  const found = await surveyFolder(dir, tools);
  const database = databaseIn(dir, found);
  const { mapping, guesses, served } = guessMapping(tools.inspectSqlite(join(dir, database)), overrides);
  const entry = {
    kind: 'mapped' as const,
    file: database,
    sha256: await tools.files.rememberedSha256(join(dir, database)),
    users: 0,
    ads: 0,
    events: 0,
    tables: mapping,
  };
  const sample = await openSampleOf(dir, entry, tools, { signal, onProgress });
  try {
    const seen = seenIn(sample);
    const { trainUntil, decisions, ...suggestion } = suggest(seen);
    const counts = { users: sample.store.userCount, ads: sample.catalog.adCount, events: sample.store.eventCount };
    const artefacts = await placeArtefacts({
      dir,
      found,
      sample,
      overrides,
      space,
      builtUntil,
      tools,
      database,
      tables: served,
    });
    const manifest = manifestSchema.parse({
      ...suggestion,
      ...artefacts.entries,
      format: manifestFormat,
      name: basename(dir),
      sample: { ...entry, ...counts },
      import: { format: 'init', source: database, trainUntil, decisions },
    });
    return {
      dir,
      manifest,
      rules: rulesFor(seen, { ...suggestion, trainUntil, decisions }),
      files: recognised(found, artefacts.taken),
      guesses: [...guesses, ...artefacts.guesses],
      notices: [...leftOut(found), ...rejectedIn(sample.derived?.tables ?? [])],
    };
  } finally {
    sample.close();
  }
};

/** Writes a proposal: rules and key where they are missing, then the manifest in one step. */
export const writeProposal = async ({ dir, manifest, rules }: Proposal, tools: Factories): Promise<void> => {
  const rulesPath = join(dir, 'rules.json');
  if (!existsSync(rulesPath)) await tools.files.atomicWrite(rulesPath, `${JSON.stringify(rules, null, 2)}\n`);
  const keyPath = join(dir, manifest.key);
  if (!existsSync(keyPath)) {
    await tools.files.atomicWrite(keyPath, `${randomBytes(32).toString('hex')}\n`, privateFile);
  }
  await writeManifest(
    dir,
    { ...manifest, rules: { file: 'rules.json', sha256: await tools.files.sha256File(rulesPath) } },
    tools.files,
  );
};
