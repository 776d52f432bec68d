import { fitPercent } from '../../base/percent.ts';
import { join } from 'node:path';
import { sharesOf } from '../../domain/sample/side.ts';
import type { ServedLog } from '../../domain/served/served.ts';
import { RecallError } from '../../errors.ts';
import type { Folder, Noted } from './folder.ts';

const mostlyKnown = 0.5;

/** How far a log speaks of this sample, and whether it does at all. */
const knownIn = (
  { sample }: Folder,
  { requests, faults }: ServedLog,
): { readonly enough: boolean; readonly evidence: string } => {
  const [fault] = faults;
  if (fault !== undefined) throw fault.error;
  const known = new Set(sample.store.userIds());
  const users = sharesOf(
    requests.map(({ userId }) => userId),
    (id) => known.has(id),
    () => false,
  ).users;
  const { ads } = sharesOf(
    requests.flatMap(({ list }) => [...list]),
    () => false,
    (id) => sample.catalog.ordinalOf(id) !== null,
  );
  return {
    enough: Math.min(users, ads) >= mostlyKnown,
    evidence: `${requests.length} requests; ${fitPercent(users)} are of users of the sample, ${fitPercent(ads)} of their ads are ads of it`,
  };
};

interface Source {
  readonly name: string;
  readonly entry: object;
  readonly evidence: string;
}

/** A table that only looks like it is no reason to stop: its fault is reported. */
const fromTables = (options: Folder, noted: Noted): readonly Source[] =>
  options.tables.flatMap(({ table, columns }) => {
    const name = `${options.database}, table ${table}`;
    try {
      const { enough, evidence } = knownIn(
        options,
        options.tools.readServedRows(join(options.dir, options.database), table, columns),
      );
      if (enough)
        return [
          {
            name,
            entry: { table, columns },
            evidence: `users, times and ${columns.list === undefined ? 'ads with ranks' : 'lists'}: ${evidence}`,
          },
        ];
      noted.guesses.push({ field: 'served', value: 'none', evidence: `${name}, has lists of others: ${evidence}` });
    } catch (error) {
      if (!(error instanceof RecallError)) throw error;
      noted.guesses.push({ field: 'served', value: 'none', evidence: `${error.message}: ${error.found ?? ''}` });
    }
    return [];
  });

/** The one file or table with the served lists; none if there are several, which is reported. */
export const placeServed = (options: Folder, noted: Noted): object | null => {
  const files = options.found
    .filter((one) => one.is === 'served')
    .map(({ file, columns }): Source => ({
      name: file,
      entry: { file, ...(columns === undefined ? {} : { columns }) },
      evidence: /\.(csv|tsv)$/i.test(file)
        ? 'a header with user, time, and list or ad and rank'
        : 'lines of JSON with user and list',
    }));
  const sources = [...files, ...fromTables(options, noted)];
  const [only] = sources;
  if (only === undefined) return null;
  if (sources.length > 1) {
    noted.guesses.push({
      field: 'served',
      value: 'none',
      evidence: `several say it: ${sources.map(({ name }) => name).join('; ')}; write served into recall.json`,
    });
    return null;
  }
  if (files.length > 0) noted.taken.set(only.name, 'what was served');
  noted.guesses.push({ field: 'served', value: only.name, evidence: only.evidence });
  return only.entry;
};
