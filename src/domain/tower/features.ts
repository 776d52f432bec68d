import { bigramsOf, wordsOf } from './words.ts';

/**
 * The families of the one embedding table, in the order of their rows. `id` holds ads with enough
 * engagement of their own; a new ad is the sum of its other families.
 */
export const families = ['id', 'word', 'bigram', 'category', 'brand', 'price', 'context'] as const;
export type Family = (typeof families)[number];

/** The features of a user or an ad: keys by family. */
export type FeatureKeys = ReadonlyArray<readonly [Family, readonly string[]]>;

/** The part of an ad that the tower reads. */
export interface DescribedAd {
  readonly adId: string;
  readonly title: string;
  readonly category: string;
  readonly brand: string;
  readonly price: number | null;
}

const unique = (keys: readonly string[]): string[] => [...new Set(keys)];

export const textKeys = (text: string): FeatureKeys => {
  const words = wordsOf(text);
  return [
    ['word', unique(words)],
    ['bigram', unique(bigramsOf(words))],
  ];
};

export const adKeys = (ad: DescribedAd): FeatureKeys => [
  ['id', [ad.adId]],
  ...textKeys(ad.title),
  ...categoryKeys(ad.category),
  ['brand', ad.brand === '' ? [] : [ad.brand.toLowerCase()]],
  ['price', ad.price === null || !(ad.price > 0) ? [] : [priceBucket(ad.price)]],
];

/** Every prefix of the path: `Home`, `Home > Kitchen`, … so that siblings share what their parent knows. */
export const categoryKeys = (category: string): FeatureKeys => {
  const parts = category === '' ? [] : category.split(' > ');
  return [['category', parts.map((_, i) => parts.slice(0, i + 1).join(' > '))]];
};

export const contextKeys = (field: string, value: string): FeatureKeys => [['context', [`${field}=${value}`]]];

/** Half octaves: prices within a factor of √2 share a row. */
const priceBucket = (price: number): string => String(Math.round(2 * Math.log2(price)));
