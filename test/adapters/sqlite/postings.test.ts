import Database from 'better-sqlite3';
import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nativeNames } from '../../../src/adapters/sqlite/schema.ts';
import { matchPhrases } from '../../../src/adapters/sqlite/segment.ts';
import { openTextIndex } from '../../../src/adapters/sqlite/text-index.ts';
import { createFactories } from '../../../src/index.ts';
import { temporaryFolder } from '../../support/vectors.ts';

const words = ['智能', '音箱', '智能音箱', '扫地机器人', 'desk', 'lamp', 'red', 'shoe', 'a', 'x1'];

describe('text search by remembered phrases', () => {
  const dir = temporaryFolder('postings');
  const path = join(dir, 'sample.sqlite');
  const writer = createFactories({ XDG_CACHE_HOME: dir }).createSample(path);
  for (let i = 0; i < 700; i += 1) {
    const title = Array.from({ length: 1 + (i % 5) }, (_, w) => words[(i * 7 + w * (1 + (i % 3))) % words.length]).join(
      ' ',
    );
    writer.addAd({
      adId: `ad-${String(i).padStart(4, '0')}`,
      title,
      category: `c${i % 4}`,
      brand: i % 3 === 0 ? 'red' : 'b',
      price: null,
      campaign: null,
      startAt: null,
      endAt: null,
      budgetLeft: null,
      targeting: null,
    });
  }
  writer.finish();
  const db = new Database(path, { readonly: true });
  afterAll(() => {
    db.close();
  });

  it('ranks as FTS5 ranks the whole query, to the last bit of every score', () => {
    const select = db.prepare<[string, number], { ordinal: number; bm25: number }>(
      'SELECT rowid AS ordinal, -bm25(ads_fts) AS bm25 FROM ads_fts WHERE ads_fts MATCH ? ORDER BY bm25 DESC, rowid LIMIT ?',
    );
    const index = openTextIndex(db, nativeNames);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words, 'nowhere'), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 900 }),
        (query, limit) => {
          const text = query.join(' ');
          const expected =
            matchPhrases(text)
              .map((phrases) => select.all(phrases.join(' OR '), limit))
              .find((hits) => hits.length > 0) ?? [];
          expect(index.search(text, limit)).toEqual(expected);
        },
      ),
      { numRuns: 200 },
    );
  });
});
