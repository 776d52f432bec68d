import type Database from 'better-sqlite3';
import type { TextIndex } from '../../engine/ports.ts';
import { lazy } from './memo.ts';
import { matchExpressions, segmentWords } from './segment.ts';

/** FTS5 BM25 over titles, categories and brands. FTS5 gives negative scores, best lowest: they are turned round. */
export const openTextIndex = (db: Database.Database): TextIndex => {
  const select = lazy(() => db.prepare<[string, number], { ordinal: number; bm25: number }>(
    'SELECT rowid AS ordinal, -bm25(ads_fts) AS bm25 FROM ads_fts WHERE ads_fts MATCH ? ORDER BY bm25 DESC, rowid LIMIT ?'));
  return {
    segment: segmentWords,
    search: (query, limit) => {
      for (const expression of matchExpressions(query)) {
        const hits = select().all(expression, limit);
        if (hits.length > 0) return hits;
      }
      return [];
    },
  };
};
