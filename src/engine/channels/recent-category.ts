import type { RecallQuery } from '../../domain/query.ts';
import type { ChannelRun, EngineCore } from '../core.ts';
import { firstOf } from '../history.ts';
import { collect, rankedRun, silentRun } from './collect.ts';
import type { Channel } from './channel.ts';
import { categoryOfAd } from './category-of-ad.ts';

/** Ads of the category of the latest browse with a known ad, most popular first, ties by id. score = popularity count. */
const run = (core: EngineCore, query: RecallQuery, limit: number): ChannelRun => {
  const { popularity } = core;
  const { catalog } = core.deps;
  const { browseKinds } = query.rules;
  const latest = firstOf(
    core.newest(query),
    (event) => browseKinds.includes(event.kind) && event.adId !== null && catalog.ordinalOf(event.adId) !== null,
  );
  const category = categoryOfAd(core, latest?.adId ?? null);
  if (latest === undefined)
    return silentRun('recent-category', `no ${browseKinds.join(' or ')} of a known ad before as-of`);
  if (category === '') return silentRun('recent-category', 'the ad browsed last has no category');
  const ordinals = popularity.inCategory(query, category);
  const counts = popularity.counts(query);
  const collected = collect(ordinals, core.dropCodes(query), limit);
  return rankedRun(
    'recent-category',
    collected,
    collected.positions.map((i) => {
      const ordinal = ordinals[i] ?? 0;
      const count = counts[ordinal] ?? 0;
      return { ordinal, score: count, evidence: { type: 'latest-browse', eventId: latest.eventId, category, count } };
    }),
  );
};

export const recentCategory: Channel = { run };
