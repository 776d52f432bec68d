import { RecallError } from '../../errors.ts';
import { servedFrom, servedTables, withoutTables, type ServedTable } from './guess-served.ts';
import type { AdsMapping, EventsMapping, SampleMapping } from './mapping.ts';
import type { ColumnProfile, Overlap, SqliteProfile, TableProfile } from './profile.ts';
import { unitOf } from './time-unit.ts';
import type { TimeUnit } from '../../base/time.ts';

/** One decision of a proposed mapping, and what it rests on. */
export interface Guess {
  readonly field: string;
  readonly value: string;
  readonly evidence: string;
}

/** `--map events.at=ts:s`: what a person said, by `<table>.<field>`. */
export type Told = ReadonlyMap<string, { readonly column: string; readonly unit: TimeUnit | null }>;

const adNames: Readonly<Record<string, RegExp>> = {
  title: /^(title|name|headline|subject)$/i,
  category: /^(category|cat|path|category_path)$/i,
  brand: /^(brand|maker|vendor|manufacturer)$/i,
  price: /^(price|cents|amount)$/i,
  campaign: /^(campaign|promo|promotion)$/i,
  start_at: /^(start|start_at|starts|runs_from|live_from|valid_from)$/i,
  end_at: /^(end|end_at|ends|runs_to|live_to|valid_to)$/i,
  budget_left: /^(budget|budget_left|remaining_budget)$/i,
  targeting: /^(targeting|audience)$/i,
};
const eventNames: Readonly<Record<string, RegExp>> = {
  query: /^(query|q|words|keyword|keywords|search|typed|term)$/i,
  platform: /^(platform|device|channel)$/i,
  peer: /^(peer|peer_id|friend|other)$/i,
};

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

const percent = (share: number): string => `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;

const ambiguous = (field: string, choices: readonly string[], todo: string): RecallError =>
  new RecallError('bad-input', `${field}: no single column fits`, {
    expected: 'one candidate',
    found: choices.length === 0 ? 'none' : choices.join(', '),
    todo,
  });

interface Roles {
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

/** Events are the table with times that refers to two others; of these, the ads are the one with titles, categories, prices, … */
const rolesOf = (profile: SqliteProfile): Roles => {
  const candidates = profile.tables
    .flatMap((table) => references(profile, table.name).map((to) => ({ table, to })))
    .filter(({ table, to }) => to.length >= 2 && table.columns.some((column) => unitOf(column) !== null));
  const [only] = candidates;
  const [{ table, to: reading } = { table: undefined, to: [] }] = candidates;
  if (table !== undefined && candidates.every((one) => one.table === table) && candidates.length > 1)
    throw ambiguous(
      `which columns of ${table.name} are the user and the ad`,
      candidates.map(({ to }) => to.map((one) => `${one.column} → ${one.to}`).join(' and ')),
      `rename a column after its table, or write sample.tables into recall.json by hand; ${reading.length} tables have the same ids`,
    );
  if (only === undefined || candidates.length > 1)
    throw ambiguous(
      'the table of events',
      candidates.map(({ table }) => table.name),
      'write sample.tables into recall.json by hand (docs/your-data.md, "A SQLite file of your own, read in place")',
    );
  const scored = only.to
    .map((overlap) => ({
      overlap,
      score: looksLikeAds(profile.tables.find((table) => table.name === overlap.to) ?? only.table),
    }))
    .sort((a, b) => b.score - a.score);
  const [ad, user, third] = scored;
  if (ad === undefined || user === undefined || third !== undefined || ad.score === user.score)
    throw ambiguous(
      'which table holds the ads, and which the users',
      only.to.map(({ to }) => to),
      'write sample.tables into recall.json by hand (docs/your-data.md, "A SQLite file of your own, read in place")',
    );
  return { events: only.table, user: user.overlap, ad: ad.overlap };
};

interface Picker {
  readonly told: Told;
  readonly said: Guess[];
}

/** The column a person named, else the only one whose name fits; several are ambiguous. */
const pick = (
  { told, said }: Picker,
  table: string,
  field: string,
  columns: readonly ColumnProfile[],
  name: RegExp,
): string | undefined => {
  const given = told.get(`${table}.${field}`);
  const fitting = columns.filter((column) => name.test(column.name));
  if (given === undefined && fitting.length > 1)
    throw ambiguous(
      `${table}.${field}`,
      fitting.map((column) => column.name),
      `say which: --map ${table}.${field}=COLUMN`,
    );
  const found = given?.column ?? fitting[0]?.name;
  if (found !== undefined)
    said.push({
      field: `${table}.${field}`,
      value: found,
      evidence: given === undefined ? 'its name' : 'told by --map',
    });
  return found;
};

const timeColumn = (
  { told, said }: Picker,
  field: string,
  columns: readonly ColumnProfile[],
  candidates: readonly string[],
): { column: string; unit: TimeUnit } | undefined => {
  const given = told.get(field);
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
  said.push({
    field,
    value: `${name}, in ${unit}`,
    evidence:
      given === undefined
        ? `values such as ${column?.values[0] ?? ''} lie between 1973 and 2286 as ${unit}`
        : 'told by --map',
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

const kindOf = ({ told, said }: Picker, columns: readonly ColumnProfile[]): EventsMapping['kind'] => {
  const few = columns.filter(
    ({ types, distinct }) => types.length === 1 && types[0] === 'text' && distinct >= 2 && distinct <= 20,
  );
  const named = told.get('events.kind')?.column;
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
  said.push({
    field: 'events.kind',
    value: only.name,
    evidence: `${named === undefined ? 'text of few values' : 'told by --map'}: ${only.values.map((theirs) => (values[theirs] === undefined ? theirs : `${theirs} → ${values[theirs] ?? ''}`)).join(', ')}`,
  });
  return { column: only.name, values };
};

const eventsOf = (picker: Picker, { events, user, ad }: Roles): EventsMapping => {
  const columns = events.columns.filter((column) => column.name !== user.column && column.name !== ad.column);
  const id = columns.find((column) => column.unique)?.name;
  const rest = columns.filter((column) => column.name !== id);
  if (id !== undefined) picker.said.push({ field: 'events.id', value: id, evidence: 'unique' });
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
  told: Told,
): { mapping: SampleMapping; guesses: readonly Guess[]; served: readonly ServedTable[] } => {
  const lists = servedTables(whole);
  const profile = withoutTables(whole, lists);
  const roles = rolesOf(profile);
  const { events, user, ad } = roles;
  const tableOf = (name: string): TableProfile => profile.tables.find((table) => table.name === name) ?? events;
  const said: Guess[] = [
    { field: 'events', value: events.name, evidence: `has times, and refers to ${user.to} and ${ad.to}` },
    {
      field: 'users',
      value: `${user.to}, id ${user.key}`,
      evidence: `${percent(user.share)} of ${events.name}.${user.column} are its ids`,
    },
    {
      field: 'ads',
      value: `${ad.to}, id ${ad.key}`,
      evidence: `${percent(ad.share)} of ${events.name}.${ad.column} are its ids; it has columns of an ad`,
    },
  ];
  const picker = { told, said };
  const attributes = tableOf(user.to)
    .columns.map((column) => column.name)
    .filter((name) => name !== user.key);
  said.push({ field: 'users.attributes', value: attributes.join(', ') || 'none', evidence: 'the other columns' });
  const mapping = {
    users: { from: user.to, id: user.key, attributes },
    ads: adsOf(picker, tableOf(ad.to), ad.key),
    events: eventsOf(picker, roles),
  };
  return { mapping, guesses: said, served: servedFrom(whole, lists, { user, ad }) };
};
