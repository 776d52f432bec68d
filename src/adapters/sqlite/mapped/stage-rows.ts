import type Database from 'better-sqlite3';
import { byCodeUnit } from '../../../base/order.ts';
import { endable } from '../../../base/endable.ts';
import { RecallError } from '../../../errors.ts';
import type { TableReport } from '../../../engine/ports/artefacts.ts';
import { isStorable, sortKey } from '../code-units.ts';
import { badNumber } from './functions.ts';
import type { SourceView, SourceViews } from './views.ts';

type Db = Database.Database;

/** Row keys go through JavaScript as text: a 64-bit rowid would not fit a number. */
interface Key {
  key: string | null;
  whole: number;
}
interface IdRow extends Key {
  id: string | null;
}
interface AdRow extends IdRow {
  price: unknown;
  budget_left: unknown;
  start_at: unknown;
  end_at: unknown;
  targeting: unknown;
}
interface EventRow extends IdRow {
  user_id: string | null;
  kind: string | null;
  at: number | string | null;
  ad_id: string | null;
}
interface FriendRow {
  user_id: string | null;
  peer_id: string | null;
  since: number | string | null;
}

const key = 'CASE ? WHEN 1 THEN CAST(? AS INTEGER) ELSE ? END';
const keyColumns = "CAST(row_key AS TEXT) AS key, typeof(row_key) = 'integer' AS whole";
const keyValues = (row: Key): [number, string | null, string | null] => [row.whole, row.key, row.key];

export interface Staging {
  readonly read: Db;
  readonly write: Db;
  readonly path: string;
  /** Lets other work in, and stops where asked. */
  readonly pause: (done: number) => Promise<void>;
}

const batch = 10_000;

const inOrder = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a], [b]) => byCodeUnit(a, b)));

/** Reads a view row by row; `handle` gives null (kept) or why the row was rejected. */
const eachRow = async <T>(
  { read, pause }: Staging,
  view: SourceView,
  columns: string,
  handle: (row: T) => string | null,
  oddCells: (row: T) => readonly string[] = () => [],
): Promise<TableReport> => {
  const rejected = new Map<string, number>();
  const emptied = new Map<string, number>();
  let seen = 0;
  const ordered = view.byRowid ? ' ORDER BY row_key' : '';
  for (const row of read.prepare<[], T>(`SELECT ${columns} FROM ${view.name}${ordered}`).iterate()) {
    const reason = handle(row);
    if (reason !== null) rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
    else for (const cell of oddCells(row)) emptied.set(cell, (emptied.get(cell) ?? 0) + 1);
    if (++seen % batch === 0) await pause(seen);
  }
  const lost = [...rejected.values()].reduce((sum, n) => sum + n, 0);
  return {
    table: view.label,
    read: seen,
    kept: seen - lost,
    rejected: inOrder(rejected),
    emptied: inOrder(emptied),
  };
};

const idProblem = (id: string | null): string | null => {
  if (id === null || id === '') return 'missing-id';
  return isStorable(id) && !id.includes('\ufffd') ? null : 'not-utf-8';
};

/** A row of a view is found again by its id: a second one of the same id would make both ambiguous. */
const duplicate = ({ path }: Staging, view: SourceView, id: string): string => {
  if (view.byRowid) return 'duplicate-id';
  throw new RecallError('bad-sample', `${path}: ${view.label} has the id ${JSON.stringify(id)} twice`, {
    expected: 'each id once: rows of a view, a SELECT or a table WITHOUT ROWID are found by their id',
    found: 'two rows of one id',
    todo: 'use DISTINCT or GROUP BY in the view, or map the table itself',
  });
};

export const stageIds = (
  staging: Staging,
  view: SourceView,
  table: 'users' | 'ads',
  problem: (row: AdRow) => string | null,
): Promise<TableReport> => {
  const insert = staging.write.prepare(`INSERT OR IGNORE INTO staging.${table} VALUES (?, ?, ${key})`);
  // Every column is read once, also those whose values stay in the file: one that fails on a row is found now.
  const more =
    table === 'ads'
      ? ', price, budget_left, start_at, end_at, targeting, title, category, brand, campaign'
      : ', attributes';
  const keep = (row: AdRow): string | null => {
    const wrong = idProblem(row.id) ?? problem(row);
    if (wrong !== null) return wrong;
    const id = row.id ?? '';
    return insert.run(id, sortKey(id), ...keyValues(row)).changes > 0 ? null : duplicate(staging, view, id);
  };
  return eachRow<AdRow>(staging, view, `${keyColumns}, id${more}`, keep, table === 'ads' ? oddAdCells : undefined);
};

