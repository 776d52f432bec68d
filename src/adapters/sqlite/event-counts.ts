import type { CategoryCount } from '../../engine/ports/ports.ts';

/** Events as columns in the order of time; `ad` is −1 where an event has none. */
export interface EventColumns {
  readonly at: Float64Array;
  readonly ad: Int32Array;
  readonly kind: Uint16Array;
  readonly kinds: readonly string[];
}

/** First position with at ≥ instant. */
export const firstAt = (at: Float64Array, instant: number): number => {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at[middle] ?? 0) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Events by ad ordinal within [from, before) of these kinds. */
export const countByAd = (
  events: EventColumns,
  ads: number,
  options: { from: number; before: number; kinds: readonly string[] },
): Uint32Array => {
  const wanted = Uint8Array.from(events.kinds, (kind) => (options.kinds.includes(kind) ? 1 : 0));
  const counts = new Uint32Array(ads);
  const end = firstAt(events.at, options.before);
  for (let i = firstAt(events.at, options.from); i < end; i++) {
    const ad = events.ad[i] ?? -1;
    if (ad >= 0 && wanted[events.kind[i] ?? 0] === 1) counts[ad] = (counts[ad] ?? 0) + 1;
  }
  return counts;
};

const countRange = (
  events: EventColumns,
  categoryOf: Int32Array,
  categories: number,
  from: number,
  before: number,
): Uint32Array => {
  const counts = new Uint32Array(categories);
  const end = firstAt(events.at, before);
  for (let i = firstAt(events.at, from); i < end; i++) {
    const category = categoryOf[events.ad[i] ?? -1];
    if (category !== undefined && category >= 0) counts[category] = (counts[category] ?? 0) + 1;
  }
  return counts;
};

/**
 * Events with an ad by category in the window before an instant and in the equal window before that; categories
 * without any are omitted.
 */
export const countByCategory = (
  events: EventColumns,
  categoryOf: Int32Array,
  categories: readonly string[],
  options: { before: number; windowMs: number },
): CategoryCount[] => {
  const middle = options.before - options.windowMs;
  const recent = countRange(events, categoryOf, categories.length, middle, options.before);
  const previous = countRange(events, categoryOf, categories.length, middle - options.windowMs, middle);
  return categories
    .map((category, i) => ({ category, recent: recent[i] ?? 0, previous: previous[i] ?? 0 }))
    .filter((count) => count.recent + count.previous > 0);
};
