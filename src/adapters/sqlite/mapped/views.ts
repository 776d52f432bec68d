import type Database from 'better-sqlite3';
import { byCodeUnit } from '../../../base/order.ts';
import {
  columnOf,
  eventSources,
  type AdsMapping,
  type EventsMapping,
  type SampleMapping,
  type UsersMapping,
} from '../../../domain/sample/mapping.ts';
import { RecallError } from '../../../errors.ts';
import type { TableNames } from '../schema.ts';
import { checkSource, type Source } from './check-source.ts';
import { badNumber, badTargeting } from './functions.ts';
import { column, idText, kind, literal, number, text, textOrNull, time } from './sql.ts';

/** Every name of ours starts with `recall_`, so that none hides a team's table. */
export const mappedNames: TableNames = {
  users: 'temp.recall_users',
  ads: 'temp.recall_ads',
  events: 'temp.recall_events',
  friends: 'temp.recall_friends',
  columns: 'recall_cache.columns',
  text: 'recall_cache.ads_fts',
};

export interface SourceViews {
  /** View of one row a user; null: users are those of the events. */
  readonly users: SourceView | null;
  readonly ads: SourceView;
  readonly events: readonly SourceView[];
  readonly friends: SourceView | null;
}

export interface SourceView {
  readonly name: string;
  readonly label: string;
  /** true: rows come in the order of their rowid; false: they are found by their id, which must be unique. */
  readonly byRowid: boolean;
  /** The manifest's field: `sample.tables.ads`. */
  readonly entry: string;
  /** The SELECT or view that it reads, which may have no end; null for a table. */
  readonly mayNotEnd: string | null;
  /** Columns of ours → the team's, null where it is made of none or several. */
  readonly columns: Readonly<Record<string, string | null>>;
}

type Db = Database.Database;

const keyOf = (path: string, entry: string, { rowid, label }: Source, id: string | undefined): string => {
  if (rowid !== null) return `s.${rowid}`;
  if (id !== undefined) return column(id);
  throw new RecallError('bad-sample', `${path}: rows of ${label} cannot be found again`, {
    expected: `sample.tables.${entry}.id, a column that is unique`,
    found: 'a view, a SELECT or a table WITHOUT ROWID, and no id',
    todo: `name an id in sample.tables.${entry}, or map the table itself`,
  });
};

const attributePairs = (attributes: UsersMapping['attributes']): Array<readonly [string, string]> => {
  const pairs =
    attributes === undefined
      ? []
      : isList(attributes)
        ? attributes.map((name) => [name, name] as const)
        : Object.entries(attributes);
  return pairs.toSorted(([a], [b]) => byCodeUnit(a, b));
};

const isList = (attributes: readonly string[] | Readonly<Record<string, string>>): attributes is readonly string[] =>
  Array.isArray(attributes);

/** The SELECTs and views that are read, of which one may have no end. */
export const mayNotEnd = ({ users, ads, events, friends }: SourceViews): string[] =>
  [users, ads, ...events, friends].flatMap((view) =>
    view === null || view.mayNotEnd === null ? [] : [`${view.entry}: ${view.mayNotEnd}`],
  );

