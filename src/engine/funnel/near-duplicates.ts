import { cosineOf } from '../../domain/metric.ts';
import type { EngineDeps } from '../deps.ts';
import { hasVector } from '../explain/vectors.ts';
import { nearIdentical } from '../why-not/crowding.ts';

/**
 * The ads of `among` that are near-identical, by stored vector, to one of `kept` of their own campaign: each of `kept` in
 * turn stays and takes its near ones out, which then take out none. Ordinals, ascending.
 */
export const nearDuplicates = (deps: EngineDeps, kept: readonly number[], among: readonly number[]): number[] => {
  const { vectors, catalog } = deps;
  if (vectors === null) return [];
  const rowOf = (ordinal: number): Float32Array =>
    vectors.data.subarray(ordinal * vectors.dim, (ordinal + 1) * vectors.dim);
  const campaignOf = (ordinal: number): string | null => catalog.ads([ordinal])[0]?.campaign ?? null;
  const candidates = [...new Set(among)].filter((ordinal) => hasVector(deps, ordinal));
  const byCampaign = new Map<string, number[]>();
  for (const ordinal of candidates) {
    const campaign = campaignOf(ordinal);
    if (campaign !== null) byCampaign.set(campaign, [...(byCampaign.get(campaign) ?? []), ordinal]);
  }
  const out = new Set<number>();
  const stays = new Set<number>();
  for (const ordinal of kept) {
    const campaign = campaignOf(ordinal);
    if (out.has(ordinal) || campaign === null || !hasVector(deps, ordinal)) continue;
    stays.add(ordinal);
    for (const other of byCampaign.get(campaign) ?? [])
      if (!stays.has(other) && cosineOf(rowOf(ordinal), rowOf(other)) >= nearIdentical - 1e-7) out.add(other);
  }
  return [...out].sort((a, b) => a - b);
};
