import type { BehaviourEvent } from '../domain/events.ts';
import type { GroupName, GroupSpec } from '../domain/groups.ts';
import type { InputSettings } from '../domain/inputs.ts';
import { risingCategories, trendBefore } from '../domain/trend.ts';
import type { RisingCategory } from '../domain/trend.ts';

export interface AdCategories {
  ordinalOf(adId: string): number | null;
  categoryOf(ordinal: number): string;
}

type Rising = ReadonlyMap<GroupName, readonly RisingCategory[]>;

/** Rising categories at any as-of, counted from the events in memory: the same figures as the store's `categoryCounts`. */
export const trendMemory = (
  groups: readonly GroupSpec[],
  settings: InputSettings,
  events: Iterable<readonly BehaviourEvent[]>,
  ads: AdCategories,
): ((asOf: number) => Rising) => {
  const nothing: Rising = new Map();
  if (groups.length === 0 || settings.syntheticTimes) return () => nothing;
  const count = timeline(events, ads);
  const cache = new Map<number, Rising>();
  return (asOf) => {
    const before = trendBefore(asOf);
    const known = cache.get(before);
    if (known !== undefined) return known;
    const fresh = new Map(
      groups.map((g) => [g.name, g.windowMs === null ? [] : risingCategories(count(before, g.windowMs), g.maxItems)]),
    );
    cache.set(before, fresh);
    return fresh;
  };
};

const timeline = (events: Iterable<readonly BehaviourEvent[]>, ads: AdCategories) => {
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (category: string): number => {
    const known = numbers.get(category);
    if (known !== undefined) return known;
    numbers.set(category, names.length);
    return names.push(category) - 1;
  };
  const met: Array<readonly [at: number, category: number]> = [];
  for (const list of events) {
    for (const { at, adId } of list) {
      const ordinal = adId === null ? null : ads.ordinalOf(adId);
      if (ordinal !== null) met.push([at, numberOf(ads.categoryOf(ordinal))]);
    }
  }
  met.sort((a, b) => a[0] - b[0]);
  const times = Float64Array.from(met, ([at]) => at);
  const categories = Uint32Array.from(met, ([, category]) => category);
  const countBetween = (from: number, before: number): Uint32Array => {
    const counts = new Uint32Array(names.length);
    for (let i = lowerBound(times, from); i < times.length && times[i]! < before; i += 1) counts[categories[i]!]! += 1;
    return counts;
  };
  return (before: number, windowMs: number) => {
    const recent = countBetween(before - windowMs, before);
    const previous = countBetween(before - 2 * windowMs, before - windowMs);
    return names.flatMap((category, i) =>
      recent[i]! + previous[i]! === 0 ? [] : [{ category, recent: recent[i]!, previous: previous[i]! }],
    );
  };
};

/** First index whose value is not below `value`. */
const lowerBound = (sorted: Float64Array, value: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
