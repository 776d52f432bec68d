import type { ServedColumns } from '../served/columns.ts';
import type { ColumnProfile, Overlap, SqliteProfile, TableProfile } from './profile.ts';
import { unitOf } from './time-unit.ts';

/** A table that seems to hold what was served; what its rows hold is still to be read. */
export interface ServedTable {
  readonly table: string;
  readonly columns: ServedColumns;
}

const rankName = /^(rank|position|pos|place|slot)$/i;
const listName = /^(list|ads|ad_?ids|items|item_?ids|skus|served|shown)$/i;
const scoreName = /^scores?$/i;

const least = 0.5;

const rankOf = ({ columns }: TableProfile): ColumnProfile | undefined =>
  columns.find(
    ({ name, values }) =>
      rankName.test(name) && values.length > 0 && values.every((value) => /^\d{1,5}(\.0)?$/.test(value)),
  );

const listOf = ({ columns }: TableProfile): ColumnProfile | undefined =>
  columns.find(
    ({ name, types, values }) =>
      listName.test(name) &&
      types.length === 1 &&
      types[0] === 'text' &&
      values.filter((value) => /^\s*\[|[|;, ]/.test(value)).length * 2 > values.length,
  );

const timesOf = ({ columns }: TableProfile): readonly ColumnProfile[] =>
  columns.filter((column) => unitOf(column) !== null);

/**
 * Tables with times and either a column of lists or one of ranks. A log of behaviour may have a position too: one of ranks is
 * taken for served lists only where another table, with times and references to two others, remains to be the behaviour.
 */
export const servedTables = ({ tables, overlaps }: SqliteProfile): readonly TableProfile[] => {
  const timed = tables.filter((table) => timesOf(table).length > 0);
  const lists = timed.filter((table) => listOf(table) !== undefined);
  const ranked = timed.filter((table) => !lists.includes(table) && rankOf(table) !== undefined);
  const refersTo = (name: string): number =>
    new Set(overlaps.filter(({ from, share }) => from === name && share >= least).map(({ to }) => to)).size;
  const others = timed.some((table) => !lists.includes(table) && !ranked.includes(table) && refersTo(table.name) >= 2);
  return [...lists, ...(others ? ranked : [])];
};

export const withoutTables = ({ tables, overlaps }: SqliteProfile, left: readonly TableProfile[]): SqliteProfile => {
  const names = new Set(left.map(({ name }) => name));
  return {
    tables: tables.filter(({ name }) => !names.has(name)),
    overlaps: overlaps.filter(({ from, to }) => !names.has(from) && !names.has(to)),
  };
};

/** The column of `from` whose values are best found in the ids that `role` refers to. */
const referring = (
  { overlaps }: SqliteProfile,
  from: string,
  { to, key }: Overlap,
  not: readonly string[],
): string | undefined =>
  overlaps
    .filter(
      (one) => one.from === from && one.to === to && one.key === key && one.share >= least && !not.includes(one.column),
    )
    .sort((a, b) => b.share - a.share)[0]?.column;

/** The columns of each; a table without a user, or with several columns of times, says nothing that is sure and is left. */
export const servedFrom = (
  profile: SqliteProfile,
  tables: readonly TableProfile[],
  roles: { readonly user: Overlap; readonly ad: Overlap },
): readonly ServedTable[] =>
  tables.flatMap((table) => {
    const [list, rank, times] = [listOf(table)?.name, rankOf(table)?.name, timesOf(table)];
    const [at] = times;
    const unit = at === undefined ? null : unitOf(at);
    const user = referring(profile, table.name, roles.user, []);
    const ad =
      list === undefined && user !== undefined && rank !== undefined
        ? referring(profile, table.name, roles.ad, [user, rank])
        : undefined;
    if (
      user === undefined ||
      at === undefined ||
      unit === null ||
      times.length > 1 ||
      (list === undefined && ad === undefined)
    )
      return [];
    const scores = table.columns.find(({ name }) => scoreName.test(name))?.name;
    return [
      {
        table: table.name,
        columns: {
          user,
          time: { column: at.name, unit },
          ...(list === undefined ? { ad, rank } : { list }),
          ...(scores === undefined ? {} : { scores }),
        },
      },
    ];
  });
