import type Database from 'better-sqlite3';
import { segmentWords } from './segment.ts';

type Db = Database.Database;

const textBatch = 5_000;

interface AdText {
  ordinal: number;
  title: string;
  category: string;
  brand: string;
}

export interface FillText {
  readonly read: Db;
  readonly write: Db;
  /** The table or view of ads in `read`. */
  readonly ads: string;
  readonly total: number;
}

/** Fills `ads_fts` of `write` with the segmented words of each ad; yields the ads done after each batch. */
export function* fillText({ read, write, ads, total }: FillText): Generator<number, void> {
  const select = read.prepare<[number, number], AdText>(
    `SELECT ordinal, title, category, brand FROM ${ads} WHERE ordinal >= ? ORDER BY ordinal LIMIT ?`,
  );
  const insert = write.prepare('INSERT INTO ads_fts (rowid, title, category, brand) VALUES (?, ?, ?, ?)');
  const words = (text: string): string => segmentWords(text).join(' ');
  for (let from = 0; from < total; from += textBatch) {
    for (const ad of select.all(from, textBatch))
      insert.run(ad.ordinal, words(ad.title), words(ad.category), words(ad.brand));
    yield Math.min(total, from + textBatch);
  }
  write.exec("INSERT INTO ads_fts (ads_fts) VALUES ('optimize')");
}
