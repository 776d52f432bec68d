import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchPhrases, segmentWords } from '../../../src/adapters/sqlite/segment.ts';
import type { NewAd, OpenedSample } from '../../../src/engine/ports/artefacts.ts';
import { sampleKinds } from './mapped-world.ts';
import { anAd, withDir } from './world.ts';

const withAdsOf =
  (open: (typeof sampleKinds)[number][1]) =>
  (ads: readonly NewAd[], run: (sample: OpenedSample) => void): Promise<void> =>
    withDir(async (dir) => {
      const sample = await open(dir, { users: [], ads, events: [], friends: [] });
      try {
        run(sample);
      } finally {
        sample.close();
      }
    });

describe.each(sampleKinds)('the ad catalog of %s', (_kind, open) => {
  const withAds = withAdsOf(open);
  it('gives back every field of an ad, and open ends as infinities to eligibility', () => {
    const full = anAd('a', {
      title: '智能音箱',
      category: 'x > y',
      brand: 'b',
      price: 9.5,
      campaign: '618',
      startAt: 5,
      endAt: 9,
      budgetLeft: 0,
      targeting: { city: ['tier-1', 'tier-2'] },
    });
    return withAds([full, anAd('b')], ({ catalog }) => {
      expect(catalog.ads([1, 0])).toEqual([
        { ...anAd('b'), ordinal: 1 },
        { ...full, ordinal: 0 },
      ]);
      const { startAt, endAt, budgetLeft, targetingId, targetings } = catalog.columns;
      expect([[...startAt], [...endAt], [...budgetLeft]]).toEqual([
        [5, -Infinity],
        [9, Infinity],
        [0, Infinity],
      ]);
      expect([...targetingId].map((id) => (id < 0 ? null : targetings[id]))).toEqual([
        { city: ['tier-1', 'tier-2'] },
        null,
      ]);
    });
  });

  it('groups ads by exact category path, ascending', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('', 'a', 'a > b', 'ab'), { maxLength: 12 }), (categories) =>
        withAds(
          categories.map((category, i) => anAd(`id${i}`, { category })),
          ({ catalog }) => {
            const all = catalog.listAds({ limit: 100 });
            for (const category of ['', 'a', 'a > b', 'ab', 'absent']) {
              expect([...catalog.inCategory(category)]).toEqual(
                all.filter((ad) => ad.category === category).map((ad) => ad.ordinal),
              );
            }
            for (const ad of all) expect(catalog.categoryOf(ad.ordinal)).toBe(ad.category);
          },
        ),
      ),
      { numRuns: 20 },
    ));

  it('finds ads by a part of id or title, taking % and _ as they are', () =>
    withAds([anAd('a1', { title: '100% Wool' }), anAd('a2', { title: '100 wool' }), anAd('x_y')], ({ catalog }) => {
      expect(catalog.listAds({ match: '0% w', limit: 9 }).map((ad) => ad.adId)).toEqual(['a1']);
      expect(catalog.listAds({ match: '_', limit: 9 }).map((ad) => ad.adId)).toEqual(['x_y']);
    }));

  it('suggests the nearest ad ids', () =>
    withAds(
      ['4294967301', '4294967399', 'B00X', '广告1'].map((id) => anAd(id)),
      ({ catalog }) => {
        expect(catalog.suggestAds('429496730', 1)).toEqual(['4294967301']);
        expect(catalog.suggestAds('广告2', 1)).toEqual(['广告1']);
        expect(catalog.suggestAds('B0OX', 1)).toEqual(['B00X']);
        expect(catalog.suggestAds('', 2)).toHaveLength(2);
      },
    ));
});

describe.each(sampleKinds)('the text index of %s', (_kind, open) => {
  const withAds = withAdsOf(open);
  it('segments Chinese into words and leaves Latin words whole', () => {
    expect(segmentWords('小米智能音箱 PlayStation-4')).toEqual(['小米', '智能', '音', '箱', 'playstation', '4']);
    expect(segmentWords('Crème BRÛLÉE ｉＰｈｏｎｅ１５手机壳')).toEqual(['crème', 'brûlée', 'iphone15', '手机', '壳']);
    expect(segmentWords('!?… ')).toEqual([]);
  });

  it('takes the tokens of one word as a phrase: adjacent ones match, scattered ones do not', () =>
    withAds(
      [
        anAd('a', { title: '小米智能音箱' }),
        anAd('b', { title: '智能手表 音乐 箱包' }),
        anAd('c', { title: '音箱支架' }),
      ],
      ({ text, catalog }) => {
        expect(text.search('智能音箱', 9).map((hit) => catalog.idOf(hit.ordinal))).toEqual(['a']);
        expect(
          text
            .search('音箱', 9)
            .map((hit) => catalog.idOf(hit.ordinal))
            .sort(),
        ).toEqual(['a', 'c']);
      },
    ));

  it('falls back to pairs of adjacent tokens when a sentence without spaces matches nothing as one phrase', () =>
    withAds([anAd('a', { title: '智能音箱' }), anAd('b', { title: '羊毛衫' })], ({ text }) => {
      expect(text.search('便宜的智能音箱推荐', 9).map((hit) => hit.ordinal)).toEqual([0]);
    }));

  it('finds ads with any of the words, best first, ties by ordinal, with positive scores', () =>
    withAds(
      [
        anAd('a', { title: 'red shoe' }),
        anAd('b', { title: 'blue shoe' }),
        anAd('c', { title: 'red car' }),
        anAd('d', { title: 'green car' }),
        anAd('e', { title: 'hat' }),
        anAd('f', { title: 'hat' }),
      ],
      ({ text, catalog }) => {
        const hits = text.search('red shoe', 9);
        expect(hits.map((hit) => catalog.idOf(hit.ordinal))).toEqual(['a', 'b', 'c']);
        expect(hits.every((hit, i) => hit.bm25 > 0 && hit.bm25 <= (hits[i - 1]?.bm25 ?? Infinity))).toBe(true);
        expect(text.search('hat', 9).map((hit) => hit.ordinal)).toEqual([4, 5]);
      },
    ));

  it('takes any text as a query without an error, and finds an ad by its own title', () =>
    withAds([anAd('a', { title: 'plain "quoted" AND (NEAR) 智能音箱*' })], ({ text }) => {
      fc.assert(
        fc.property(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.constantFrom('"', 'AND', 'a OR', 'NEAR(', '*', 'title:x', '-x', "'; DROP TABLE ads"),
          ),
          (query) => {
            expect(Array.isArray(text.search(query, 3))).toBe(true);
          },
        ),
      );
      expect(text.search('plain "quoted" AND (NEAR) 智能音箱*', 3)).toHaveLength(1);
      expect(matchPhrases('  ')).toEqual([]);
    }));
});
