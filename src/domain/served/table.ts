import { readJson } from '../../base/json.ts';
import { misreadingOf, timeHint, type Misreading } from '../../base/time.ts';
import { RecallError } from '../../errors.ts';
import type { ServedFault, ServedLog, ServedRequest } from './served.ts';

/** A row of a table of served lists, as text. `ads`: a list, or one ad where rows have a `rank`. */
export interface ServedCells {
  /** File and line, for messages. */
  readonly where: string;
  readonly user: string;
  /** ms; null: `time` is none. */
  readonly at: number | null;
  readonly time: string;
  readonly ads: string;
  readonly rank: string;
  readonly scores: string;
  readonly channels: string;
}

/** One row a place, or one row a request, whose lists `separator` joins (null: found from the cells). */
export type ServedForm = { readonly by: 'rank' } | { readonly by: 'list'; readonly separator: string | null };

const shape =
  'user, time (ISO-8601 or ms), and either list (ids best first: a JSON array, or joined by | ; , or a space) or ad and rank (from 0 or 1, without a gap); scores and channels may be there';

export const notServed = (where: string, found: string, todo = 'correct the row'): RecallError =>
  new RecallError('bad-input', `${where}: not a served request`, { expected: shape, found, todo });

/** Why a list cannot have been served so; null: it can. */
export const requestProblem = ({ list, scores, channels }: ServedRequest): string | null => {
  if (new Set(list).size !== list.length) return 'list: an ad twice';
  for (const [name, values] of [
    ['scores', scores],
    ['channels', channels],
  ] as const)
    if (values !== null && values.length !== list.length) return `${name}: ${values.length} for ${list.length} ads`;
  return null;
};

const separators = ['|', ';', ','] as const;

/** The separator of the ids in a column of lists, decided over all of them; two candidates are an error. */
const separatorOf = (rows: readonly ServedCells[]): string => {
  const plain = rows.filter(({ ads }) => !ads.trim().startsWith('['));
  const used = separators.filter((one) => plain.some(({ ads }) => ads.includes(one)));
  const [only] = used;
  const [first] = plain;
  if (used.length > 1 && first !== undefined)
    throw notServed(
      first.where,
      `list: ${used.join(' and ')} may both join the ids`,
      'say which: served.columns.separator in recall.json',
    );
  return only ?? ' ';
};

/** An integer JSON would round is no id. */
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== ''
    ? value
    : typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value))
      ? String(value)
      : null;

/** The values of a cell; null: one of them is none. */
const valuesIn = (cell: string, separator: string): readonly string[] | null => {
  const text = cell.trim();
  if (!text.startsWith('[')) {
    const parts = separator === ' ' ? text.split(/\s+/) : text.split(separator).map((part) => part.trim());
    return parts.includes('') ? null : parts;
  }
  try {
    const parsed: unknown = readJson(text);
    const texts = Array.isArray(parsed) ? parsed.map(textOf) : [];
    const kept = texts.filter((text) => text !== null);
    return kept.length === 0 || kept.length < texts.length ? null : kept;
  } catch {
    return null;
  }
};

const unitNamed: Partial<Record<Misreading, string>> = { seconds: '"s"', microseconds: '"us"', nanoseconds: '"ns"' };

/** How to correct a time that cannot be read. */
const timeTodo = (time: string): string => {
  const misreading = misreadingOf(time);
  const unit = misreading === null ? undefined : unitNamed[misreading];
  return `write ISO-8601 or ms, or name the unit: served.columns.time {"column", "unit"${unit === undefined ? '' : `: ${unit}`}} in recall.json`;
};

const instantOf = ({ where, user, at, time }: ServedCells): number => {
  if (user === '') throw notServed(where, 'user: empty');
  if (at === null) throw notServed(where, `time: ${time === '' ? 'empty' : (timeHint(time) ?? time)}`, timeTodo(time));
  return at;
};

const scoresIn = (where: string, values: readonly string[] | null): readonly number[] | null => {
  if (values === null) return null;
  const wrong = values.find((value) => value.trim() === '' || !Number.isFinite(Number(value)));
  if (wrong !== undefined) throw notServed(where, `scores: ${wrong === '' ? 'empty beside others' : wrong}`);
  return values.map(Number);
};