/** Creates the TEMP views that read a team's tables as rows of ours, values converted, nothing checked. Throws `bad-sample`. */
export const createSourceViews = (db: Db, path: string, mapping: SampleMapping): SourceViews => {
  const create = (
    name: string,
    entry: string,
    source: Source,
    columns: Readonly<Record<string, string>>,
    theirs: Readonly<Record<string, string | undefined>>,
  ): SourceView => {
    db.exec(
      `CREATE TEMP VIEW ${name} AS SELECT ${Object.entries(columns)
        .map(([as, sql]) => `${sql} AS ${as}`)
        .join(', ')} FROM ${source.sql} AS s`,
    );
    return {
      name: `temp.${name}`,
      label: source.label,
      byRowid: source.rowid !== null,
      entry: `sample.tables.${entry}`,
      mayNotEnd: source.mayNotEnd,
      columns: Object.fromEntries(Object.keys(columns).map((ours) => [ours, theirs[ours] ?? null])),
    };
  };
  const users = (mapped: UsersMapping): SourceView => {
    const pairs = attributePairs(mapped.attributes);
    const source = checkSource(db, path, 'sample.tables.users', mapped.from, {
      id: mapped.id,
      ...Object.fromEntries(pairs.map(([ours, theirs]) => [`attributes.${ours}`, theirs])),
    });
    const values = pairs.map(([ours, theirs]) => `${literal(ours)}, ${idText(theirs)}`).join(', ');
    const columns = {
      row_key: keyOf(path, 'users', source, mapped.id),
      id: idText(mapped.id),
      attributes: `recall_attributes(${values})`,
    };
    return create('recall_source_users', 'users', source, columns, { id: mapped.id });
  };
  const ads = (mapped: AdsMapping): SourceView => {
    const { from, start_at, end_at, ...plain } = mapped;
    const source = checkSource(db, path, 'sample.tables.ads', from, {
      ...plain,
      start_at: columnOf(start_at),
      end_at: columnOf(end_at),
    });
    const columns = {
      row_key: keyOf(path, 'ads', source, mapped.id),
      id: idText(mapped.id),
      title: text(mapped.title),
      category: text(mapped.category),
      brand: text(mapped.brand),
      price: number(mapped.price),
      campaign: textOrNull(mapped.campaign),
      start_at: time(start_at, 'first'),
      end_at: time(end_at, 'last'),
      budget_left: number(mapped.budget_left),
      targeting: mapped.targeting === undefined ? 'NULL' : `recall_targeting(${column(mapped.targeting)})`,
    };
    const theirs = { ...plain, start_at: columnOf(start_at), end_at: columnOf(end_at) };
    return create('recall_source_ads', 'ads', source, columns, theirs);
  };
  const events = (mapped: EventsMapping, i: number): SourceView => {
    const { from, kind: kinds, at, ...plain } = mapped;
    const source = checkSource(db, path, 'sample.tables.events', from, {
      ...plain,
      kind: columnOf(kinds),
      at: columnOf(at),
    });
    const row = keyOf(path, 'events', source, mapped.id);
    const columns = {
      row_key: row,
      id: mapped.id === undefined ? `${literal(`${source.label}:`)} || ${row}` : idText(mapped.id),
      user_id: idText(mapped.user),
      kind: kind(kinds),
      at: time(at, 'last'),
      platform: textOrNull(mapped.platform),
      ad_id: idText(mapped.ad),
      query: textOrNull(mapped.query),
      peer_id: idText(mapped.peer),
    };
    const { user, ad, peer } = plain;
    const theirs = { ...plain, user_id: user, ad_id: ad, peer_id: peer, kind: columnOf(kinds), at: columnOf(at) };
    return create(`recall_source_events_${i}`, 'events', source, columns, theirs);
  };
  const friends = ({ from, user, peer, since }: NonNullable<SampleMapping['friends']>): SourceView =>
    create(
      'recall_source_friends',
      'friends',
      checkSource(db, path, 'sample.tables.friends', from, { user, peer, since: columnOf(since) }),
      { user_id: idText(user), peer_id: idText(peer), since: time(since, 'last') },
      { user_id: user, peer_id: peer, since: columnOf(since) },
    );
  return {
    users: mapping.users === undefined ? null : users(mapping.users),
    ads: ads(mapping.ads),
    events: eventSources(mapping).map(events),
    friends: mapping.friends === undefined ? null : friends(mapping.friends),
  };
};

/** The rows kept, in the shape of a native sample: the cache says which and in what order, the team's file what is in them. */
export const createSampleViews = (db: Db, { users, ads, events }: SourceViews): void => {
  const joined = (view: SourceView): string => `JOIN ${view.name} AS s ON k.row_key = s.row_key`;
  const parts = events.map(
    (
      view,
      i,
    ) => `SELECT k.seq AS seq, k.id AS id, u.id AS user_id, k.kind AS kind, k.at AS at, s.platform AS platform, a.id AS ad_id, s.query AS query, s.peer_id AS peer_id
    FROM recall_cache.event_keys AS k JOIN recall_cache.user_keys AS u ON u.ordinal = k.user ${joined(view)} LEFT JOIN recall_cache.ad_keys AS a ON a.ordinal = k.ad WHERE k.source = ${i}`,
  );
  const none =
    'SELECT 0 AS seq, NULL AS id, NULL AS user_id, NULL AS kind, 0 AS at, NULL AS platform, NULL AS ad_id, NULL AS query, NULL AS peer_id WHERE 0';
  db.exec(`
    CREATE TEMP VIEW recall_users AS SELECT k.ordinal AS ordinal, k.id AS id, ${users === null ? "'{}'" : 's.attributes'} AS attributes
      FROM recall_cache.user_keys AS k ${users === null ? '' : joined(users)};
    CREATE TEMP VIEW recall_ads AS SELECT k.ordinal AS ordinal, k.id AS id, s.title AS title, s.category AS category, s.brand AS brand, nullif(s.price, ${literal(badNumber)}) AS price,
      s.campaign AS campaign, s.start_at AS start_at, s.end_at AS end_at, nullif(s.budget_left, ${literal(badNumber)}) AS budget_left, nullif(s.targeting, ${badTargeting}) AS targeting FROM recall_cache.ad_keys AS k ${joined(ads)};
    CREATE TEMP VIEW recall_events AS ${parts.length === 0 ? none : parts.join(' UNION ALL ')};
    CREATE TEMP VIEW recall_friends AS SELECT u.id AS user_id, p.id AS peer_id, f.since AS since
      FROM recall_cache.friend_keys AS f JOIN recall_cache.user_keys AS u ON u.ordinal = f.user JOIN recall_cache.user_keys AS p ON p.ordinal = f.peer;`);
};
