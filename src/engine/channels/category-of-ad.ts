import type { EngineCore } from '../core.ts';
import { categoryPathOf } from '../titles.ts';

/** Category path of an ad id; '' where the ad is unknown or has none. */
export const categoryOfAd = ({ deps: { catalog } }: EngineCore, adId: string | null): string =>
  categoryPathOf(catalog, adId) ?? '';
