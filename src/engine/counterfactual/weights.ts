import { holdingIntervals, shortestDecimal } from '../../domain/intervals.ts';
import type { HoldingInterval } from '../../domain/intervals.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import { approximately, requireAbility } from '../abilities.ts';
import type { Engine } from '../engine.ts';
import { ordinalOfAd } from '../explain/vectors.ts';
import { applyChange, requireModelList } from './apply.ts';
import { adInTop } from './claim.ts';
import { searchSeveral } from './l1.ts';
import { adInMerged } from './merged.ts';
import type { Goal, GroupIntervals, WeightChange, WeightCounterfactual } from './types.ts';
import { alongWeight, mergedBounds, vectorAt, weightBounds } from './weight-path.ts';

export interface CounterfactualOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Which weights have the ad in the list: per group all intervals of [0, 4] by exact retrieval, and the
 * smallest change in Σ|Δw| that reaches the goal, run natively at the query's ef. In mode merged the list is the merged one,
 * and intervals narrower than 1/64 may be passed over.
 * Throws `unsupported` (no model, a mode it has no part in), `unknown-ad`, `cancelled`.
 */
export const byWeights = async (
  engine: Engine,
  asked: RecallQuery,
  adId: string,
  options: CounterfactualOptions = {},
): Promise<WeightCounterfactual> => {
  const { core } = engine;
  requireModelList(asked, 'counterfactual weights');
  const ordinal = ordinalOfAd(core.deps, adId);
  const before = await engine.recall(asked);
  const { query } = before;
  const [user, vector] = [await core.encode(query), await core.userVector(query)];
  if (user === null || vector === null) throw new RecallError('unsupported', 'counterfactual weights need a model');
  requireAbility(user.encoder, 'weights', 'counterfactual weights');
  const weights = core.weightsOf(query, user.encoder);
  const merged = query.mode === 'merged';
  const claim = merged ? await adInMerged(core, query, ordinal) : adInTop(core, query, ordinal, query.k);
  const goal: Goal = (await claim.holdsAt(vector)) ? 'out' : 'in';
  const intervals: GroupIntervals[] = [];
  for (const [g, group] of user.encoder.groups.entries()) {
    const present = user.encodings.present[g] ?? false;
    const weight = weights[g] ?? 1;
    // Without anything to read the weight moves nothing: one answer for all of it.
    const found = present
      ? await holdingIntervals(
          alongWeight(user, weights, g, claim, options.signal),
          merged ? mergedBounds : weightBounds,
        )
      : goal === 'out'
        ? [{ from: weightBounds.from, to: weightBounds.to, outsideBelow: null, outsideAbove: null }]
        : [];
    const inside = (at: number): Promise<boolean> => claim.holdsAt(vectorAt(user, weights, g, at));
    const nearest = present ? await nearestWeight(found, weight, goal, inside) : null;
    intervals.push({ group: group.name, weight, present, intervals: found, nearest });
    options.onProgress?.(g + 1, user.encoder.groups.length + 1);
  }
  const single = smallest(intervals);
  const several = await searchSeveral({
    user,
    weights,
    claim,
    goal,
    best: single === null ? null : Math.abs(single.to - single.from),
    signal: options.signal,
  });
  const changes = several.changes ?? (single === null ? [] : [single]);
  const applied =
    changes.length === 0
      ? null
      : { ...query, weights: { ...query.weights, ...Object.fromEntries(changes.map(({ group, to }) => [group, to])) } };
  return {
    by: 'weights',
    query,
    adId,
    goal,
    changes,
    intervals,
    approximations: approximately(user.encoder, query, ['weights', 'groups']),
    l1: changes.length === 0 ? null : changes.reduce((sum, { from, to }) => sum + Math.abs(to - from), 0),
    search: {
      method: several.changes === null && single !== null && !merged ? 'one-group' : 'bounded',
      evaluated: several.evaluated,
    },
    ...(await applyChange(engine, before, adId, goal, applied)),
  };
};

const smallest = (intervals: readonly GroupIntervals[]): WeightChange | null => {
  let best: WeightChange | null = null;
  for (const { group, weight, nearest } of intervals) {
    if (nearest !== null && (best === null || Math.abs(nearest - weight) < Math.abs(best.to - best.from)))
      best = { group, from: weight, to: nearest };
  }
  return best;
};

/**
 * Nearest weight that reaches the goal: an end of an interval, taken half a percent further where that is a shorter
 * number and still inside.
 */
const nearestWeight = async (
  intervals: readonly HoldingInterval[],
  weight: number,
  goal: Goal,
  inside: (at: number) => Promise<boolean>,
): Promise<number | null> => {
  const ends =
    goal === 'in'
      ? intervals.flatMap(({ from, to }) => [from, to])
      : intervals
          .filter(({ from, to }) => from <= weight && weight <= to)
          .flatMap(({ outsideBelow, outsideAbove }) => [outsideBelow, outsideAbove])
          .filter((end) => end !== null);
  const end = ends.sort((a, b) => Math.abs(a - weight) - Math.abs(b - weight))[0];
  if (end === undefined || end === weight) return null;
  const further = (share: number): number => weight + (end - weight) * (1 + share);
  const short =
    end > weight
      ? shortestDecimal(further(0.0005), further(0.005))
      : -shortestDecimal(-further(0.0005), -further(0.005));
  const within = short >= weightBounds.from && short <= weightBounds.to;
  return within && (await inside(short)) === (goal === 'in') ? short : end;
};
