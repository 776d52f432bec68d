import { byCodeUnit } from '../base/order.ts';
import type { Ad } from '../domain/ads.ts';
import type { UserInputs } from '../domain/groups.ts';
import { adKeys, families, textKeys } from '../domain/tower/features.ts';
import type { Family, FeatureKeys } from '../domain/tower/features.ts';
import { keysOf } from '../domain/tower/lookup.ts';
import { thingsOf } from '../domain/tower/pool.ts';
import { vocabularyOf } from '../domain/tower/vocabulary.ts';
import type { Vocabulary } from '../domain/tower/vocabulary.ts';

/** How often a key must be met, and how many are kept at most, best first. */
const limits: Readonly<Record<Family, { readonly atLeast: number; readonly atMost: number }>> = {
  id: { atLeast: 1, atMost: 2_000_000 },
  word: { atLeast: 2, atMost: 40_000 },
  bigram: { atLeast: 3, atMost: 40_000 },
  category: { atLeast: 1, atMost: 20_000 },
  brand: { atLeast: 2, atMost: 20_000 },
  price: { atLeast: 1, atMost: 200 },
  context: { atLeast: 1, atMost: 2_000 },
};

export interface VocabularyCounter {
  ad(ad: Ad): void;
  inputs(inputs: UserInputs): void;
  engaged(adId: string): void;
  build(): Vocabulary;
}

/**
 * Counts keys over the catalogue and the training inputs. An ad gets a row of its own only when it was
 * engaged with: an ad that training never saw as a positive would learn from being a negative alone.
 */
export const vocabularyCounter = (): VocabularyCounter => {
  const counts = new Map<Family, Map<string, number>>(families.map((f) => [f, new Map()]));
  const add = (features: FeatureKeys): void => {
    for (const [family, keys] of features) {
      const map = counts.get(family);
      for (const key of keys) map?.set(key, (map.get(key) ?? 0) + 1);
    }
  };
  const queries = new Set<string>();
  let ads = 0;
  /**
   * A word of most titles does not distinguish ads; kept, it would draw all ads of which little else is known to one
   * point.
   */
  const tells = (family: Family, n: number): boolean =>
    !(family === 'word' || family === 'bigram') || ads < 20 || n <= ads / 2;
  return {
    ad: (ad) => {
      ads += 1;
      add(adKeys(ad).filter(([family]) => family !== 'id'));
    },
    engaged: (adId) => add([['id', [adId]]]),
    inputs: (inputs) => {
      for (const { items } of inputs.groups) {
        for (const thing of items.flatMap(thingsOf)) {
          if (thing.type === 'context') add(keysOf(thing));
          if (thing.type === 'query' && !queries.has(thing.text)) {
            queries.add(thing.text);
            add(textKeys(thing.text));
          }
        }
      }
    },
    build: () => {
      const kept = (family: Family): string[] =>
        keep(
          [...(counts.get(family) ?? [])].filter(([, n]) => tells(family, n)),
          limits[family],
        );
      return vocabularyOf({
        id: kept('id'),
        word: kept('word'),
        bigram: kept('bigram'),
        category: kept('category'),
        brand: kept('brand'),
        price: kept('price'),
        context: kept('context'),
      });
    },
  };
};

const keep = (
  counts: ReadonlyArray<readonly [string, number]>,
  { atLeast, atMost }: { atLeast: number; atMost: number },
): string[] => {
  const enough = counts.filter(([, n]) => n >= atLeast);
  if (enough.length > atMost) enough.sort((a, b) => b[1] - a[1] || byCodeUnit(a[0], b[0])).splice(atMost);
  return enough.map(([key]) => key).sort(byCodeUnit);
};
