import type { NearBehaviour } from '../../domain/explanation.ts';
import { byCodeUnit } from '../../base/order.ts';
import type { BehaviourEvent } from '../../domain/events.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { EngineCore } from '../core.ts';
import { cosines } from './coalitions.ts';
import { adRows, hasVector } from './vectors.ts';

/**
 * The user's behaviours whose ads lie closest to this ad, by cosine of unit vectors; knocked-out ones left aside.
 * Equally close: newest first.
 */
export const nearestBehaviours = (
  core: EngineCore,
  query: RecallQuery,
  ordinal: number,
  limit: number,
): NearBehaviour[] => {
  const { catalog, vectors } = core.deps;
  if (vectors === null || !hasVector(core.deps, ordinal)) return [];
  const excluded = new Set(query.excludedEvents);
  // Each ad is compared once, however often the user met it, and of each the newest `limit` behaviours are enough.
  const byAd = new Map<string, { readonly other: number; readonly events: BehaviourEvent[] }>();
  for (const event of core.history(query)) {
    const { adId, eventId } = event;
    if (adId === null || excluded.has(eventId)) continue;
    const known = byAd.get(adId);
    if (known !== undefined) {
      if (known.events.length < limit) known.events.push(event);
      continue;
    }
    const other = catalog.ordinalOf(adId);
    if (other !== null && hasVector(core.deps, other)) byAd.set(adId, { other, events: [event] });
  }
  const ads = [...byAd];
  const near = cosines(
    adRows(core.deps, [ordinal]),
    adRows(
      core.deps,
      ads.map(([, { other }]) => other),
    ),
    vectors.dim,
  );
  return ads
    .flatMap(([adId, { events }], i) =>
      events.map(({ eventId, kind, at }) => ({ eventId, kind, at, adId, cosine: near[i] ?? 0 })),
    )
    .sort((a, b) => b.cosine - a.cosine || b.at - a.at || byCodeUnit(a.eventId, b.eventId))
    .slice(0, limit);
};
