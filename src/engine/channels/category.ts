import type { RecallQuery } from '../../domain/query.ts';
import type { ChannelRun, Emitted, EngineCore } from '../core.ts';
import { behaviourKinds } from '../history.ts';
import type { Popularity } from '../popularity.ts';
import { collect, rankedRun, silentRun, tally } from './collect.ts';

/** Ads of the category of the latest browse with a known ad, most popular first, ties by id. score = popularity count. */
export const runRecentCategory = (
  core: EngineCore,
  popularity: Popularity,
  query: RecallQuery,
  limit: number,
): ChannelRun => {
  const { catalog } = core.deps;
  const { browseKinds } = query.rules;
  const latest = core
    .history(query)
    .find((event) => browseKinds.includes(event.kind) && event.adId !== null && catalog.ordinalOf(event.adId) !== null);
  const category = categoryOf(core, latest?.adId ?? null);
  if (latest === undefined)
    return silentRun('recent-category', `no ${browseKinds.join(' or ')} of a known ad before as-of`);
  if (category === '') return silentRun('recent-category', 'the ad browsed last has no category');
  const ordinals = popularity.inCategory(query, category);
  const counts = popularity.counts(query);
  const collected = collect(ordinals, core.dropCodes(query), limit);
  return rankedRun(
    'recent-category',
    collected,
    collected.kept.map((i) => {
      const ordinal = ordinals[i] ?? 0;
      const count = counts[ordinal] ?? 0;
      return { ordinal, score: count, evidence: { type: 'latest-browse', eventId: latest.eventId, category, count } };
    }),
  );
};

const categoryOf = ({ deps: { catalog } }: EngineCore, adId: string | null): string => {
  const ordinal = adId === null ? null : catalog.ordinalOf(adId);
  return ordinal === null ? '' : catalog.categoryOf(ordinal);
};

/** The user's most frequent categories: most behaviours first, then the one met last. */
const frequentCategories = (core: EngineCore, query: RecallQuery): Array<readonly [string, number]> => {
  const kinds = behaviourKinds(core.deps.settings);
  const counts = new Map<string, number>();
  for (const { adId, kind } of core.history(query)) {
    const category = kinds.has(kind) ? categoryOf(core, adId) : '';
    if (category !== '') counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, query.rules.frequentCategories);
};

interface Shelf {
  readonly category: string;
  readonly behaviours: number;
  readonly ordinals: ArrayLike<number>;
  next: number;
  place: number;
}

/** The shelf's next eligible ad; −1 = none is left. */
const onShelf = ({ ordinals, next }: Shelf): number => ordinals[next] ?? -1;

const skipDropped = (shelf: Shelf, codes: Uint8Array | null): void => {
  while (codes !== null && shelf.next < shelf.ordinals.length && codes[onShelf(shelf)] !== 0) shelf.next += 1;
};

/** The shelf whose next ad comes first: n ÷ p, ties by id. */
const bestShelf = (shelves: readonly Shelf[]): Shelf | null => {
  let best: Shelf | null = null;
  for (const shelf of shelves) {
    if (onShelf(shelf) < 0) continue;
    const gap =
      best === null
        ? 1
        : shelf.behaviours / shelf.place - best.behaviours / best.place || onShelf(best) - onShelf(shelf);
    if (gap > 0) best = shelf;
  }
  return best;
};

/**
 * The user's most frequent categories share the list in proportion (D'Hondt): the ad at place p of a
 * category with n behaviours has score n ÷ p; within a category most popular first; ties by id. Places are given
 * to eligible ads only, so that a dropped ad leaves no hole.
 */
export const runFrequentCategory = (
  core: EngineCore,
  popularity: Popularity,
  query: RecallQuery,
  limit: number,
): ChannelRun => {
  const categories = frequentCategories(core, query);
  if (categories.length === 0) return silentRun('frequent-category', 'no behaviour with a known category before as-of');
  const counts = popularity.counts(query);
  const codes = core.dropCodes(query);
  const shelves = categories.map(([category, behaviours]): Shelf => ({
    category,
    behaviours,
    ordinals: popularity.inCategory(query, category),
    next: 0,
    place: 1,
  }));
  const { matched, dropped } = tally(
    shelves.map((shelf) => shelf.ordinals),
    codes,
    limit,
  );
  const hits: Emitted[] = [];
  for (const shelf of shelves) skipDropped(shelf, codes);
  for (let shelf = bestShelf(shelves); shelf !== null && hits.length < limit; shelf = bestShelf(shelves)) {
    const { category, behaviours, place } = shelf;
    const ordinal = onShelf(shelf);
    hits.push({
      ordinal,
      score: behaviours / place,
      evidence: { type: 'category-count', category, behaviours, count: counts[ordinal] ?? 0 },
    });
    shelf.next += 1;
    shelf.place += 1;
    skipDropped(shelf, codes);
  }
  return rankedRun('frequent-category', { kept: [], matched, dropped }, hits);
};
