import { fitPercent } from '../../base/percent.ts';
import { servedFrom, servedTables, withoutTables, type ServedTable } from './guess-served.ts';
import type { AdsMapping, EventsMapping, SampleMapping } from './mapping.ts';
import { rolesOf, type Roles } from './guess-roles.ts';
import { adNames, ambiguous, checkOverrides, eventNames, type Overrides } from './guess-overrides.ts';
import type { ColumnProfile, SqliteProfile, TableProfile } from './profile.ts';
import { fittingUnit, unitOf } from './time-unit.ts';
import type { TimeUnit } from '../../base/time.ts';

/** One decision of a proposed mapping, and what it rests on. */
export interface Guess {
  readonly field: string;
  readonly value: string;
  readonly evidence: string;
}

const kindWords: Readonly<Record<string, readonly string[]>> = {
  view: ['pv', 'browse', 'page_view', 'pageview'],
  click: ['tap', 'clk', 'clicked'],
  purchase: ['buy', 'order', 'bought', 'pay', 'paid'],
  search: ['query'],
  cart: ['addtocart', 'add_to_cart'],
  favourite: ['fav', 'favorite'],
};
const oursOf = (kind: string): string | null =>
  Object.entries(kindWords).find(([, theirs]) => theirs.includes(kind.toLowerCase()))?.[0] ?? null;

interface Picker {
  readonly overrides: Overrides;
  readonly guesses: Guess[];
}

/** The column a person named, else the only one whose name fits; several are ambiguous. */
const pick = (
  { overrides, guesses }: Picker,
  table: string,
  field: string,
  columns: readonly ColumnProfile[],
  name: RegExp,
): string | undefined => {
  const given = overrides.get(`${table}.${field}`);
  const fitting = columns.filter((column) => name.test(column.name));
  if (given === undefined && fitting.length > 1)
    throw ambiguous(
      `${table}.${field}`,
      fitting.map((column) => column.name),
      `say which: --map ${table}.${field}=COLUMN`,
    );
  const found = given?.column ?? fitting[0]?.name;
  if (found !== undefined)
    guesses.push({
      field: `${table}.${field}`,
      value: found,
      evidence: given === undefined ? 'its name' : 'given by --map',
    });
  return found;
};

/** Values of a column of times that are none, counted. */
const oddIn = (column: ColumnProfile): string => {
  const odd = fittingUnit(column)?.odd ?? [];
  return odd.length === 0 ? '' : `; ${odd.length} of ${column.values.length} do not, such as ${odd[0] ?? ''}`;
};

const timeColumn = (
  { overrides, guesses }: Picker,
  field: string,
  columns: readonly ColumnProfile[],
  candidates: readonly string[],
): { column: string; unit: TimeUnit } | undefined => {
  const given = overrides.get(field);
  if (given === undefined && candidates.length > 1)
    throw ambiguous(field, candidates, `say which: --map ${field}=COLUMN:UNIT`);
  const name = given?.column ?? candidates[0];
  if (name === undefined) return undefined;
  const column = columns.find((one) => one.name === name);
  const unit = given?.unit ?? (column === undefined ? null : unitOf(column));
  if (unit === null)
    throw ambiguous(
      `the unit of ${field} (${name})`,
      column?.values.slice(0, 3) ?? ['no such column'],
      `say which: --map ${field}=${name}:s (or ms, us, ns, days, iso)`,
    );
  guesses.push({
    field,
    value: `${name}, in ${unit}`,
    evidence:
      given === undefined
        ? `values such as ${column?.values[0] ?? ''} lie between 1973 and 2286 as ${unit}${column === undefined ? '' : oddIn(column)}`
        : 'given by --map',
  });
  return { column: name, unit };
};

const adsOf = (picker: Picker, table: TableProfile, id: string): AdsMapping => {
  const columns = table.columns.filter((column) => column.name !== id);
  const plain = Object.fromEntries(
    Object.entries(adNames)
      .filter(([field]) => !field.endsWith('_at'))
      .map(([field, name]) => [field, pick(picker, 'ads', field, columns, name)]),
  );
  const time = (field: 'start_at' | 'end_at'): AdsMapping['start_at'] =>
    timeColumn(
      picker,
      `ads.${field}`,
      columns,
      columns.filter((column) => adNames[field]?.test(column.name) === true).map((column) => column.name),
    );
  return { from: table.name, id, ...plain, start_at: time('start_at'), end_at: time('end_at') };
};

