import type { RecallError } from '../../errors.ts';
import { adNames, ambiguous, eventNames, type Overrides } from './guess-overrides.ts';
import type { Overlap, SqliteProfile, TableProfile } from './profile.ts';
import { fittingUnit, unitOf } from './time-unit.ts';

/** Which table holds the events, and which of its columns are the user and the ad. */
export interface Roles {
  readonly events: TableProfile;
  readonly user: Overlap;
  readonly ad: Overlap;
}

const least = 0.5;

/** Does the name of the column speak of that table: `movie_id` of `movies`, or `sku` of its key `sku`? */
const speaksOf = ({ column, to, key }: Overlap): number => {
  const [name, table] = [column.toLowerCase(), to.toLowerCase()];
  return name === key.toLowerCase() && name !== 'id'
    ? 1
    : table.length > 2 && name.includes(table.replace(/s$/, ''))
      ? 1
      : 0;
};

/**
 * The columns of `from` that refer to other tables, a column to one table only: where ids of users and ads are the same
 * numbers, every column fits both, and the names decide. Equally good readings are no decision: all of them.
 */
const references = ({ overlaps }: SqliteProfile, from: string): readonly (readonly Overlap[])[] => {
  const fitting = overlaps.filter(
    (overlap) => overlap.from === from && overlap.share >= least && eventNames['peer']?.test(overlap.column) !== true,
  );
  const tables = [...new Set(fitting.map(({ to }) => to))];
  const readings = tables.reduce<readonly (readonly Overlap[])[]>(
    (made, to) =>
      made.flatMap((reading) => {
        const more = fitting
          .filter((one) => one.to === to && !reading.some(({ column }) => column === one.column))
          .map((one) => [...reading, one]);
        return more.length === 0 ? [reading] : more;
      }),
    [[]],
  );
  const worth = (reading: readonly Overlap[]): number =>
    reading.reduce((sum, one) => sum + one.share + speaksOf(one) + 1, 0);
  const best = Math.max(...readings.map(worth));
  return readings.filter((reading) => worth(reading) === best);
};

const looksLikeAds = (table: TableProfile): number =>
  table.columns.filter((column) => Object.values(adNames).some((name) => name.test(column.name))).length;

const byHand =
  'say it: --map events.from=TABLE, events.user=, events.ad=, events.at=COLUMN:UNIT, users.from=, ads.from=; or write sample.tables into recall.json by hand (docs/your-data.md, "A SQLite file of your own, read in place")';

const sample = (values: readonly string[]): string => values.slice(0, 2).join(', ');

/** Why no column of a table is taken for its times. */
const whyNoTimes = ({ columns }: TableProfile, overrides: Overrides): string => {
  const at = overrides.get('events.at')?.column;
  if (at !== undefined) return `no column ${at}`;
  const [best] = columns
    .flatMap((column) => {
      const found = fittingUnit(column);
      return found === null ? [] : [{ column, found, share: 1 - found.odd.length / column.values.length }];
    })
    .sort((a, b) => b.share - a.share);
  if (best === undefined) return 'no column of times';
  const { column, found } = best;
  return `${found.odd.length} of ${column.values.length} values of ${column.name} are no times in ${found.unit}, such as ${sample(found.odd)}`;
};

/** Columns of ids that are bytes: no id can be read from them. */
const bytesIn = ({ name, columns }: TableProfile): string[] =>
  columns
    .filter((column) => column.unique && column.types.includes('blob'))
    .map((column) => `${name}.${column.name} holds BLOBs, which are no ids: cast them to text in a view`);

/** The reason why a table is not the events. */
const whyNot = (profile: SqliteProfile, table: TableProfile, overrides: Overrides): string | null => {
  const [refers = []] = references(profile, table.name);
  const timed = isTimed(table, overrides);
  if (!timed && refers.length === 0) return null;
  const to = refers.map((one) => `${one.column} → ${one.to}.${one.key}`).join(', ');
  return [
    table.name,
    timed ? 'has times' : whyNoTimes(table, overrides),
    refers.length >= 2 ? `refers to ${to}` : `refers to ${to === '' ? 'no other table' : `${to} alone`}`,
  ]
    .join(': ')
    .replace(': refers', ' and refers');
};

