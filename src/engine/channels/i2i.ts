import type { BehaviourEvent } from '../../domain/events.ts';
import { i2iItems, i2iScores } from '../../domain/i2i/score.ts';
import type { PastItem } from '../../domain/i2i/score.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { ChannelRun, EngineCore } from '../core.ts';
import { behaviourKinds } from '../history.ts';
import type { Channel } from './channel.ts';
import { collect, rankedRun, silentRun, unavailableRun } from './collect.ts';

/** The latest distinct ads the user did something with, newest first; an ad counts where it was met last. */
export const pastItems = (core: EngineCore, history: Iterable<BehaviourEvent>): PastItem[] => {
  const { catalog, settings } = core.deps;
  const kinds = behaviourKinds(settings);
  const items = new Map<string, PastItem>();
  for (const { adId, kind, eventId } of history) {
    if (items.size === i2iItems) break;
    const ordinal = adId === null || !kinds.has(kind) || items.has(adId) ? null : catalog.ordinalOf(adId);
    if (adId !== null && ordinal !== null) items.set(adId, { adId, ordinal, eventId, position: items.size + 1 });
  }
  return [...items.values()];
};

/** Item-to-item co-occurrence over the latest items; knocked-out events still count (they concern the tower only). */
const run = (core: EngineCore, query: RecallQuery, limit: number): ChannelRun => {
  const { i2i: table } = core.deps;
  if (table === null) return unavailableRun('i2i', 'this workspace has no item-to-item table');
  const items = pastItems(core, core.newest(query));
  if (items.length === 0) return silentRun('i2i', 'no behaviour with a known ad before as-of');
  const ranked = i2iScores(items, (ordinal) => table.neighbours(ordinal));
  if (ranked.length === 0) return silentRun('i2i', `none of the ${items.length} latest ads has co-occurring ads`);
  const collected = collect(
    ranked.map((hit) => hit.ordinal),
    core.dropCodes(query),
    limit,
  );
  return rankedRun(
    'i2i',
    collected,
    collected.positions.flatMap((i) => {
      const hit = ranked[i];
      if (hit === undefined) return [];
      const { ordinal, score, item, similarity, weight, share } = hit;
      return [
        {
          ordinal,
          score,
          evidence: { type: 'past-item', adId: item.adId, eventId: item.eventId, similarity, weight, share } as const,
        },
      ];
    }),
  );
};

export const i2i: Channel = { run, builtUntil: ({ i2i: until }) => until };
