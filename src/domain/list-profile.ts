import { byCodeUnit } from '../base/order.ts';
import { quantileOf } from './quantile.ts';

/** The composition of a list. */
export interface ListProfile {
  readonly ads: number;
  /** By category path, most ads first, ties by name; empty where unknown. */
  readonly categories: ReadonlyArray<{ readonly category: string; readonly ads: number; readonly share: number }>;
  /**
   * Over the ads with a price, in the sample's currency; null where none has one. Quartiles by linear interpolation
   * (type 7).
   */
  readonly price: {
    readonly known: number;
    readonly min: number;
    readonly q1: number;
    readonly median: number;
    readonly q3: number;
    readonly max: number;
    readonly mean: number;
  } | null;
}

/** Category and price profile of a list. */
export const profileOf = (
  rows: ReadonlyArray<{ readonly category: string; readonly price: number | null }>,
): ListProfile => {
  const counts = new Map<string, number>();
  for (const { category } of rows) counts.set(category, (counts.get(category) ?? 0) + 1);
  const prices = rows.flatMap(({ price }) => (price === null ? [] : [price])).sort((a, b) => a - b);
  return {
    ads: rows.length,
    categories: [...counts]
      .map(([category, ads]) => ({ category, ads, share: ads / rows.length }))
      .sort((a, b) => b.ads - a.ads || byCodeUnit(a.category, b.category)),
    price:
      prices.length === 0
        ? null
        : {
            known: prices.length,
            min: prices[0] ?? 0,
            q1: quantileOf(prices, 0.25),
            median: quantileOf(prices, 0.5),
            q3: quantileOf(prices, 0.75),
            max: prices.at(-1) ?? 0,
            mean: prices.reduce((sum, x) => sum + x, 0) / prices.length,
          },
  };
};
