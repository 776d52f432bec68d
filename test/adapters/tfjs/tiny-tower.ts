import type { Ad } from '../../../src/domain/ads.ts';
import type { GroupSpec, InputItem, UserInputs } from '../../../src/domain/groups.ts';
import { seededRandom } from '../../../src/domain/random.ts';
import { adKeys } from '../../../src/domain/tower/features.ts';
import type { TowerModel } from '../../../src/domain/tower/model.ts';
import { initialPool } from '../../../src/domain/tower/pool.ts';
import { sparseRowsBuilder } from '../../../src/domain/tower/sparse-rows.ts';
import { rowsOf, vocabularyOf } from '../../../src/domain/tower/vocabulary.ts';

const group = (name: string, source: GroupSpec['source'], kinds: readonly string[]): GroupSpec => ({
  name,
  source,
  kinds,
  ownKinds: [],
  maxItems: 5,
  windowMs: null,
});
export const tinyGroups = [
  group('browse', 'events', ['view', 'click']),
  group('search', 'events', ['search']),
  group('context', 'context', []),
  group('trend', 'trend', []),
];

export const tinyAds: readonly Ad[] = ['smart lamp', 'smart speaker', 'garden chair', 'red chair'].map(
  (title, ordinal) => ({
    adId: `a${ordinal}`,
    ordinal,
    title,
    category: ordinal < 2 ? 'Tech' : 'Home > Garden',
    brand: ordinal === 0 ? 'Aqara' : '',
    price: 10 * (ordinal + 1),
    campaign: null,
    startAt: null,
    endAt: null,
    budgetLeft: null,
    targeting: null,
  }),
);

/** A model with random weights over four ads; the ad `a3` has no embedding of its own. */
export const tinyTower = (seed = 1, dim = 6, hidden = 5): TowerModel => {
  const random = seededRandom(seed);
  const floats = (n: number, scale = 1): Float32Array =>
    Float32Array.from({ length: n }, () => scale * (random.next() * 2 - 1));
  const vocabulary = vocabularyOf({
    id: ['a0', 'a1', 'a2'],
    word: ['chair', 'garden', 'lamp', 'smart', 'speaker'],
    bigram: ['smart lamp'],
    category: ['Home', 'Home > Garden', 'Tech'],
    brand: ['aqara'],
    price: ['7', '9'],
    context: ['hour=9', 'promo=618'],
  });
  const builder = sparseRowsBuilder();
  for (const ad of tinyAds) builder.add((emit) => rowsOf(vocabulary, adKeys(ad), emit));
  const width = tinyGroups.length * dim;
  const pool = initialPool(tinyGroups);
  return {
    shape: { dim, hidden, groups: tinyGroups },
    vocabulary,
    adIds: tinyAds.map((ad) => ad.adId),
    ads: builder.build(),
    weights: {
      table: floats(vocabulary.size * dim),
      pool: pool.map((x) => x + 0.2 * random.next()),
      dense: {
        a: floats(width * dim),
        w1: floats(width * hidden),
        b1: floats(hidden),
        w2: floats(hidden * dim),
        b: floats(dim),
      },
    },
    temperature: 0.2,
    builtUntil: 1000,
    training: { note: 'random' },
  };
};

const blank: InputItem = {
  eventId: null,
  kind: 'view',
  at: null,
  ageMs: null,
  adId: null,
  ordinal: null,
  query: null,
  peerId: null,
  value: null,
  strength: 1,
  excluded: false,
};
export const viewed = (adId: string, more: Partial<InputItem> = {}): InputItem => ({
  ...blank,
  eventId: `view-${adId}`,
  adId,
  ageMs: 60_000,
  at: 1,
  ...more,
});
export const searched = (query: string): InputItem => ({
  ...blank,
  eventId: `search-${query}`,
  kind: 'search',
  query,
  ageMs: 1000,
  at: 1,
});
export const field = (kind: string, value: string, strength = 1): InputItem => ({ ...blank, kind, value, strength });

export const inputsOf = (...items: ReadonlyArray<readonly InputItem[]>): UserInputs => ({
  userId: 'u',
  asOf: 10,
  groups: tinyGroups.map(({ name }, g) => ({ group: name, items: items[g] ?? [] })),
});
