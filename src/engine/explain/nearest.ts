import type { NearBehaviour } from '../../domain/explanation.ts';
import { byCodeUnit } from '../../base/order.ts';
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
  const known = core.history(query).flatMap((event) => {
    const other = event.adId === null || excluded.has(event.eventId) ? null : catalog.ordinalOf(event.adId);
    return other === null || event.adId === null || !hasVector(core.deps, other)
      ? []
      : [{ eventId: event.eventId, kind: event.kind, at: event.at, adId: event.adId, other }];
  });
  const near = cosines(
    adRows(core.deps, [ordinal]),
    adRows(
      core.deps,
      known.map((event) => event.other),
    ),
    vectors.dim,
  );
  return known
    .map(({ eventId, kind, at, adId }, i) => ({ eventId, kind, at, adId, cosine: near[i] ?? 0 }))
    .sort((a, b) => b.cosine - a.cosine || b.at - a.at || byCodeUnit(a.eventId, b.eventId))
    .slice(0, limit);
};
