import type Database from 'better-sqlite3';
import { renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { endable } from '../../../base/endable.ts';
import { RecallError } from '../../../errors.ts';
import type { DeriveOptions, DerivedSample, TableReport } from '../../../engine/ports/artefacts.ts';
import { fillText } from '../fill-text.ts';
import { packColumns } from '../pack-columns.ts';
import { fsyncPath, openForWriting, type TextEncoding } from '../writer.ts';
import { derivedFormat, derivedSchema, derivedStaging, fillKeys, keyIndices, mappedEventRows } from './cache-schema.ts';
import { namingFailure } from './damaged.ts';
import { attachCache, openSource } from './open-source.ts';
import {
  adProblem,
  stageEvents,
  stageFriends,
  stageIds,
  stageUsersOfEvents,
  type Ordinals,
  type Staging,
} from './stage-rows.ts';
import { derivedFrom } from './derived-from.ts';
import { inSqlProcess } from './sql-process.ts';
import { createSampleViews, mappedNames, mayNotEnd, type SourceViews } from './views.ts';

type Db = Database.Database;

const ordinalsOf = (db: Db, table: 'user_keys' | 'ad_keys'): Ordinals =>
  new Map(db.prepare<[], [string, number]>(`SELECT id, ordinal FROM ${table}`).raw().all());

/** Which rows are kept, and in what order. */
const stageKeys = async (
  staging: Omit<Staging, 'pause'>,
  views: SourceViews,
  mutual: boolean,
  step: (stage: string) => Staging['pause'],
): Promise<TableReport[]> => {
  const { write } = staging;
  const at = (stage: string): Staging => ({ ...staging, pause: step(stage) });
  const reports: TableReport[] = [];
  if (views.users === null) await stageUsersOfEvents(at('users'), views.events);
  else reports.push(await stageIds(at('users'), views.users, 'users', () => null));
  reports.push(await stageIds(at('ads'), views.ads, 'ads', adProblem));
  endable(() => {
    write.exec(fillKeys.users);
    write.exec(fillKeys.ads);
  });
  const [users, ads] = [ordinalsOf(write, 'user_keys'), ordinalsOf(write, 'ad_keys')];
  for (const [i, view] of views.events.entries()) reports.push(await stageEvents(at('events'), view, i, users, ads));
  endable(() => write.exec(fillKeys.events));
  if (views.friends !== null) reports.push(await stageFriends(at('friends'), views.friends, users, mutual));
  endable(() => write.exec(keyIndices));
  return reports;
};

const pack = async (
  read: Db,
  write: Db,
  step: (stage: string) => (done: number, total?: number) => Promise<void>,
): Promise<DerivedSample['counts']> => {
  // The reader looks at the keys while the packed columns are written to the same file: no page may spill before the commit.
  write.pragma('cache_spill = OFF');
  write.exec('BEGIN');
  const packed = step('pack');
  const counts = endable(() => packColumns({ read, write, names: mappedNames, eventRows: mappedEventRows }));
  await packed(1, 1);
  const text = step('text');
  for (const done of fillText({ read, write, ads: mappedNames.ads, total: counts.ads })) await text(done, counts.ads);
  return counts;
};

/** Times of logs: after April 1970, where seconds read as ms lie, and before 2100. */
const [firstOrdinary, afterOrdinary] = [1e10, Date.UTC(2100, 0, 1)];

const summary = (write: Db): Pick<DerivedSample, 'kinds' | 'span' | 'oddTimes'> => {
  const kinds = write
    .prepare<[], [string, number]>('SELECT kind, count(*) FROM event_keys GROUP BY kind ORDER BY kind')
    .raw()
    .all();
  const span = write
    .prepare<[], { from: number | null; until: number | null }>(
      'SELECT min(at) AS "from", max(at) AS until FROM event_keys',
    )
    .get();
  const oddTimes = write
    .prepare<[number, number], number>('SELECT count(*) FROM event_keys WHERE at < ? OR at >= ?')
    .pluck()
    .get(firstOrdinary, afterOrdinary);
  return {
    kinds: Object.fromEntries(kinds),
    oddTimes: oddTimes ?? 0,
    span:
      span === undefined || span.from === null || span.until === null ? null : { from: span.from, until: span.until },
  };
};

const encodings: readonly TextEncoding[] = ['UTF-16le', 'UTF-16be'];

const encodingOf = (db: Db): TextEncoding => {
  const found = db.pragma('encoding', { simple: true });
  return encodings.find((one) => one === found) ?? 'UTF-8';
};

const derive = async (
  options: DeriveOptions,
  read: Db,
  write: Db,
  views: SourceViews,
  partial: string,
): Promise<DerivedSample> => {
  const { path, mapping, onProgress, signal } = options;
  const step = (stage: string): ((done: number, total?: number | null) => Promise<void>) => {
    onProgress(stage, 0, null);
    return async (done, total = null) => {
      onProgress(stage, done, total);
      await turn();
      if (signal.aborted) throw new RecallError('cancelled', `reading ${path} was cancelled; nothing was kept`);
    };
  };
  write.exec(derivedSchema);
  write.exec(derivedStaging);
  write.exec('BEGIN');
  const tables = await stageKeys({ read, write, path }, views, mapping.friends?.mutual ?? false, step);
  write.exec('COMMIT');
  write.exec('DETACH staging');
  attachCache(read, partial);
  createSampleViews(read, views);
  const counts = await pack(read, write, step);
  const derived: DerivedSample = { counts, tables, ...endable(() => summary(write)) };
  const meta = write.prepare('INSERT INTO meta VALUES (?, ?)');
  for (const [name, value] of Object.entries({ format: derivedFormat, ...counts, derived: JSON.stringify(derived) }))
    meta.run(name, String(value));
  read.exec('DETACH recall_cache');
  write.exec('COMMIT');
  return derived;
};

/** Files of a derivation under way: what is written, and what rows are sorted in. */
const partialOf = (out: string, pid: number): { partial: string; staging: string } => {
  const partial = `${resolve(out)}.partial-${pid}`;
  return { partial, staging: `${partial}-staging` };
};

const removeFiles = (files: { partial: string; staging: string }): void => {
  // A process that was ended leaves the journal of what it wrote.
  for (const file of Object.values(files)) for (const end of ['', '-journal']) rmSync(`${file}${end}`, { force: true });
};

/**
 * Derives from a mapped file what the engine needs packed, into `out` by way of `<out>.partial-<pid>` and a rename; the team's
 * file is only read. SELECTs and views run in a process of their own, which is ended where they do not end. Throws
 * `bad-sample` naming table and column, `cancelled`.
 */
export const deriveMapped = async (options: DeriveOptions): Promise<DerivedSample> => {
  const { path, mapping, out, onProgress, signal } = options;
  const { db, views } = openSource(path, mapping);
  db.close();
  if (mayNotEnd(views).length === 0) return deriveHere(options);
  const task = { kind: 'derive', path, mapping, out } as const;
  const onEnd = (pid: number): void => removeFiles(partialOf(out, pid));
  return (await inSqlProcess(task, { signal, onProgress, onEnd }, derivedFrom)) ?? deriveHere(options);
};

/** The same in this thread. `onStatements` gets the SELECTs and views before the first is run. */
export const deriveHere = async (
  options: DeriveOptions,
  onStatements: (statements: readonly string[]) => void = () => undefined,
): Promise<DerivedSample> => {
  const target = resolve(options.out);
  const files = partialOf(options.out, process.pid);
  const { partial, staging } = files;
  const { db: read, views } = openSource(options.path, options.mapping);
  onStatements(mayNotEnd(views));
  removeFiles(files);
  const write = openForWriting(partial, staging, encodingOf(read));
  try {
    const derived = await derive(options, read, write, views, partial);
    write.close();
    fsyncPath(partial);
    renameSync(partial, target);
    fsyncPath(dirname(target));
    return derived;
  } catch (error) {
    throw namingFailure(read, options.path, views, error);
  } finally {
    write.close();
    read.close();
    removeFiles(files);
  }
};
