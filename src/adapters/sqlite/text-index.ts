import type Database from 'better-sqlite3';
import { Lru } from '../../base/lru.ts';
import type { TextHit, TextIndex } from '../../engine/ports/ports.ts';
import { createRanker, openPostings } from './postings.ts';
import type { TableNames } from './schema.ts';
import { matchPhrases, segmentWords } from './segment.ts';

/** Hits as numbers: an answer of a thousand takes 12 KB instead of 50. */
interface PackedHits {
  readonly ordinals: Int32Array;
  readonly bm25: Float64Array;
}

const packed = (hits: readonly TextHit[]): PackedHits => ({
  ordinals: Int32Array.from(hits, ({ ordinal }) => ordinal),
  bm25: Float64Array.from(hits, ({ bm25 }) => bm25),
});

const unpacked = ({ ordinals, bm25 }: PackedHits): TextHit[] =>
  Array.from(ordinals, (ordinal, i) => ({ ordinal, bm25: bm25[i] ?? 0 }));

/** FTS5 BM25 over titles, categories and brands. FTS5 gives negative scores, best lowest: they are turned round. */
export const openTextIndex = (db: Database.Database, names: TableNames): TextIndex => {
  const postings = openPostings(db, names.text);
  const rank = createRanker();
  const searchAnew = (query: string, limit: number): TextHit[] => {
    for (const phrases of matchPhrases(query)) {
      const hits = rank(phrases.map(postings), limit);
      if (hits.length > 0) return hits;
    }
    return [];
  };
  // Users share queries and rules show the same ads again: ranking and cutting words cost ms, looking up does not.
  const answers = new Lru<PackedHits>(400);
  const cuts = new Lru<string[]>(20_000);
  return {
    segment: (text) => cuts.getOr(text, () => segmentWords(text)),
    search: (query, limit) => unpacked(answers.getOr(`${limit} ${query}`, () => packed(searchAnew(query, limit)))),
  };
};
