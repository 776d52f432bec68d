import { shortestDecimal } from '../../domain/intervals.ts';
import { maxWeight, minWeight } from '../../domain/query.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { ChannelVerdictName } from '../../domain/verdict.ts';
import { RecallError } from '../../errors.ts';
import type { EngineCore } from '../core.ts';
import { throwIfAborted } from '../interrupt.ts';
import type { RepairCandidate, RepairQuestion } from './candidate.ts';

/** An ad that is good enough already, or that no search can meet, is not helped by a better score. */
const notByWeight: readonly ChannelVerdictName[] = ['ann-missed', 'unreachable', 'not-indexed'];
const step = 0.125;
const bisections = 10;

/**
 * The smallest change of one group's weight that brings the ad into what the model channel emits: all
 * groups outward in steps of 1/8, then bisected, every step a native search. Bounded: an interval narrower
 * than a step can be passed over (`counterfactual` certifies); costs from `limit` on are not looked at.
 */
export const weightCandidate = async (
  core: EngineCore,
  question: RepairQuestion,
  limit: number,
): Promise<{ candidate: RepairCandidate | null; tried: number }> => {
  const { query, ordinal, verdicts, emissions } = question;
  const emission = emissions.find((one) => one.channel === 'model' && one.takesPart);
  const verdict = verdicts.find((one) => one.channel === 'model');
  const encoded =
    emission === undefined || verdict === undefined || notByWeight.includes(verdict.verdict)
      ? null
      : await core.encode(query);
  if (emission === undefined || encoded?.encoder.abilities.weights !== true) return { candidate: null, tried: 0 };
  let tried = 0;
  const weights = core.weightsOf(query, encoded.encoder);
  const emits = async (group: string, weight: number): Promise<boolean> => {
    tried += 1;
    throwIfAborted(question.signal);
    const { hits } = await core.runChannel(withWeight(query, group, weight), 'model', emission.emitted);
    return hits.some((hit) => hit.ordinal === ordinal);
  };
  const moves = encoded.encoder.groups.flatMap((group, g) =>
    encoded.encodings.present[g] === true
      ? [1, -1].map((sign) => ({ group: group.name, from: weights[g] ?? 1, sign }))
      : [],
  );
  for (let distance = step; distance < limit * maxWeight; distance += step) {
    for (const move of moves) {
      const far = move.from + move.sign * distance;
      if (far < minWeight - step || far > maxWeight + step) continue;
      const bounded = Math.min(maxWeight, Math.max(minWeight, far));
      if (bounded === move.from || !(await works(emits, move.group, bounded))) continue;
      const to = await nearestWeight(
        (weight) => works(emits, move.group, weight),
        bounded - Math.sign(bounded - move.from) * Math.min(step, Math.abs(bounded - move.from)),
        bounded,
      );
      const change = { type: 'weight', group: move.group, from: move.from, to } as const;
      return {
        tried,
        candidate: {
          change,
          cost: Math.abs(to - move.from) / maxWeight,
          channel: 'model',
          query: withWeight(query, move.group, to),
        },
      };
    }
  }
  return { candidate: null, tried };
};

/** Weights that cancel every direction bring nothing in. */
const works = async (
  emits: (group: string, weight: number) => Promise<boolean>,
  group: string,
  weight: number,
): Promise<boolean> => {
  try {
    return await emits(group, weight);
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported') return false;
    throw error;
  }
};

const withWeight = (query: RecallQuery, group: string, weight: number): RecallQuery => ({
  ...query,
  weights: { ...query.weights, [group]: weight },
});

/** Between `out` and `inside`: a short number close to where it begins to work, seen to work itself. */
const nearestWeight = async (
  inside: (weight: number) => Promise<boolean>,
  out: number,
  into: number,
): Promise<number> => {
  let [low, high] = [out, into];
  for (let i = 0; i < bisections; i += 1) {
    const middle = (low + high) / 2;
    if (await inside(middle)) high = middle;
    else low = middle;
  }
  const beyond = high + (high - out) * 0.02;
  const short =
    high > out ? shortestDecimal(high, Math.max(high, beyond)) : -shortestDecimal(-high, Math.max(-high, -beyond));
  return short !== high && within(short) && (await inside(short)) ? short : high;
};

const within = (weight: number): boolean => weight >= minWeight && weight <= maxWeight;
