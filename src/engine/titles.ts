import type { AdCatalog } from './ports/ports.ts';

/** Titles by ad id; ids the catalogue does not know are omitted. */
export const titlesOf = (catalog: AdCatalog, adIds: readonly string[]): ReadonlyMap<string, string> => {
  const ordinals = [...new Set(adIds)].flatMap((adId) => {
    const ordinal = catalog.ordinalOf(adId);
    return ordinal === null ? [] : [ordinal];
  });
  return new Map(catalog.ads(ordinals).map((ad) => [ad.adId, ad.title]));
};

/** An ad's category path; null without an ad, or for one that the catalogue does not know. */
export const categoryPathOf = (catalog: AdCatalog, adId: string | null): string | null => {
  const ordinal = adId === null ? null : catalog.ordinalOf(adId);
  return ordinal === null ? null : catalog.categoryOf(ordinal);
};
