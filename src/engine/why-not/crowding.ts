import type { Candidate } from '../../domain/result.ts';
import type { Crowding } from '../../domain/verdict.ts';
import type { EngineCore } from '../core.ts';
import { cosines } from '../explain/coalitions.ts';
import { adRows, hasVector } from '../explain/vectors.ts';

/** Creatives this close are one idea shown twice. */
export const nearIdentical = 0.95;

/**
 * How many slots of the list near-identical creatives of the ad's own campaign hold; null where that cannot be decided.
 */
export const crowding = (core: EngineCore, candidates: readonly Candidate[], ordinal: number): Crowding | null => {
  const { deps } = core;
  const [ad] = deps.catalog.ads([ordinal]);
  if (ad === undefined || ad.campaign === null || deps.vectors === null || !hasVector(deps, ordinal)) return null;
  const others = candidates.filter((candidate) => candidate.ordinal !== ordinal && hasVector(deps, candidate.ordinal));
  const cosine = cosines(
    adRows(deps, [ordinal]),
    adRows(
      deps,
      others.map((other) => other.ordinal),
    ),
    deps.vectors.dim,
  );
  // Identical float32 rows may give 1 − 1e-8. Few ads are near: those alone are read for their campaign.
  const near = others.filter((_, i) => (cosine[i] ?? 0) >= nearIdentical - 1e-7);
  const campaigns = deps.catalog.ads(near.map((other) => other.ordinal)).map((other) => other.campaign);
  const adIds = near.filter((_, i) => campaigns[i] === ad.campaign).map((other) => other.adId);
  return { campaign: ad.campaign, cosine: nearIdentical, slots: adIds.length, adIds };
};
