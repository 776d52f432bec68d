/** Format of what is derived from a mapped file; another version is derived again. */
export const derivedFormat = 'recall-tui/mapped-sample@3';

/**
 * The cache of a team's file: ids, the place of each kept row (`row_key`), and of events their kind and time;
 * besides the packed columns of a native sample and the index of words. Titles, attributes, queries stay in the file.
 */
export const derivedSchema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE user_keys (ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL, row_key);
  CREATE TABLE ad_keys (ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL, row_key);
  CREATE TABLE event_keys (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, user INTEGER NOT NULL, ad INTEGER, kind TEXT NOT NULL, at INTEGER NOT NULL, source INTEGER NOT NULL, row_key);
  CREATE TABLE friend_keys (user INTEGER NOT NULL, peer INTEGER NOT NULL, since INTEGER, PRIMARY KEY (user, peer)) WITHOUT ROWID;
  CREATE TABLE columns (name TEXT PRIMARY KEY, data BLOB NOT NULL);
  CREATE VIRTUAL TABLE ads_fts USING fts5(title, category, brand, content='', tokenize='unicode61 remove_diacritics 2');
`;

export const derivedStaging = `
  CREATE TABLE staging.users (id TEXT PRIMARY KEY, sort_key TEXT, row_key) WITHOUT ROWID;
  CREATE TABLE staging.ads (id TEXT PRIMARY KEY, sort_key TEXT, row_key) WITHOUT ROWID;
  CREATE TABLE staging.events (id TEXT PRIMARY KEY, sort_key TEXT, user INTEGER NOT NULL, ad INTEGER, kind TEXT NOT NULL, at INTEGER NOT NULL, source INTEGER NOT NULL, row_key) WITHOUT ROWID;
`;

/** Ordinals and `seq` fall out of the same orders as in a native sample (schema.ts). */
export const fillKeys = {
  users:
    'INSERT INTO user_keys SELECT row_number() OVER (ORDER BY coalesce(sort_key, id)) - 1, id, row_key FROM staging.users',
  ads: 'INSERT INTO ad_keys SELECT row_number() OVER (ORDER BY coalesce(sort_key, id)) - 1, id, row_key FROM staging.ads',
  events:
    'INSERT INTO event_keys SELECT row_number() OVER (ORDER BY at, coalesce(sort_key, id) DESC) - 1, id, user, ad, kind, at, source, row_key FROM staging.events',
} as const;

export const keyIndices = `
  CREATE UNIQUE INDEX user_keys_by_id ON user_keys (id);
  CREATE UNIQUE INDEX ad_keys_by_id ON ad_keys (id);
  CREATE UNIQUE INDEX event_keys_by_id ON event_keys (id);
  CREATE INDEX event_keys_by_user ON event_keys (user, at);
`;

export const mappedEventRows = 'SELECT seq, at, kind, ad, user FROM recall_cache.event_keys ORDER BY seq';
