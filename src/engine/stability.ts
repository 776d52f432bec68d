import type { GroupName } from '../domain/groups.ts';
import { holdingAround, holdingOf } from '../domain/intervals.ts';
import type { HoldingInterval } from '../domain/intervals.ts';
import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import { approximately, requireAbility } from './abilities.ts';
import { requireModelList } from './counterfactual/apply.ts';
import { adInTop, sameTop } from './counterfactual/claim.ts';
import type { Claim } from './counterfactual/claim.ts';
import { adInMerged } from './counterfactual/merged.ts';
import { missedBy } from './counterfactual/missed.ts';
import type { Missed } from './counterfactual/types.ts';
import { userLists } from './counterfactual/user-lists.ts';
import type { UserLists } from './counterfactual/user-lists.ts';
import type { CounterfactualOptions } from './counterfactual/weights.ts';
import { alongWeight, mergedBounds, weightBounds } from './counterfactual/weight-path.ts';
import { printedScale, scanStep, scanWeight, weightProbe } from './counterfactual/weight-scan.ts';
import type { EncodedUser } from './core.ts';
import type { Engine } from './engine.ts';
import { ordinalOfAd } from './explain/vectors.ts';

/** The property that stays: the ad is in or out of the list as recalled, or the set of its first `top` ads. */
export type StabilitySubject =
  | {
      readonly type: 'ad';
      readonly adId: string;
      readonly inList: boolean;
      /** Exact retrieval has it in the list. */
      readonly inExact: boolean;
      /** Out of the list although the exact list holds it: what the index made of it; null = not so. */
      readonly missed: Missed | null;
    }
  | { readonly type: 'top'; readonly top: number; readonly adIds: readonly string[] };

export interface GroupStability extends HoldingInterval {
  readonly group: GroupName;
  readonly weight: number;
  /** false: the group has nothing to read, any weight gives the same. */
  readonly present: boolean;
  /**
   * The certified interval of the exact list, where that holds the same now; null: it does not, or was not looked at.
   */
  readonly exact: HoldingInterval | null;
}

export interface Stability {
  readonly query: RecallQuery;
  readonly subject: StabilitySubject;
  readonly groups: readonly GroupStability[];
  /** Each weight was run over [0, 4] at this distance; between two runs that agree the index was not asked. */
  readonly step: number;
  readonly approximations: readonly string[];
}

export const stableTop = 10;

/** The property of a list to keep: of the native one by its ads, of the exact one as a claim. */
interface Subject {
  readonly subject: StabilitySubject;
  readonly holds: (ordinals: readonly number[]) => boolean;
  /** null: the exact list says another thing now, or is judged by no claim. */
  readonly claim: Claim | null;
}

/**
 * One group at a time, the others fixed: the interval of weights around the present one in which the ad stays where it
 * is (in the list as the user gets it, or out of it), or without an ad, in which the set of the first 10 does not
 * change. Each end was run. Throws as `byWeights`.
 */
export const stability = async (
  engine: Engine,
  asked: RecallQuery,
  adId: string | null,
  options: CounterfactualOptions = {},
): Promise<Stability> => {
  const { core } = engine;
  requireModelList(asked, 'stable weights');
  const { query, candidates } = await engine.recall(asked);
  const [user, vector] = [await core.encode(query), await core.userVector(query)];
  if (user === null || vector === null) throw new RecallError('unsupported', 'stability needs a model');
  requireAbility(user.encoder, 'weights', 'intervals of weights');
  const lists = await userLists(core, query);
  const listed = candidates.map(({ ordinal }) => ordinal);
  const about =
    adId === null
      ? await topSubject(engine, query, vector, listed)
      : await adSubject(engine, query, vector, { adId, listed, lists });
  const ads = core.deps.catalog.adCount;
  const groups = await groupsOf({
    user,
    weights: core.weightsOf(query, user.encoder),
    query,
    lists,
    about,
    ads,
    options,
  });
  const approximations = approximately(user.encoder, query, ['weights', 'groups']);
  return { query, subject: about.subject, groups, step: scanStep / printedScale, approximations };
};

interface Question {
  readonly user: EncodedUser;
  readonly weights: Float32Array;
  readonly query: RecallQuery;
  readonly lists: UserLists;
  readonly about: Subject;
  readonly ads: number;
  readonly options: CounterfactualOptions;
}

const everywhere: HoldingInterval = {
  from: weightBounds.from,
  to: weightBounds.to,
  outsideBelow: null,
  outsideAbove: null,
};

const groupsOf = async ({ user, weights, query, lists, about, ads, options }: Question): Promise<GroupStability[]> => {
  const probe = weightProbe(user, async (at) => about.holds(await lists.native(at)), options.signal);
  const bounds = query.mode === 'merged' ? mergedBounds : weightBounds;
  const groups: GroupStability[] = [];
  for (const [g, { name: group }] of user.encoder.groups.entries()) {
    const weight = query.weights[group] ?? 1;
    const present = user.encodings.present[g] ?? false;
    if (present) {
      const at = weights[g] ?? 1;
      const exact =
        about.claim === null
          ? null
          : await holdingAround(alongWeight(user, weights, g, about.claim, options.signal), at, bounds);
      const seen = await scanWeight(probe, weights, g, { exact: exact === null ? null : [exact], ads });
      const around = holdingOf(seen).find(({ from, to }) => from <= at && at <= to);
      groups.push({ group, weight, present, exact, ...(around ?? { ...everywhere, from: at, to: at }) });
    } else groups.push({ group, weight, present, exact: about.claim === null ? null : everywhere, ...everywhere });
    options.onProgress?.(g + 1, user.encoder.groups.length);
  }
  return groups;
};

const topSubject = async (
  { core }: Engine,
  query: RecallQuery,
  vector: Float32Array,
  listed: readonly number[],
): Promise<Subject> => {
  const top = Math.min(stableTop, query.k);
  const members = listed.slice(0, top);
  const inside = new Set(members);
  const exact = query.mode === 'merged' ? null : await sameTop(core, query, top, vector);
  return {
    subject: { type: 'top', top, adIds: members.map((ordinal) => core.deps.catalog.idOf(ordinal)) },
    holds: (ordinals) => {
      const first = ordinals.slice(0, top);
      return first.length === members.length && first.every((ordinal) => inside.has(ordinal));
    },
    claim: exact?.members.every((ordinal) => inside.has(ordinal)) === true ? exact.claim : null,
  };
};

const adSubject = async (
  engine: Engine,
  query: RecallQuery,
  vector: Float32Array,
  { adId, listed, lists }: { readonly adId: string; readonly listed: readonly number[]; readonly lists: UserLists },
): Promise<Subject> => {
  const { core } = engine;
  const ordinal = ordinalOfAd(core.deps, adId);
  const exact =
    query.mode === 'merged' ? adInMerged(core, query, lists, ordinal) : adInTop(core, query, ordinal, query.k);
  const inList = listed.includes(ordinal);
  const inExact = await exact.holdsAt(vector);
  const missed = inExact && !inList ? await missedBy(engine, query, adId) : null;
  return {
    subject: { type: 'ad', adId, inList, inExact, missed },
    holds: (ordinals) => ordinals.includes(ordinal) === inList,
    claim: inExact !== inList ? null : inList ? exact : negated(exact),
  };
};

const negated = (claim: Claim): Claim => ({
  holdsAt: async (vector) => !(await claim.holdsAt(vector)),
  certain: async (vector, spread) => {
    const state = await claim.certain(vector, spread);
    return state === 'mixed' ? state : state === 'in' ? 'out' : 'in';
  },
});