const kindOf = ({ overrides, guesses }: Picker, columns: readonly ColumnProfile[]): EventsMapping['kind'] => {
  const few = columns.filter(
    ({ types, distinct }) => types.length === 1 && types[0] === 'text' && distinct >= 2 && distinct <= 20,
  );
  const named = overrides.get('events.kind')?.column;
  const found = named === undefined ? few : columns.filter((column) => column.name === named);
  const [only] = found;
  if (only === undefined || found.length > 1)
    throw ambiguous(
      'events.kind',
      found.map((column) => column.name),
      'say which: --map events.kind=COLUMN',
    );
  const values = Object.fromEntries(
    only.values.flatMap((theirs) => {
      const ours = oursOf(theirs);
      return ours === null ? [] : [[theirs, ours]];
    }),
  );
  guesses.push({
    field: 'events.kind',
    value: only.name,
    evidence: `${named === undefined ? 'text of few values' : 'given by --map'}: ${only.values.map((theirs) => (values[theirs] === undefined ? theirs : `${theirs} → ${values[theirs] ?? ''}`)).join(', ')}`,
  });
  return { column: only.name, values };
};

const eventsOf = (picker: Picker, { events, user, ad }: Roles): EventsMapping => {
  const columns = events.columns.filter((column) => column.name !== user.column && column.name !== ad.column);
  const id = columns.find((column) => column.unique)?.name;
  const rest = columns.filter((column) => column.name !== id);
  if (id !== undefined) picker.guesses.push({ field: 'events.id', value: id, evidence: 'unique' });
  const at = timeColumn(
    picker,
    'events.at',
    columns,
    rest.filter((column) => unitOf(column) !== null).map((column) => column.name),
  );
  if (at === undefined) throw ambiguous('events.at', [], 'say which: --map events.at=COLUMN:UNIT');
  const others = rest.filter((column) => column.name !== at.column);
  const more = Object.fromEntries(
    Object.entries(eventNames).map(([field, name]) => [field, pick(picker, 'events', field, others, name)]),
  );
  const free = others.filter((column) => !Object.values(more).includes(column.name));
  return { from: events.name, id, user: user.column, ad: ad.column, at, kind: kindOf(picker, free), ...more };
};

/**
 * Proposes how the tables of a SQLite file are users, ads and events, from names and values, each decision with its evidence.
 * Throws `bad-input` with the choices where several readings fit: nothing is guessed silently.
 */
export const guessMapping = (
  whole: SqliteProfile,
  overrides: Overrides,
): { mapping: SampleMapping; guesses: readonly Guess[]; served: readonly ServedTable[] } => {
  checkOverrides(overrides, whole);
  const lists = servedTables(whole).filter(({ name }) => name !== overrides.get('events.from')?.column);
  const profile = withoutTables(whole, lists);
  const roles = rolesOf(profile, overrides);
  const { events, user, ad } = roles;
  const tableOf = (name: string): TableProfile => profile.tables.find((table) => table.name === name) ?? events;
  const guesses: Guess[] = [
    { field: 'events', value: events.name, evidence: `has times, and refers to ${user.to} and ${ad.to}` },
    {
      field: 'users',
      value: `${user.to}, id ${user.key}`,
      evidence: `${fitPercent(user.share)} of ${events.name}.${user.column} are its ids`,
    },
    {
      field: 'ads',
      value: `${ad.to}, id ${ad.key}`,
      evidence: `${fitPercent(ad.share)} of ${events.name}.${ad.column} are its ids; it has columns of an ad`,
    },
  ];
  const picker = { overrides, guesses };
  const attributes = tableOf(user.to)
    .columns.map((column) => column.name)
    .filter((name) => name !== user.key);
  guesses.push({ field: 'users.attributes', value: attributes.join(', ') || 'none', evidence: 'the other columns' });
  const mapping = {
    users: { from: user.to, id: user.key, attributes },
    ads: adsOf(picker, tableOf(ad.to), ad.key),
    events: eventsOf(picker, roles),
  };
  return { mapping, guesses, served: servedFrom(whole, lists, { user, ad }) };
};
