import type Database from 'better-sqlite3';
import { Lru } from '../../engine/lru.ts';
import type { TextHit, TextIndex } from '../../engine/ports.ts';
import { lazy } from './memo.ts';
import type { TableNames } from './schema.ts';
import { matchExpressions, segmentWords } from './segment.ts';

/** FTS5 BM25 over titles, categories and brands. FTS5 gives negative scores, best lowest: they are turned round. */
export const openTextIndex = (db: Database.Database, names: TableNames): TextIndex => {
  const select = lazy(() => db.prepare<[string, number], { ordinal: number; bm25: number }>(
    `SELECT rowid AS ordinal, -bm25(ads_fts) AS bm25 FROM ${names.text} WHERE ads_fts MATCH ? ORDER BY bm25 DESC, rowid LIMIT ?`));
  const searchAnew = (query: string, limit: number): TextHit[] => {
    for (const expression of matchExpressions(query)) {
      const hits = select().all(expression, limit);
      if (hits.length > 0) return hits;
    }
    return [];
  };
  // Users share queries and rules show the same ads again: ranking and cutting words cost ms, looking up does not.
  const answers = new Lru<TextHit[]>(1000);
  const cuts = new Lru<string[]>(20_000);
  return {
    segment: (text) => cuts.getOr(text, () => segmentWords(text)),
    search: (query, limit) => answers.getOr(`${limit} ${query}`, () => searchAnew(query, limit)),
  };
};
