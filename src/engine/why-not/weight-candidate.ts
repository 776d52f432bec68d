import { maxWeight, minWeight } from '../../domain/query.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { ChannelVerdictName, Searched } from '../../domain/verdict.ts';
import type { EncodedUser, EngineCore } from '../core.ts';
import { byThousandths, mostThousandths, thousandth } from '../counterfactual/nearest.ts';
import type { Movable } from '../counterfactual/nearest.ts';
import { nativeLists } from '../counterfactual/user-lists.ts';
import { printedScale, rowWith, weightProbe } from '../counterfactual/weight-scan.ts';
import type { WeightProbe } from '../counterfactual/weight-scan.ts';
import type { RepairCandidate, RepairQuestion } from './candidate.ts';

/** An ad that is good enough already, or that no search can meet, is not helped by a better score. */
const notByWeight: readonly ChannelVerdictName[] = ['ann-missed', 'unreachable', 'not-indexed'];
/** Thousandths between the weights that are run first, over the whole range. */
const coarse = 125;
/** Over more ads a search takes longer, and fewer are run one thousandth after the other. */
const manyAds = 20_000;

export interface WeightSearch {
  readonly candidate: RepairCandidate | null;
  readonly tried: number;
  /** null: no weight was run. */
  readonly searched: Searched['weights'];
}

/**
 * The smallest change of one weight that brings the ad into the list, in thousandths, every one a native search: all
 * groups outward in steps of 1/8 and bisected, for a bound; then every thousandth nearer than it, as far as their number
 * allows. Costs from `limit` on are not looked at.
 */
export const weightCandidate = async (
  core: EngineCore,
  question: RepairQuestion,
  limit: number,
): Promise<WeightSearch> => {
  const { query, ordinal, verdicts, emissions, signal } = question;
  const takesPart = emissions.some((one) => one.channel === 'model' && one.takesPart);
  const verdict = verdicts.find((one) => one.channel === 'model');
  const none: WeightSearch = { candidate: null, tried: 0, searched: null };
  if (!takesPart || verdict === undefined || notByWeight.includes(verdict.verdict)) return none;
  const user = await core.encode(query);
  if (user?.encoder.abilities.weights !== true) return none;
  const movable = movableOf(user, query);
  const span = maxWeight - minWeight;
  const most = Math.min(span, limit * maxWeight);
  if (movable.length === 0 || most * printedScale <= 1) return none;
  const weights = core.weightsOf(query, user.encoder);
  const lists = await nativeLists(core, query);
  const probe = weightProbe(user, async (vector) => (await lists.native(vector)).includes(ordinal), signal);
  const bound = await coarsely(probe, weights, movable, most);
  const budget = core.deps.catalog.adCount > manyAds ? mostThousandths / 8 : mostThousandths / 2;
  const scanned = await byThousandths(probe, weights, 'in', movable, bound?.distance ?? most, budget);
  const searched = { step: 1 / printedScale, within: scanned.within, to: bound?.distance ?? most, every: scanned.all };
  const change = scanned.change ?? bound?.change ?? null;
  if (change === null) return { candidate: null, tried: probe.count(), searched };
  const before = thousandth(change.to, Math.sign(change.from - change.to), 1);
  return {
    tried: probe.count(),
    searched,
    candidate: {
      change: { type: 'weight', ...change },
      cost: Math.abs(change.to - change.from) / maxWeight,
      channel: 'model',
      query: { ...query, weights: { ...query.weights, [change.group]: change.to } },
      smallest: { certain: scanned.all, ran: { from: before, to: change.to } },
    },
  };
};

const movableOf = ({ encoder, encodings }: EncodedUser, query: RecallQuery): Movable[] =>
  encoder.groups.flatMap(({ name: group }, g) =>
    encodings.present[g] === true ? [{ g, group, weight: query.weights[group] ?? 1 }] : [],
  );

interface Bound {
  readonly change: { readonly group: Movable['group']; readonly from: number; readonly to: number };
  readonly distance: number;
}

/** The first weight that works in steps of 1/8 outward, bisected: the thousandth before it was run and fails. */
const coarsely = async (
  probe: WeightProbe,
  weights: Float32Array,
  movable: readonly Movable[],
  most: number,
): Promise<Bound | null> => {
  const ways = movable.flatMap((one) =>
    [1, -1].map((sign) => {
      const reach = sign > 0 ? maxWeight - one.weight : one.weight - minWeight;
      return { ...one, sign, last: Math.floor(Math.min(reach, most) * printedScale + 1e-6) };
    }),
  );
  for (let n = coarse; n - coarse < Math.max(...ways.map(({ last }) => last)); n += coarse) {
    for (const { g, group, weight, sign, last } of ways) {
      if (n - coarse >= last) continue;
      const works = (at: number): Promise<boolean> => probe.one(rowWith(weights, g, thousandth(weight, sign, at)));
      let [lacks, holds] = [n - coarse, Math.min(n, last)];
      if (!(await works(holds))) continue;
      while (holds - lacks > 1) {
        const middle = lacks + Math.floor((holds - lacks) / 2);
        if (await works(middle)) holds = middle;
        else lacks = middle;
      }
      const to = thousandth(weight, sign, holds);
      const distance = Math.abs(to - weight);
      if (distance < most) return { change: { group, from: weight, to }, distance };
    }
  }
  return null;
};
