import type { RecallQuery } from './query.ts';
import { sourcesOf } from './sources.ts';
import { breadthOf, settingsOf, withSettings, type TuneAgainst, type TuneSettings } from './tune.ts';

/** From `from` to `most`, each step `factor` times the one before; `most` is the last. */
const ladder = (from: number, most: number, factor: number): number[] => {
  const steps: number[] = [];
  for (let step = from; step < most; step = Math.max(step + 1, Math.round(step * factor))) steps.push(step);
  return [...steps, Math.max(from, most)];
};

/** Quotas to try: as they are, doubled, and without one channel at a time. Above k a quota changes nothing. */
const quotasOf = (query: RecallQuery, k: number): ReadonlyArray<TuneSettings['quota']> => {
  const { quota } = settingsOf(query);
  const sources = sourcesOf(query);
  if (quota === null || sources.length < 2) return [quota];
  const doubled = Object.fromEntries(sources.map(({ channel, quota: own }) => [channel, Math.min(k, 2 * own)]));
  const without = sources.map(({ channel }) => ({ ...quota, [channel]: 0 }));
  return [quota, { ...quota, ...doubled }, ...without];
};

export interface GridLimits {
  readonly ads: number;
  /** ef = this: all that a search can reach. */
  readonly indexed: number;
  /** These breadths alone, raised to what is read from the index, instead of a ladder and the query's own. */
  readonly efs?: readonly number[];
  readonly ks?: readonly number[];
}

/**
 * The settings to try, by breadth of the search. Against the exact list ef alone changes what is found: k and quotas say
 * what is asked for. An ef below what is read from the index acts as that.
 */
export const tuneGrid = (query: RecallQuery, against: TuneAgainst, limits: GridLimits): TuneSettings[] => {
  const ks =
    against === 'exact'
      ? [query.k]
      : [...new Set((limits.ks ?? [0.25, 0.5, 1, 2, 4].map((part) => part * query.k)).map((k) => wholeK(k, limits)))];
  const factor = against === 'exact' ? 1.25 : 2;
  const least = Math.min(...ks);
  const breadths = [...ladder(least, limits.indexed, factor), query.ef];
  const seen = new Set<string>();
  return ks
    .flatMap((k) =>
      (against === 'exact' ? [settingsOf(query).quota] : quotasOf(query, k)).map((quota) => ({ k, quota })),
    )
    .flatMap(({ k, quota }) => {
      const depth = breadthOf(withSettings(query, { k, ef: 1, quota }));
      const raised = (limits.efs ?? [depth, ...breadths]).map((ef) => Math.max(ef, depth));
      return [...new Set(depth === 0 ? [query.ef] : raised)].map((ef) => ({ k, ef, quota }));
    })
    .filter((settings) => {
      const key = JSON.stringify(settings);
      return !seen.has(key) && seen.add(key).size > 0;
    })
    .sort((a, b) => breadthOf(withSettings(query, a)) - breadthOf(withSettings(query, b)));
};

const wholeK = (k: number, { ads }: GridLimits): number => Math.max(1, Math.min(ads, Math.round(k)));

/** The grid in parts of so many different breadths: a later part costs more than an earlier one. */
export const tuneRounds = (query: RecallQuery, grid: readonly TuneSettings[], breadths: number): TuneSettings[][] => {
  const byBreadth = new Map<number, TuneSettings[]>();
  for (const settings of grid) {
    const breadth = breadthOf(withSettings(query, settings));
    byBreadth.set(breadth, [...(byBreadth.get(breadth) ?? []), settings]);
  }
  const levels = [...byBreadth.values()];
  return Array.from({ length: Math.ceil(levels.length / breadths) }, (_, i) =>
    levels.slice(i * breadths, (i + 1) * breadths).flat(),
  );
};
