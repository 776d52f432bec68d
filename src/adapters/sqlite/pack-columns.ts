import type Database from 'better-sqlite3';
import { byCodeUnit } from '../../base/order.ts';
import type { SampleCounts } from '../../engine/ports/artefacts.ts';
import { packIds } from './id-list.ts';
import { packedNames, writePacked } from './packed.ts';
import type { TableNames } from './schema.ts';

type Db = Database.Database;

/** Where the rows are read, and where their packed columns go: one database for a native sample, two for a mapped file. */
export interface PackSource {
  readonly read: Db;
  readonly write: Db;
  readonly names: Pick<TableNames, 'users' | 'ads' | 'events' | 'friends'>;
  /** Every event as (seq, at, kind, ordinal of ad, ordinal of user), in the order of seq. */
  readonly eventRows: string;
}

export const nativeEventRows = `SELECT e.seq AS seq, e.at AS at, e.kind AS kind, a.ordinal AS ad, u.ordinal AS user
  FROM events e LEFT JOIN ads a ON a.id = e.ad_id LEFT JOIN users u ON u.id = e.user_id ORDER BY e.seq`;

const count = ({ read, names }: PackSource, table: keyof PackSource['names']): number =>
  read.prepare<[], number>(`SELECT count(*) FROM ${names[table]}`).pluck().get() ?? 0;

const distinct = (db: Db, sql: string): string[] => db.prepare<[], string>(sql).pluck().all().sort(byCodeUnit);

const positions = (values: readonly string[]): Map<string, number> => new Map(values.map((value, i) => [value, i]));

const packIdColumn = ({ read, write: db, names }: PackSource, table: 'ads' | 'users', rows: number): void => {
  const ids = read.prepare<[], string>(`SELECT id FROM ${names[table]} ORDER BY ordinal`).pluck().iterate();
  const { bytes, ends } = packIds(ids, rows);
  const ads = table === 'ads';
  writePacked(db, ads ? packedNames.adIds : packedNames.userIds, bytes);
  writePacked(db, ads ? packedNames.adIdEnds : packedNames.userIdEnds, ends);
};

interface AdRow {
  ordinal: number;
  category: string;
  start_at: number | null;
  end_at: number | null;
  budget_left: number | null;
  targeting: string | null;
}

const packAds = ({ read, write: db, names }: PackSource, rows: number): void => {
  const categories = distinct(read, `SELECT DISTINCT category FROM ${names.ads}`);
  const targetings = distinct(read, `SELECT DISTINCT targeting FROM ${names.ads} WHERE targeting IS NOT NULL`);
  const categoryId = positions(categories);
  const targetingId = positions(targetings);
  const adCategory = new Int32Array(rows);
  const startAt = new Float64Array(rows);
  const endAt = new Float64Array(rows);
  const budgetLeft = new Float64Array(rows);
  const adTargeting = new Int32Array(rows);
  const select = read.prepare<[], AdRow>(
    `SELECT ordinal, category, start_at, end_at, budget_left, targeting FROM ${names.ads} ORDER BY ordinal`,
  );
  for (const ad of select.iterate()) {
    adCategory[ad.ordinal] = categoryId.get(ad.category) ?? -1;
    startAt[ad.ordinal] = ad.start_at ?? -Infinity;
    endAt[ad.ordinal] = ad.end_at ?? Infinity;
    budgetLeft[ad.ordinal] = ad.budget_left ?? Infinity;
    adTargeting[ad.ordinal] = ad.targeting === null ? -1 : (targetingId.get(ad.targeting) ?? -1);
  }
  writePacked(db, packedNames.categories, categories);
  writePacked(db, packedNames.adCategory, adCategory);
  writePacked(db, packedNames.startAt, startAt);
  writePacked(db, packedNames.endAt, endAt);
  writePacked(db, packedNames.budgetLeft, budgetLeft);
  writePacked(db, packedNames.targetings, targetings);
  writePacked(db, packedNames.adTargeting, adTargeting);
};

interface EventRow {
  seq: number;
  at: number;
  kind: string;
  ad: number | null;
  user: number | null;
}

/** Columns in the order of `seq`, so in time; −1 where an event has no (known) ad. */
const packEvents = ({ read, write: db, eventRows }: PackSource, rows: number, users: number): void => {
  const kinds = distinct(read, `SELECT DISTINCT kind FROM (${eventRows})`);
  const kindId = positions(kinds);
  const eventAt = new Float64Array(rows);
  const eventAd = new Int32Array(rows);
  const eventKind = new Uint16Array(rows);
  const userEvents = new Uint32Array(users);
  const userLastAt = new Float64Array(users).fill(-Infinity);
  const select = read.prepare<[], EventRow>(eventRows);
  for (const event of select.iterate()) {
    eventAt[event.seq] = event.at;
    eventAd[event.seq] = event.ad ?? -1;
    eventKind[event.seq] = kindId.get(event.kind) ?? 0;
    if (event.user === null) continue;
    userEvents[event.user] = (userEvents[event.user] ?? 0) + 1;
    userLastAt[event.user] = event.at;
  }
  writePacked(db, packedNames.kinds, kinds);
  writePacked(db, packedNames.eventAt, eventAt);
  writePacked(db, packedNames.eventAd, eventAd);
  writePacked(db, packedNames.eventKind, eventKind);
  writePacked(db, packedNames.userEvents, userEvents);
  writePacked(db, packedNames.userLastAt, userLastAt);
};

/** Packs what is read as a whole (ids, categories, eligibility, event times) next to the tables; the caller is in a transaction. */
export const packColumns = (source: PackSource): SampleCounts => {
  const counts = {
    users: count(source, 'users'),
    ads: count(source, 'ads'),
    events: count(source, 'events'),
    friends: count(source, 'friends'),
  };
  packIdColumn(source, 'ads', counts.ads);
  packIdColumn(source, 'users', counts.users);
  packAds(source, counts.ads);
  packEvents(source, counts.events, counts.users);
  return counts;
};
