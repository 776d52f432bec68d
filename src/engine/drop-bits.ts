import { dropBits } from '../domain/eligibility.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { EngineCore } from './core.ts';

/** Every filter that drops each ad for this query, by ordinal (`dropBits`); no filter where its eligibility is off. */
export const dropBitsOf = ({ deps, history, user }: EngineCore, query: RecallQuery): Uint8Array => {
  const { catalog, settings } = deps;
  if (!query.eligibility) return new Uint8Array(catalog.adCount);
  return dropBits({
    rules: settings.eligibility,
    columns: catalog.columns,
    adCount: catalog.adCount,
    asOf: query.asOf,
    attributes: user(query.userId).attributes,
    history: history(query),
    ordinalOf: (adId) => catalog.ordinalOf(adId),
  });
};
