import type Database from 'better-sqlite3';
import { lazy } from '../../base/lazy.ts';
import type { TextHit } from '../../engine/ports/ports.ts';

/** The ads that contain a phrase, ascending, each with what the phrase adds to its BM25. */
interface Posting {
  readonly ordinals: Uint32Array;
  readonly parts: Float64Array;
}

/** Entries kept over all phrases: 12 bytes each. */
const keptEntries = 2_000_000;

/**
 * BM25 is a sum over the phrases of a query (FTS5 adds them in their order), so each phrase is asked of FTS5 once and a
 * query adds up what is remembered: users search for the same words in ever other company.
 */
export const openPostings = (db: Database.Database, table: string): ((phrase: string) => Posting) => {
  const select = lazy(() =>
    db
      .prepare<[string], [number, number]>(
        `SELECT rowid, -bm25(ads_fts) FROM ${table} WHERE ads_fts MATCH ? ORDER BY rowid`,
      )
      .raw(),
  );
  const kept = new Map<string, Posting>();
  let entries = 0;
  const read = (phrase: string): Posting => {
    const rows = select().all(phrase);
    return {
      ordinals: Uint32Array.from(rows, ([ordinal]) => ordinal),
      parts: Float64Array.from(rows, ([, part]) => part),
    };
  };
  const keep = (phrase: string, posting: Posting): void => {
    kept.set(phrase, posting);
    entries += posting.ordinals.length;
    for (const [oldest, { ordinals }] of kept) {
      if (entries <= keptEntries) break;
      kept.delete(oldest);
      entries -= ordinals.length;
    }
  };
  return (phrase) => {
    const known = kept.get(phrase);
    if (known === undefined) {
      const posting = read(phrase);
      keep(phrase, posting);
      return posting;
    }
    kept.delete(phrase);
    kept.set(phrase, known);
    return known;
  };
};

/** The `limit` best of these hits, best first, ties by ordinal. */
const best = (ordinals: readonly number[], scores: Float64Array, limit: number): TextHit[] => {
  const order = (a: number, b: number): number => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b;
  const few = ordinals.length <= 4 * limit ? [...ordinals] : aboveThreshold(ordinals, scores, limit);
  return few
    .sort(order)
    .slice(0, limit)
    .map((ordinal) => ({ ordinal, bm25: scores[ordinal] ?? 0 }));
};

/** The ordinals with at least the `limit`-th best score: sorting plain numbers calls no comparator. */
const aboveThreshold = (ordinals: readonly number[], scores: Float64Array, limit: number): number[] => {
  const sorted = Float64Array.from(ordinals, (ordinal) => scores[ordinal] ?? 0).sort();
  const least = sorted[sorted.length - limit] ?? 0;
  return ordinals.filter((ordinal) => (scores[ordinal] ?? 0) >= least);
};

/** Ranks ads by the sum over phrases. `scores` is kept between calls, all zeros outside of one. */
export const createRanker = (): ((postings: readonly Posting[], limit: number) => TextHit[]) => {
  let scores = new Float64Array(0);
  return (postings, limit) => {
    const most = postings.reduce((top, { ordinals }) => Math.max(top, (ordinals.at(-1) ?? -1) + 1), 0);
    if (scores.length < most) scores = new Float64Array(most);
    const touched: number[] = [];
    for (const { ordinals, parts } of postings) {
      for (let i = 0; i < ordinals.length; i += 1) {
        const ordinal = ordinals[i] ?? 0;
        if (scores[ordinal] === 0) touched.push(ordinal);
        scores[ordinal] = (scores[ordinal] ?? 0) + (parts[i] ?? 0);
      }
    }
    const hits = best(touched, scores, limit);
    for (const ordinal of touched) scores[ordinal] = 0;
    return hits;
  };
};
