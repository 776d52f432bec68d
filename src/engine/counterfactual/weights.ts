import { holdingIntervals, holdingOf } from '../../domain/intervals.ts';
import type { HoldingInterval } from '../../domain/intervals.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import { approximately, requireAbility } from '../abilities.ts';
import type { EncodedUser } from '../core.ts';
import type { Engine } from '../engine.ts';
import { ordinalOfAd } from '../explain/vectors.ts';
import { applyChange, requireModelList } from './apply.ts';
import { adInTop } from './claim.ts';
import type { Claim } from './claim.ts';
import { searchSeveral } from './l1.ts';
import { adInMerged } from './merged.ts';
import { missedBy } from './missed.ts';
import { byThousandths, nearestWeight, smallestOf } from './nearest.ts';
import type { Goal, GroupIntervals, WeightChange, WeightCounterfactual } from './types.ts';
import { userLists } from './user-lists.ts';
import { alongWeight, mergedBounds, weightBounds } from './weight-path.ts';
import { printedScale, scanStep, scanWeight, weightProbe } from './weight-scan.ts';
import type { WeightProbe } from './weight-scan.ts';

export interface CounterfactualOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Question {
  readonly user: EncodedUser;
  readonly weights: Float32Array;
  readonly probe: WeightProbe;
  readonly claim: Claim;
  readonly goal: Goal;
  readonly query: RecallQuery;
  readonly ads: number;
  readonly options: CounterfactualOptions;
}

/**
 * Which weights have the ad in the list as the user gets it: per group the intervals of [0, 4] seen by runs of the index
 * (and, certified, those of the exact list), and the smallest change in Σ|Δw| that was run and reaches the goal. An ad
 * that is out only because the index missed it gets the ef that finds it instead of a change of weights. In mode merged
 * the list is the merged one, and exact intervals narrower than 1/64 may be passed over.
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
  const lists = await userLists(core, query);
  const claim =
    query.mode === 'merged' ? adInMerged(core, query, lists, ordinal) : adInTop(core, query, ordinal, query.k);
  const goal: Goal = before.candidates.some((one) => one.ordinal === ordinal) ? 'out' : 'in';
  const inExact = await claim.holdsAt(vector);
  const missed = goal === 'in' && inExact ? await missedBy(engine, query, adId) : null;
  const ads = core.deps.catalog.adCount;
  const probe = weightProbe(user, async (at) => (await lists.native(at)).includes(ordinal), options.signal);
  const question: Question = { user, weights, probe, claim, goal, query, ads, options };
  const intervals = await intervalsOf(question);
  const ef = missed?.ef ?? null;
  const found = ef === null ? await smallestChange(question, intervals) : noChange(intervals);
  const tried =
    ef !== null ? { ...query, ef: ef.to } : found.changes.length === 0 ? null : withWeights(query, found.changes);
  const outcome = await applyChange(engine, before, adId, goal, tried);
  const works = outcome.applied !== null && ef === null;
  return {
    by: 'weights',
    query,
    adId,
    goal,
    inExact,
    missed,
    changes: works ? found.changes : [],
    intervals,
    approximations: approximately(user.encoder, query, ['weights', 'groups']),
    l1: works ? lengthOf(found.changes) : null,
    search: { ...found.search, evaluated: probe.count() },
    ...outcome,
  };
};

const lengthOf = (changes: readonly WeightChange[]): number =>
  changes.reduce((sum, { from, to }) => sum + Math.abs(to - from), 0);

const withWeights = (query: RecallQuery, changes: readonly WeightChange[]): RecallQuery => ({
  ...query,
  weights: { ...query.weights, ...Object.fromEntries(changes.map(({ group, to }) => [group, to])) },
});

/** Per group where the ad is in the list. Without anything to read the weight moves nothing: one answer for all of it. */
const intervalsOf = async (question: Question): Promise<GroupIntervals[]> => {
  const { user, weights, probe, claim, goal, query, ads, options } = question;
  const everywhere: HoldingInterval[] = [
    { from: weightBounds.from, to: weightBounds.to, outsideBelow: null, outsideAbove: null },
  ];
  const out: GroupIntervals[] = [];
  for (const [g, { name: group }] of user.encoder.groups.entries()) {
    const present = user.encodings.present[g] ?? false;
    const weight = query.weights[group] ?? 1;
    if (present) {
      const bounds = query.mode === 'merged' ? mergedBounds : weightBounds;
      const exact = await holdingIntervals(alongWeight(user, weights, g, claim, options.signal), bounds);
      const intervals = holdingOf(await scanWeight(probe, weights, g, { exact, ads }));
      const nearest = await nearestWeight(probe, intervals, { weights, g, weight, goal });
      out.push({ group, weight, present, intervals, exact, nearest });
    } else {
      const exact = (await claim.holdsAt(user.encoder.fuse(user.encodings, weights, 1))) ? everywhere : [];
      out.push({ group, weight, present, intervals: goal === 'out' ? everywhere : [], exact, nearest: null });
    }
    options.onProgress?.(g + 1, user.encoder.groups.length + 1);
  }
  return out;
};

interface Found {
  readonly changes: readonly WeightChange[];
  readonly search: Omit<WeightCounterfactual['search'], 'evaluated'>;
}

const noChange = (intervals: readonly GroupIntervals[]): Found => ({
  changes: [],
  search: {
    method: 'bounded',
    step: scanStep / printedScale,
    within: 0,
    complete: !intervals.some(({ present }) => present),
  },
});

/** The smallest change of one weight, on the printed scale, and one of several that is smaller still. */
const smallestChange = async (question: Question, intervals: readonly GroupIntervals[]): Promise<Found> => {
  const { user, weights, probe, goal, options } = question;
  const seen = smallestOf(intervals);
  const movable = intervals.flatMap(({ group, weight, present }, g) => (present ? [{ g, group, weight }] : []));
  const best = seen === null ? null : Math.abs(seen.to - seen.from);
  const scanned = await byThousandths(probe, weights, goal, movable, best);
  const single = scanned.change ?? seen;
  const several = await searchSeveral({
    user,
    weights,
    probe,
    goal,
    best: single === null ? null : Math.abs(single.to - single.from),
    signal: options.signal,
  });
  const changes = several ?? (single === null ? [] : [single]);
  return {
    changes,
    search: {
      method: several === null && single !== null && scanned.all ? 'one-group' : 'bounded',
      step: scanStep / printedScale,
      within: scanned.within,
      complete: movable.length === 0,
    },
  };
};
