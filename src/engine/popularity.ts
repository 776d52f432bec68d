import type { RecallQuery } from '../domain/query.ts';
import type { EngineDeps } from './deps.ts';
import { hypotheticalEvents } from '../domain/inputs.ts';
import { Lru } from '../base/lru.ts';

export interface Popularity {
  /** Behaviours of `popularKinds` within the window before as-of, by ordinal; hypothetical ones count. */
  counts(query: RecallQuery): Uint32Array;
  /** Ads with a count above 0, most popular first, ties by id. */
  popular(query: RecallQuery): Uint32Array;
  /** All ads of a category in the same order. */
  inCategory(query: RecallQuery, category: string): Uint32Array;
}

const keyOf = ({ asOf, rules, userId, extraEvents }: RecallQuery): string =>
  JSON.stringify([
    asOf,
    rules.popularWindowMs,
    rules.popularKinds,
    ...(extraEvents.length === 0 ? [] : [userId, extraEvents]),
  ]);

export const createPopularity = (deps: EngineDeps): Popularity => {
  const { store, catalog, settings } = deps;
  const countsBy = new Lru<Uint32Array>(12);
  const ordersBy = new Lru<Uint32Array>(64);

  const windowStart = ({ asOf, rules }: RecallQuery): number =>
    rules.popularWindowMs === null || settings.syntheticTimes ? Number.MIN_SAFE_INTEGER : asOf - rules.popularWindowMs;

  const compute = (query: RecallQuery): Uint32Array => {
    const {
      asOf,
      rules: { popularKinds },
    } = query;
    const from = windowStart(query);
    const counts = store.adCounts({ from, before: asOf, kinds: popularKinds });
    const extra = hypotheticalEvents(query).filter((event) => event.at >= from && popularKinds.includes(event.kind));
    if (extra.length === 0) return counts;
    const overlaid = counts.slice();
    for (const { adId } of extra) {
      const ordinal = adId === null ? null : catalog.ordinalOf(adId);
      if (ordinal !== null) overlaid[ordinal] = (overlaid[ordinal] ?? 0) + 1;
    }
    return overlaid;
  };
  const counts = (query: RecallQuery): Uint32Array => countsBy.getOr(keyOf(query), () => compute(query));

  return {
    counts,
    popular: (query) =>
      ordersBy.getOr(`popular ${keyOf(query)}`, () => {
        const byAd = counts(query);
        return byCount(byAd, nonZero(byAd));
      }),
    inCategory: (query, category) =>
      ordersBy.getOr(`category ${JSON.stringify(category)} ${keyOf(query)}`, () =>
        byCount(counts(query), catalog.inCategory(category)),
      ),
  };
};

const nonZero = (counts: Uint32Array): Uint32Array => {
  const found = new Uint32Array(counts.length);
  let n = 0;
  for (let ordinal = 0; ordinal < counts.length; ordinal += 1) if (counts[ordinal] !== 0) found[n++] = ordinal;
  return found.subarray(0, n);
};

/** Sorts one float64 per ad, count above ordinal: exact below 2^53, and no comparator is called. */
const byCount = (counts: Uint32Array, ordinals: ArrayLike<number>): Uint32Array => {
  const n = counts.length + 1;
  const keys = new Float64Array(ordinals.length);
  for (let i = 0; i < keys.length; i += 1) {
    const ordinal = ordinals[i] ?? 0;
    keys[i] = (counts[ordinal] ?? 0) * n + (n - 1 - ordinal);
  }
  keys.sort();
  return Uint32Array.from(keys.reverse(), (key) => n - 1 - (key % n));
};
