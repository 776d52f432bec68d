/** The tables of `sample.sqlite` and the columns a reader relies on. */
export const sampleFormat = 'recall-tui/sample@1';

/** The names of the tables of a sample. In a mapped file they are views of our own over the team's tables. */
export interface TableNames {
  readonly users: string;
  readonly ads: string;
  readonly events: string;
  readonly friends: string;
  readonly columns: string;
  readonly text: string;
}

export const nativeNames: TableNames = {
  users: 'users',
  ads: 'ads',
  events: 'events',
  friends: 'friends',
  columns: 'columns',
  text: 'ads_fts',
};

export const requiredColumns: Readonly<Record<string, readonly string[]>> = {
  meta: ['key', 'value'],
  users: ['ordinal', 'id', 'attributes'],
  ads: [
    'ordinal',
    'id',
    'title',
    'category',
    'brand',
    'price',
    'campaign',
    'start_at',
    'end_at',
    'budget_left',
    'targeting',
  ],
  events: ['seq', 'id', 'user_id', 'kind', 'at', 'platform', 'ad_id', 'query', 'peer_id'],
  friends: ['user_id', 'peer_id', 'since'],
  columns: ['name', 'data'],
  ads_fts: ['title', 'category', 'brand'],
};

/** Rows as they come in. Ids may arrive in any order; `sort_key` is set only where SQLite would sort otherwise. */
export const stagingSchema = `
  CREATE TABLE staging.users (id TEXT PRIMARY KEY, sort_key TEXT, attributes TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE staging.ads (
    id TEXT PRIMARY KEY, sort_key TEXT, title TEXT NOT NULL, category TEXT NOT NULL, brand TEXT NOT NULL, price REAL,
    campaign TEXT, start_at INTEGER, end_at INTEGER, budget_left REAL, targeting TEXT) WITHOUT ROWID;
  CREATE TABLE staging.events (
    id TEXT PRIMARY KEY, sort_key TEXT, user_id TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
    platform TEXT, ad_id TEXT, query TEXT, peer_id TEXT) WITHOUT ROWID;
  CREATE TABLE staging.friends (user_id TEXT NOT NULL, peer_id TEXT NOT NULL, since INTEGER, PRIMARY KEY (user_id, peer_id)) WITHOUT ROWID;
`;

/**
 * `events.seq` is the order in time (ties: event id downwards), so that reading backwards gives newest
 * first with ties in code-unit order. `columns` holds packed copies of what is read as a whole.
 */
export const sampleSchema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE users (ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL, attributes TEXT NOT NULL);
  CREATE TABLE ads (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, category TEXT NOT NULL, brand TEXT NOT NULL,
    price REAL, campaign TEXT, start_at INTEGER, end_at INTEGER, budget_left REAL, targeting TEXT);
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, user_id TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
    platform TEXT, ad_id TEXT, query TEXT, peer_id TEXT);
  CREATE TABLE friends (user_id TEXT NOT NULL, peer_id TEXT NOT NULL, since INTEGER, PRIMARY KEY (user_id, peer_id)) WITHOUT ROWID;
  CREATE TABLE columns (name TEXT PRIMARY KEY, data BLOB NOT NULL);
  CREATE VIRTUAL TABLE ads_fts USING fts5(title, category, brand, content='', tokenize='unicode61 remove_diacritics 2');
`;

/** Sorted copies of the staged rows; ordinals and `seq` fall out of the order. */
export const fillStatements = {
  users: `INSERT INTO users SELECT row_number() OVER (ORDER BY coalesce(sort_key, id)) - 1 AS n, id, attributes FROM staging.users`,
  ads: `INSERT INTO ads SELECT row_number() OVER (ORDER BY coalesce(sort_key, id)) - 1 AS n, id, title, category, brand, price, campaign,
    start_at, end_at, budget_left, targeting FROM staging.ads`,
  events: `INSERT INTO events SELECT row_number() OVER (ORDER BY at, coalesce(sort_key, id) DESC) - 1 AS n, id, user_id, kind, at, platform,
    ad_id, query, peer_id FROM staging.events`,
  friends: `INSERT INTO friends SELECT user_id, peer_id, since FROM staging.friends ORDER BY user_id, peer_id`,
} as const;

/** Made after the rows: one sort each, where keeping them up row by row costs a search a row. */
export const indexSchema = `
  CREATE UNIQUE INDEX users_by_id ON users (id);
  CREATE UNIQUE INDEX ads_by_id ON ads (id);
  CREATE UNIQUE INDEX events_by_id ON events (id);
  CREATE INDEX events_by_user ON events (user_id, at);
`;
