import type { RecallQuery } from '../../domain/query.ts';
import { byScoreThenId } from '../../domain/order.ts';
import type { ChannelRun, EngineCore } from '../core.ts';
import { behaviourKinds } from '../history.ts';
import type { Popularity } from '../popularity.ts';
import { collect, rankedRun, silentRun } from './collect.ts';

/** Ads of the category of the latest browse with a known ad, most popular first, ties by id. score = popularity count. */
export const runRecentCategory = (core: EngineCore, popularity: Popularity, query: RecallQuery, limit: number): ChannelRun => {
  const { catalog } = core.deps;
  const { browseKinds } = query.rules;
  const latest = core.history(query).find((event) => browseKinds.includes(event.kind) && event.adId !== null && catalog.ordinalOf(event.adId) !== null);
  const category = categoryOf(core, latest?.adId ?? null);
  if (latest === undefined) return silentRun('recent-category', `no ${browseKinds.join(' or ')} of a known ad before as-of`);
  if (category === '') return silentRun('recent-category', 'the ad browsed last has no category');
  const ordinals = popularity.inCategory(query, category);
  const counts = popularity.counts(query);
  const collected = collect(ordinals, core.dropCodes(query), limit);
  return rankedRun('recent-category', collected, collected.kept.map((i) => {
    const ordinal = ordinals[i] ?? 0;
    const count = counts[ordinal] ?? 0;
    return { ordinal, score: count, evidence: { type: 'latest-browse', eventId: latest.eventId, category, count } };
  }));
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

/**
 * The user's most frequent categories share the list in proportion (D'Hondt): the ad at place p of a
 * category with n behaviours has score n ÷ p; within a category most popular first; ties by id.
 */
export const runFrequentCategory = (core: EngineCore, popularity: Popularity, query: RecallQuery, limit: number): ChannelRun => {
  const categories = frequentCategories(core, query);
  if (categories.length === 0) return silentRun('frequent-category', 'no behaviour with a known category before as-of');
  const counts = popularity.counts(query);
  const codes = core.dropCodes(query);
  // Places are given to eligible ads only, so that a dropped ad leaves no hole.
  const ranked = categories.flatMap(([category, behaviours]) => {
    const ordinals = popularity.inCategory(query, category);
    let place = 0;
    return Array.from(ordinals, (ordinal) => {
      if (codes === null || codes[ordinal] === 0) place += 1;
      return { ordinal, score: behaviours / Math.max(1, place), category, behaviours };
    });
  }).sort(byScoreThenId);
  const collected = collect(ranked.map((hit) => hit.ordinal), codes, limit);
  return rankedRun('frequent-category', collected, collected.kept.flatMap((i) => {
    const hit = ranked[i];
    if (hit === undefined) return [];
    const { ordinal, score, category, behaviours } = hit;
    return [{ ordinal, score, evidence: { type: 'category-count', category, behaviours, count: counts[ordinal] ?? 0 } as const }];
  }));
};
