import type { RecallQuery } from '../../domain/query.ts';
import type { ChannelRun, Emitted, EngineCore } from '../core.ts';
import { rankedRun, silentRun, tally } from './collect.ts';
import type { Channel } from './channel.ts';
import { categoryCounts } from './category-counts.ts';

/** The user's most frequent categories: most behaviours first, then the one met last. */
const frequentCategories = (core: EngineCore, query: RecallQuery): Array<readonly [string, number]> =>
  [...categoryCounts(core, query)].sort(([, a], [, b]) => b - a).slice(0, query.rules.frequentCategories);

interface CategoryQueue {
  readonly category: string;
  readonly behaviours: number;
  readonly ordinals: ArrayLike<number>;
  next: number;
  place: number;
}

/** The queue's next eligible ad; −1 = none is left. */
const nextAd = ({ ordinals, next }: CategoryQueue): number => ordinals[next] ?? -1;

const skipDropped = (queue: CategoryQueue, codes: Uint8Array | null): void => {
  while (codes !== null && queue.next < queue.ordinals.length && codes[nextAd(queue)] !== 0) queue.next += 1;
};

/** The queue whose next ad comes first: n ÷ p, ties by id. */
const bestQueue = (queues: readonly CategoryQueue[]): CategoryQueue | null => {
  let best: CategoryQueue | null = null;
  for (const queue of queues) {
    if (nextAd(queue) < 0) continue;
    const gap =
      best === null ? 1 : queue.behaviours / queue.place - best.behaviours / best.place || nextAd(best) - nextAd(queue);
    if (gap > 0) best = queue;
  }
  return best;
};

/**
 * The user's most frequent categories share the list in proportion (D'Hondt): the ad at place p of a
 * category with n behaviours has score n ÷ p; within a category most popular first; ties by id. Places are given
 * to eligible ads only, so that a dropped ad leaves no hole.
 */
const run = (core: EngineCore, query: RecallQuery, limit: number): ChannelRun => {
  const { popularity } = core;
  const categories = frequentCategories(core, query);
  if (categories.length === 0) return silentRun('frequent-category', 'no behaviour with a known category before as-of');
  const counts = popularity.counts(query);
  const codes = core.dropCodes(query);
  const queues = categories.map(([category, behaviours]): CategoryQueue => ({
    category,
    behaviours,
    ordinals: popularity.inCategory(query, category),
    next: 0,
    place: 1,
  }));
  const { matched, dropped } = tally(
    queues.map((queue) => queue.ordinals),
    codes,
    limit,
  );
  const hits: Emitted[] = [];
  for (const queue of queues) skipDropped(queue, codes);
  for (let queue = bestQueue(queues); queue !== null && hits.length < limit; queue = bestQueue(queues)) {
    const { category, behaviours, place } = queue;
    const ordinal = nextAd(queue);
    hits.push({
      ordinal,
      score: behaviours / place,
      evidence: { type: 'category-count', category, behaviours, count: counts[ordinal] ?? 0 },
    });
    queue.next += 1;
    queue.place += 1;
    skipDropped(queue, codes);
  }
  return rankedRun('frequent-category', { positions: [], matched, dropped }, hits);
};

export const frequentCategory: Channel = { run };
