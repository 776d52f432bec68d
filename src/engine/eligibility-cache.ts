import type { EligibilityMask } from '../domain/ads.ts';
import { dropCodes, maskOf, matchesTargeting } from '../domain/eligibility.ts';
import type { User } from '../domain/events.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { EngineDeps } from './deps.ts';
import { historyKey } from './history.ts';
import type { History } from './history.ts';
import { Lru } from '../base/lru.ts';

export interface Eligibility {
  readonly codes: Uint8Array;
  readonly mask: EligibilityMask;
}

/**
 * Eligibility by query: computed once per as-of and set of matching targetings (users whom the same
 * targetings accept share one mask), and per history where a filter reads the user's own events.
 */
export const createEligibility = (
  deps: EngineDeps,
  history: History,
  userOf: (userId: string) => User,
): ((query: RecallQuery) => Eligibility | null) => {
  const {
    catalog,
    settings: { eligibility: rules },
  } = deps;
  const audiences = new Lru<string>(4096);
  const cache = new Lru<Eligibility>(12);
  const personal = rules.alreadyBought !== null || rules.frequencyCap !== null;

  const audienceOf = (user: User): string =>
    audiences.getOr(user.userId, () =>
      catalog.columns.targetings
        .map((targeting) => (matchesTargeting(targeting, user.attributes) ? '1' : '0'))
        .join(''),
    );

  const compute = (query: RecallQuery, user: User): Eligibility => {
    const codes = dropCodes({
      rules,
      columns: catalog.columns,
      adCount: catalog.adCount,
      asOf: query.asOf,
      attributes: user.attributes,
      history: personal ? history.all(query) : [],
      ordinalOf: (adId) => catalog.ordinalOf(adId),
    });
    return { codes, mask: maskOf(codes) };
  };

  return (query) => {
    if (!query.eligibility) return null;
    const user = userOf(query.userId);
    const key = `${audienceOf(user)} ${personal ? historyKey(query) : query.asOf}`;
    return cache.getOr(key, () => compute(query, user));
  };
};
