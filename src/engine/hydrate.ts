import type { Engagement } from '../domain/events.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { Candidate, RecallResult } from '../domain/result.ts';
import type { EngineDeps } from './deps.ts';

/** A candidate with what a reader wants to see of its ad, and the ground truth. */
export interface HydratedRow extends Candidate {
  readonly title: string;
  readonly category: string;
  readonly brand: string;
  readonly price: number | null;
  /** The user really engaged with it at or after as-of, within the horizon. */
  readonly engaged: boolean;
  /** The first time. */
  readonly engagement: { readonly kind: string; readonly at: number } | null;
}

/** Ground truth of a query: the first engagement by ad at or after as-of, within the workspace's horizon. */
export const engagementsOf = (
  { store, settings }: EngineDeps,
  { userId, asOf }: Pick<RecallQuery, 'userId' | 'asOf'>,
): ReadonlyMap<string, Engagement> => {
  const first = new Map<string, Engagement>();
  const until = settings.horizonMs === null ? null : asOf + settings.horizonMs;
  for (const engagement of store.engaged(userId, { from: asOf, until, kinds: settings.engagementKinds })) {
    const known = first.get(engagement.adId);
    if (known === undefined || engagement.at < known.at) first.set(engagement.adId, engagement);
  }
  return first;
};

/** Reads the ads and the ground truth of a result's rows in two reads. The result itself stays as it is. */
export const hydrate = (
  deps: EngineDeps,
  { query, candidates }: Pick<RecallResult, 'query' | 'candidates'>,
): HydratedRow[] => {
  const ads = deps.catalog.ads(candidates.map((candidate) => candidate.ordinal));
  const engaged = engagementsOf(deps, query);
  return candidates.map((candidate, i): HydratedRow => {
    const ad = ads[i];
    const hit = engaged.get(candidate.adId);
    return {
      ...candidate,
      title: ad?.title ?? '',
      category: ad?.category ?? '',
      brand: ad?.brand ?? '',
      price: ad?.price ?? null,
      engaged: hit !== undefined,
      engagement: hit === undefined ? null : { kind: hit.kind, at: hit.at },
    };
  });
};