const noEvents = (profile: SqliteProfile, overrides: Overrides): RecallError =>
  ambiguous(
    'the table of events',
    [
      ...profile.tables.flatMap((table) => whyNot(profile, table, overrides) ?? []),
      ...profile.tables.flatMap(bytesIn),
      ...(profile.tables.length === 0 ? ['no table'] : []),
    ].slice(0, 8),
    `events have times and refer to users and ads by their ids; ${byHand}`,
    '; ',
  );

const isTimed = ({ columns }: TableProfile, overrides: Overrides): boolean => {
  const at = overrides.get('events.at')?.column;
  return at === undefined
    ? columns.some((column) => unitOf(column) !== null)
    : columns.some((column) => column.name === at);
};

/** Does a reading hold what `--map` says of it? */
const agrees = (overrides: Overrides, to: readonly Overlap[]): boolean =>
  (['user', 'ad'] as const).every((role) => {
    const [column, table] = [overrides.get(`events.${role}`)?.column, overrides.get(`${role}s.from`)?.column];
    return to.some((one) => (column ?? one.column) === one.column && (table ?? one.to) === one.to);
  });

/**
 * Events are the table with times that refers to two others; of these, the ads are the one with titles, categories,
 * prices, …
 */
export const rolesOf = (profile: SqliteProfile, overrides: Overrides): Roles => {
  const from = overrides.get('events.from')?.column;
  const candidates = profile.tables
    .filter((table) => (from ?? table.name) === table.name)
    .flatMap((table) => references(profile, table.name).map((to) => ({ table, to })))
    .filter(({ table, to }) => to.length >= 2 && isTimed(table, overrides) && agrees(overrides, to));
  const [only] = candidates;
  if (only === undefined) throw noEvents(profile, overrides);
  if (candidates.length > 1 && candidates.every((one) => one.table === only.table))
    throw ambiguous(
      `which columns of ${only.table.name} are the user and the ad`,
      candidates.map(({ to }) => to.map((one) => `${one.column} → ${one.to}`).join(' and ')),
      `say which: --map events.user=COLUMN --map events.ad=COLUMN; ${only.to.length} tables have the same ids`,
    );
  if (candidates.length > 1)
    throw ambiguous(
      'the table of events',
      candidates.map(({ table }) => table.name),
      byHand,
    );
  const scored = only.to
    .map((overlap) => ({ overlap, score: scoreOf(profile, only.table, overlap, overrides) }))
    .sort((a, b) => b.score - a.score);
  const [ad, second] = scored;
  const others = scored.filter((one) => one !== ad);
  const user =
    others.find(({ overlap }) => isGivenAs('user', overlap, overrides)) ?? (others.length === 1 ? second : undefined);
  if (ad === undefined || user === undefined || ad.score === second?.score)
    throw ambiguous(
      'which table holds the ads, and which the users',
      only.to.map(({ to }) => to),
      byHand,
    );
  return { events: only.table, user: user.overlap, ad: ad.overlap };
};

const isGivenAs = (role: 'user' | 'ad', { column, to }: Overlap, overrides: Overrides): boolean =>
  overrides.get(`events.${role}`)?.column === column || overrides.get(`${role}s.from`)?.column === to;

/** How much a table looks like one of ads; what `--map` says outweighs all columns. */
const scoreOf = (profile: SqliteProfile, events: TableProfile, overlap: Overlap, overrides: Overrides): number => {
  if (isGivenAs('ad', overlap, overrides)) return Number.POSITIVE_INFINITY;
  if (isGivenAs('user', overlap, overrides)) return -1;
  return looksLikeAds(profile.tables.find((table) => table.name === overlap.to) ?? events);
};
