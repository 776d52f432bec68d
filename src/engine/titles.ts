import type { AdCatalog } from './ports/ports.ts';

/** Titles by ad id; ids the catalogue does not know are omitted. */
export const titlesOf = (catalog: AdCatalog, adIds: readonly string[]): ReadonlyMap<string, string> => {
  const ordinals = [...new Set(adIds)].flatMap((adId) => {
    const ordinal = catalog.ordinalOf(adId);
    return ordinal === null ? [] : [ordinal];
  });
  return new Map(catalog.ads(ordinals).map((ad) => [ad.adId, ad.title]));
};
