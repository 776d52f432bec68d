/** How often a category was met in a window, and in the equally long window before it. */
export interface WindowCounts {
  readonly category: string;
  readonly recent: number;
  readonly previous: number;
}

export interface RisingCategory {
  readonly category: string;
  /** log2 of the smoothed ratio of its share now to its share before; above 0. */
  readonly lift: number;
}

const hour = 3_600_000;
const smoothing = 5;
const minimumRecent = 5;
const minimumLift = 0.25;

/**
 * Where the trend window ends: as-of floored to the hour, so that answers cache. Never after as-of,
 * hence nothing at or after as-of can be counted.
 */
export const trendBefore = (asOf: number): number => Math.floor(asOf / hour) * hour;

/**
 * The categories rising most, best first, ties by name in code-unit order.
 * lift = log2( ((recent + s) ÷ (Σrecent + s·n)) ÷ ((previous + s) ÷ (Σprevious + s·n)) ), s = 5, n categories:
 * a change of share, so that a busy day does not lift everything. Nothing rises without a past to
 * compare with, nor on fewer than 5 events.
 */
export const risingCategories = (counts: readonly WindowCounts[], limit: number): RisingCategory[] => {
  const sum = (pick: (c: WindowCounts) => number): number => counts.reduce((total, c) => total + pick(c), 0);
  const recentAll = sum((c) => c.recent);
  const previousAll = sum((c) => c.previous);
  if (recentAll === 0 || previousAll === 0) return [];
  const base = smoothing * counts.length;
  return counts
    .filter((c) => c.recent >= minimumRecent && c.category !== '')
    .map((c) => ({
      category: c.category,
      lift: Math.log2((c.recent + smoothing) / (recentAll + base) / ((c.previous + smoothing) / (previousAll + base))),
    }))
    .filter((c) => c.lift >= minimumLift)
    .sort((a, b) => b.lift - a.lift || (a.category < b.category ? -1 : 1))
    .slice(0, limit);
};
