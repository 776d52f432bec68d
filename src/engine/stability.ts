import type { GroupName } from '../domain/groups.ts';
import { holdingAround } from '../domain/intervals.ts';
import type { HoldingInterval } from '../domain/intervals.ts';
import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import { approximately, requireAbility } from './abilities.ts';
import { requireModelList } from './counterfactual/apply.ts';
import { adInTop, sameTop } from './counterfactual/claim.ts';
import type { Claim } from './counterfactual/claim.ts';
import type { CounterfactualOptions } from './counterfactual/weights.ts';
import { adInMerged, sameMergedTop } from './counterfactual/merged.ts';
import { alongWeight, mergedBounds, weightBounds } from './counterfactual/weight-path.ts';
import type { Engine } from './engine.ts';
import { ordinalOfAd } from './explain/vectors.ts';

/** The property that stays: the ad is in or out of the list, or the set of the first `top` ads. */
export type StabilitySubject =
  | { readonly type: 'ad'; readonly adId: string; readonly inList: boolean }
  | { readonly type: 'top'; readonly top: number; readonly adIds: readonly string[] };

export interface GroupStability extends HoldingInterval {
  readonly group: GroupName;
  readonly weight: number;
  /** false: the group has nothing to read, any weight gives the same. */
  readonly present: boolean;
}

export interface Stability {
  readonly query: RecallQuery;
  readonly subject: StabilitySubject;
  readonly groups: readonly GroupStability[];
  readonly approximations: readonly string[];
}

export const stableTop = 10;

/**
 * One group at a time, the others fixed: the interval of weights around the present one in which the ad
 * stays where it is (in the list, or out of it), or without an ad, in which the set of the first 10 does not change. By
 * exact retrieval. Throws as `byWeights`.
 */
export const stability = async (
  engine: Engine,
  asked: RecallQuery,
  adId: string | null,
  options: CounterfactualOptions = {},
): Promise<Stability> => {
  const { core } = engine;
  requireModelList(asked, 'stable weights');
  const { query } = await engine.recall(asked);
  const [user, vector] = [await core.encode(query), await core.userVector(query)];
  if (user === null || vector === null) throw new RecallError('unsupported', 'stability needs a model');
  requireAbility(user.encoder, 'weights', 'intervals of weights');
  const weights = core.weightsOf(query, user.encoder);
  const { claim, subject } =
    adId === null ? await topClaim(engine, query, vector) : await adClaim(engine, query, vector, adId);
  const groups: GroupStability[] = [];
  for (const [g, { name: group }] of user.encoder.groups.entries()) {
    const weight = weights[g] ?? 1;
    const present = user.encodings.present[g] ?? false;
    const around = present
      ? await holdingAround(
          alongWeight(user, weights, g, claim, options.signal),
          weight,
          query.mode === 'merged' ? mergedBounds : weightBounds,
        )
      : { from: weightBounds.from, to: weightBounds.to, outsideBelow: null, outsideAbove: null };
    groups.push({ group, weight, present, ...around });
    options.onProgress?.(g + 1, user.encoder.groups.length);
  }
  return { query, subject, groups, approximations: approximately(user.encoder, query, ['weights', 'groups']) };
};

const topClaim = async (
  { core }: Engine,
  query: RecallQuery,
  vector: Float32Array,
): Promise<{ claim: Claim; subject: StabilitySubject }> => {
  const top = Math.min(stableTop, query.k);
  const { claim, members } = await (query.mode === 'merged' ? sameMergedTop : sameTop)(core, query, top, vector);
  return { claim, subject: { type: 'top', top, adIds: members.map((ordinal) => core.deps.catalog.idOf(ordinal)) } };
};

const adClaim = async (
  { core }: Engine,
  query: RecallQuery,
  vector: Float32Array,
  adId: string,
): Promise<{ claim: Claim; subject: StabilitySubject }> => {
  const ordinal = ordinalOfAd(core.deps, adId);
  const claim =
    query.mode === 'merged' ? await adInMerged(core, query, ordinal) : adInTop(core, query, ordinal, query.k);
  const inList = await claim.holdsAt(vector);
  return { claim: inList ? claim : negated(claim), subject: { type: 'ad', adId, inList } };
};

const negated = (claim: Claim): Claim => ({
  holdsAt: async (vector) => !(await claim.holdsAt(vector)),
  certain: async (vector, spread) => {
    const state = await claim.certain(vector, spread);
    return state === 'mixed' ? state : state === 'in' ? 'out' : 'in';
  },
});