const checked = (where: string, request: ServedRequest): ServedRequest => {
  const problem = requestProblem(request);
  if (problem !== null) throw notServed(where, problem);
  return request;
};

/** Each in turn: what cannot be read is a fault of its user, and of no other. */
export const eachRead = <T>(
  items: readonly T[],
  userOf: (item: T) => string | null,
  read: (item: T) => ServedRequest,
): ServedLog => {
  const requests: ServedRequest[] = [];
  const faults: ServedFault[] = [];
  for (const item of items) {
    try {
      requests.push(read(item));
    } catch (error) {
      if (!(error instanceof RecallError)) throw error;
      faults.push({ userId: userOf(item), error });
    }
  }
  return { requests, faults };
};

const userIn = ({ user }: ServedCells): string | null => (user === '' ? null : user);

const oneEach = (rows: readonly ServedCells[], given: string | null): ServedLog => {
  const separator = given ?? separatorOf(rows);
  return eachRead(rows, userIn, (row) => {
    const { where, user, ads, scores, channels } = row;
    const valuesOf = (name: string, cell: string): readonly string[] => {
      const values = valuesIn(cell, separator);
      if (values === null) throw notServed(where, `${name}: ${cell.trim() === '' ? 'empty' : cell.slice(0, 60)}`);
      return values;
    };
    return checked(where, {
      userId: user,
      at: instantOf(row),
      list: valuesOf('list', ads),
      scores: scoresIn(where, scores === '' ? null : valuesOf('scores', scores)),
      channels: channels === '' ? null : valuesOf('channels', channels),
    });
  });
};

const rankOf = ({ where, rank }: ServedCells): number => {
  const value = Number(rank);
  if (rank.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw notServed(where, `rank: ${rank === '' ? 'empty' : rank}`);
  return value;
};

/**
 * Rows of one request in the order of their ranks, which must be all of them from the first on: a lost row would be
 * read as an ad that was not served.
 */
const inOrder = (rows: readonly ServedCells[]): readonly ServedCells[] => {
  const ranked = rows.map((row) => ({ row, rank: rankOf(row) })).sort((a, b) => a.rank - b.rank);
  const first = ranked[0]?.rank === 0 ? 0 : 1;
  ranked.forEach(({ row, rank }, i) => {
    if (rank !== first + i)
      throw notServed(
        row.where,
        rank < first + i
          ? `rank: ${rank} twice for ${row.user} at ${row.time}`
          : `rank: ${rank} for ${row.user} at ${row.time}, and none ${first + i}`,
      );
  });
  return ranked.map(({ row }) => row);
};

/** A row without a user or a time belongs to no request, and which one lacks it is not known: that stops the reading. */
const fromPlaces = (rows: readonly ServedCells[]): ServedLog => {
  const byRequest = new Map<string, ServedCells[]>();
  for (const row of rows) {
    const key = `${instantOf(row)} ${row.user}`;
    const own = byRequest.get(key);
    if (own === undefined) byRequest.set(key, [row]);
    else own.push(row);
  }
  const userOf = ([row]: readonly ServedCells[]): string | null => (row === undefined ? null : userIn(row));
  return eachRead([...byRequest.values()], userOf, (own) => {
    const places = inOrder(own);
    const [{ where, user, at } = { where: '', user: '', at: null }] = places;
    const blank = places.find(({ ads }) => ads === '');
    if (blank !== undefined) throw notServed(blank.where, 'ad: empty');
    const column = (of: (row: ServedCells) => string): readonly string[] | null =>
      places.every((row) => of(row) === '') ? null : places.map(of);
    return checked(where, {
      userId: user,
      at: at ?? 0,
      list: places.map(({ ads }) => ads),
      scores: scoresIn(
        where,
        column((row) => row.scores),
      ),
      channels: column((row) => row.channels),
    });
  });
};

/** The requests of a table, in the order of their first rows. Throws `bad-input` where a fault is of no one request. */
export const requestsOf = (rows: readonly ServedCells[], form: ServedForm): ServedLog =>
  form.by === 'list' ? oneEach(rows, form.separator) : fromPlaces(rows);
