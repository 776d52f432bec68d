import { seededRandom } from '../random.ts';
import type { CompareRow } from './rows.ts';

export interface CoverageTest {
  /** Distinct ads over all lists of a side ÷ ads of the catalogue. */
  readonly a: number;
  readonly b: number;
  /** Two-sided p-value under labels exchanged at random user by user. */
  readonly p: number;
}

/** Entries by ad: 2·user + side. */
const holders = (rows: readonly CompareRow[]): Map<number, number[]> => {
  const byAd = new Map<number, number[]>();
  rows.forEach(({ a, b }, u) => {
    for (const [side, { ads }] of [a, b].entries()) {
      for (const ad of ads) {
        const known = byAd.get(ad);
        if (known === undefined) byAd.set(ad, [2 * u + side]);
        else known.push(2 * u + side);
      }
    }
  });
  return byAd;
};

/** Ads of side a − ads of side b when the users with `flip` 1 have their labels exchanged. Stops at an ad as soon as both sides hold it. */
const difference = (entries: readonly (readonly number[])[], flip: Uint8Array): number => {
  let sum = 0;
  for (const list of entries) {
    const first = ((list[0] ?? 0) & 1) ^ (flip[(list[0] ?? 0) >> 1] ?? 0);
    let both = false;
    for (let i = 1; i < list.length && !both; i += 1)
      both = (((list[i] ?? 0) & 1) ^ (flip[(list[i] ?? 0) >> 1] ?? 0)) !== first;
    if (!both) sum += first === 0 ? 1 : -1;
  }
  return sum;
};

/**
 * Coverage belongs to a set of lists, not to a user: a bootstrap over users would repeat users and so lose
 * ads, and its interval would miss the value. The test exchanges whole lists within users instead
 * (randomisation test, Fisher 1935); p = (1 + hits) ÷ (1 + draws).
 */
export const coverageTest = (
  rows: readonly CompareRow[],
  catalogueSize: number,
  options: { seed: number; draws?: number },
): CoverageTest => {
  const { seed, draws = 2000 } = options;
  const byAd = holders(rows);
  const entries = [...byAd.values()];
  const size = Math.max(1, catalogueSize);
  const of = (side: number): number =>
    entries.filter((list) => list.some((entry) => (entry & 1) === side)).length / size;
  const observed = Math.abs(difference(entries, new Uint8Array(rows.length)));
  if (observed === 0) return { a: of(0), b: of(1), p: 1 };
  const random = seededRandom(seed);
  const flip = new Uint8Array(rows.length);
  let hits = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    for (let u = 0; u < flip.length; u += 1) flip[u] = random.next() < 0.5 ? 0 : 1;
    if (Math.abs(difference(entries, flip)) >= observed) hits += 1;
  }
  return { a: of(0), b: of(1), p: (1 + hits) / (1 + draws) };
};
