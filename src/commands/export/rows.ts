import { isRecord } from '../../base/json.ts';
import type { Answers, Result, Schema } from '../../answers/answers.ts';

export const exportFormats = ['json', 'csv', 'md'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** An answer as a table: the rows of its main list, columns in the order they first appear. */
export interface ExportTable {
  readonly columns: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
}

type Fields = Readonly<Record<string, unknown>>;

const isRows = (value: unknown): value is readonly Fields[] =>
  Array.isArray(value) && value.length > 0 && value.every(isRecord);

/** The list an answer is about, by schema, where it holds several; otherwise its first list of records is meant. */
const mainLists: { readonly [S in Schema]?: keyof Answers[S] } = {
  recall: 'candidates',
  explain: 'groups',
  'why-not': 'channels',
  compare: 'moved',
  'search-path': 'hops',
  funnel: 'reasons',
  events: 'events',
  users: 'users',
  ads: 'ads',
  platforms: 'candidates',
};

/** One level of an object becomes columns `field.part`; a list of values is joined; anything deeper stays JSON. */
const flat = (row: Fields, prefix = ''): Array<readonly [string, string]> =>
  Object.entries(row).flatMap(([name, value]): Array<readonly [string, string]> => {
    const column = `${prefix}${name}`;
    if (value === null || value === undefined) return [[column, '']];
    if (isRecord(value) && prefix === '') return flat(value, `${name}.`);
    if (Array.isArray(value) && value.every((v) => typeof v !== 'object')) return [[column, value.join(' ')]];
    return [[column, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
  });

const tableOf = (rows: readonly Fields[]): ExportTable => {
  const cells = rows.map((row) => new Map(flat(row)));
  const columns = [...new Set(cells.flatMap((row) => [...row.keys()]))];
  return { columns, rows: cells.map((row) => columns.map((column) => row.get(column) ?? '')) };
};

/** The table of an answer; where it holds no list, its fields one a row. */
export const exportTable = (result: Pick<Result, 'schema' | 'data'>): ExportTable => {
  const data: Fields = { ...result.data };
  const named: string | undefined = mainLists[result.schema];
  const main = named === undefined ? undefined : data[named];
  if (Array.isArray(main) && main.length === 0) return { columns: [], rows: [] };
  const rows = isRows(main) ? main : Object.values(data).find(isRows);
  return rows === undefined ? tableOf(flat(data).map(([field, value]) => ({ field, value }))) : tableOf(rows);
};
