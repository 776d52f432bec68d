import type { GroupSpec } from '../domain/groups.ts';
import type { RecallQuery } from '../domain/query.ts';
import { risingCategories, trendBefore } from '../domain/trend.ts';
import type { RisingCategory } from '../domain/trend.ts';
import type { EngineDeps } from './deps.ts';
import { hypotheticalEvents } from '../domain/inputs.ts';
import { Lru } from '../base/lru.ts';
import type { AdCatalog, CategoryCount } from './ports/ports.ts';

/** Rising categories for one trend group of a query, best first; hypothetical events count. */
export type Trends = (query: RecallQuery, group: GroupSpec) => readonly RisingCategory[];

export const createTrends = ({ store, catalog }: EngineDeps): Trends => {
  const counts = new Lru<readonly CategoryCount[]>(32);
  return (query, { windowMs, maxItems }) => {
    if (windowMs === null) return [];
    const before = trendBefore(query.asOf);
    const recorded = counts.getOr(`${before} ${windowMs}`, () => store.categoryCounts({ before, windowMs }));
    return risingCategories(withExtra(catalog, recorded, query, before, windowMs), maxItems);
  };
};

const withExtra = (
  catalog: AdCatalog,
  recorded: readonly CategoryCount[],
  query: RecallQuery,
  before: number,
  windowMs: number,
): readonly CategoryCount[] => {
  if (query.extraEvents.length === 0) return recorded;
  const counts = new Map(recorded.map((count) => [count.category, count]));
  for (const { at, adId } of hypotheticalEvents(query)) {
    const ordinal = adId === null ? null : catalog.ordinalOf(adId);
    if (ordinal === null || at >= before || at < before - 2 * windowMs) continue;
    const category = catalog.categoryOf(ordinal);
    const { recent, previous } = counts.get(category) ?? { recent: 0, previous: 0 };
    const isRecent = at >= before - windowMs;
    counts.set(category, { category, recent: recent + (isRecent ? 1 : 0), previous: previous + (isRecent ? 0 : 1) });
  }
  return [...counts.values()];
};
