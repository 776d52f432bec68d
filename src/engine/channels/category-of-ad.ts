import type { EngineCore } from '../core.ts';

/** Category path of an ad id; '' where the ad is unknown or has none. */
export const categoryOfAd = ({ deps: { catalog } }: EngineCore, adId: string | null): string => {
  const ordinal = adId === null ? null : catalog.ordinalOf(adId);
  return ordinal === null ? '' : catalog.categoryOf(ordinal);
};