/** The reasons csv import gives, in its order. */
export const adProblem = ({ start_at, end_at }: AdRow): string | null => {
  if (typeof start_at === 'string') return start_at;
  return typeof end_at === 'string' ? end_at : null;
};

/** Optional cells that cannot be used: they count as empty, their row is kept. */
const oddAdCells = ({ price, budget_left, targeting }: AdRow): string[] => [
  ...(price === badNumber ? ['price: not-a-number'] : []),
  ...(budget_left === badNumber ? ['budgetLeft: not-a-number'] : []),
  ...(typeof targeting === 'number' ? ['targeting: bad-targeting'] : []),
];

/** Users of a file that has no table of them: whoever has an event. */
export const stageUsersOfEvents = async (
  { read, write, pause }: Staging,
  events: SourceViews['events'],
): Promise<void> => {
  const insert = write.prepare('INSERT OR IGNORE INTO staging.users VALUES (?, ?, NULL)');
  for (const view of events) {
    const ids = read.prepare<[], string | null>(`SELECT DISTINCT user_id FROM ${view.name}`).pluck();
    for (const id of endable(() => ids.all())) if (id !== null && idProblem(id) === null) insert.run(id, sortKey(id));
    await pause(0);
  }
};

export type Ordinals = ReadonlyMap<string, number>;

const eventProblem = ({ id, kind, at, user_id, ad_id }: EventRow, users: Ordinals, ads: Ordinals): string | null => {
  if (typeof at !== 'number') return at ?? 'bad-time';
  if (kind === null || kind === '') return 'missing-kind';
  if (idProblem(id) !== null) return idProblem(id);
  if (id?.startsWith('what-if:') === true) return 'reserved-id';
  if (!users.has(user_id ?? '')) return 'unknown-user';
  return ad_id !== null && !ads.has(ad_id) ? 'unknown-ad' : null;
};

export const stageEvents = (
  staging: Staging,
  view: SourceView,
  source: number,
  users: Ordinals,
  ads: Ordinals,
): Promise<TableReport> => {
  const insert = staging.write.prepare(`INSERT OR IGNORE INTO staging.events VALUES (?, ?, ?, ?, ?, ?, ?, ${key})`);
  return eachRow<EventRow>(
    staging,
    view,
    `${keyColumns}, id, user_id, kind, at, ad_id, platform, query, peer_id`,
    (row) => {
      const wrong = eventProblem(row, users, ads);
      if (wrong !== null) return wrong;
      const id = row.id ?? '';
      const ad = row.ad_id === null ? null : (ads.get(row.ad_id) ?? null);
      const { changes } = insert.run(
        id,
        sortKey(id),
        users.get(row.user_id ?? ''),
        ad,
        row.kind,
        row.at,
        source,
        ...keyValues(row),
      );
      return changes > 0 ? null : duplicate(staging, view, id);
    },
  );
};

export const stageFriends = (
  staging: Staging,
  view: SourceView,
  users: Ordinals,
  mutual: boolean,
): Promise<TableReport> => {
  const insert = staging.write.prepare('INSERT OR IGNORE INTO friend_keys VALUES (?, ?, ?)');
  return eachRow<FriendRow>(staging, { ...view, byRowid: false }, '*', ({ user_id, peer_id, since }) => {
    const [user, peer] = [users.get(user_id ?? ''), users.get(peer_id ?? '')];
    if (typeof since === 'string') return since;
    if (user === undefined || peer === undefined) return 'unknown-user';
    const added = insert.run(user, peer, since).changes + (mutual ? insert.run(peer, user, since).changes : 0);
    return added > 0 ? null : 'duplicate-id';
  });
};
