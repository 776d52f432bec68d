import { bisect } from '../../domain/intervals.ts';
import { maxWeight, minWeight } from '../../domain/query.ts';
import type { EncodedUser } from '../core.ts';
import { yieldToEventLoop, throwIfAborted } from '../interrupt.ts';
import { roundedOutwards } from './nearest.ts';
import type { Goal, WeightChange } from './types.ts';
import type { WeightProbe } from './weight-scan.ts';

export interface SeveralQuestion {
  readonly user: EncodedUser;
  readonly weights: Float32Array;
  readonly probe: WeightProbe;
  readonly goal: Goal;
  /** L1 of the best change of one group; null = there is none. */
  readonly best: number | null;
  readonly signal: AbortSignal | undefined;
}

const splits = [0.25, 0.5, 0.75];
const signs = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
] as const;

/**
 * Changes of several groups at once that are smaller, in Σ|Δw|, than the best of one group: rays over every
 * pair of groups (4 sign patterns, 3 splits) and the corners of all groups. Where scores are linear in the
 * weights one group is optimal, so this only gains where ReLU or a bound of [0, 4] bends them. A bounded search: it
 * proves what it finds, rounded outwards to thousandths and run, not that nothing smaller exists.
 */
export const searchSeveral = async (question: SeveralQuestion): Promise<WeightChange[] | null> => {
  const { user, weights, probe, goal } = question;
  const reaches = async (row: Float32Array): Promise<boolean> => (await probe.one(row)) === (goal === 'in');
  const along = (direction: Float64Array, length: number): Float32Array =>
    weights.map((weight, g) => clamp(weight + (direction[g] ?? 0) * length));
  let best: WeightChange[] | null = null;
  let bound = question.best ?? Number.POSITIVE_INFINITY;
  for (const direction of directions(user, weights)) {
    throwIfAborted(question.signal);
    const length = Math.min(reachOf(direction, weights), bound * 0.98);
    if (!(length > 0) || !(await reaches(along(direction, length)))) continue;
    const [near] = await bisect((at) => reaches(along(direction, at)), length, 0, true, 1e-4);
    const changes = changesOf(user, weights, direction, near);
    const l1 = changes.reduce((sum, { from, to }) => sum + Math.abs(to - from), 0);
    // At 0.99 of the change the goal must not be reached yet: else the ray was in before, and is followed down.
    if (
      l1 < bound - 1e-9 &&
      !(await reaches(along(direction, near * 0.99))) &&
      (await reaches(rowOf(user, weights, changes)))
    ) {
      best = changes;
      bound = l1;
    }
    await yieldToEventLoop();
  }
  return best;
};

const rowOf = ({ encoder }: EncodedUser, weights: Float32Array, changes: readonly WeightChange[]): Float32Array =>
  weights.map((weight, g) => changes.find(({ group }) => group === encoder.groups[g]?.name)?.to ?? weight);

const clamp = (weight: number): number => Math.min(maxWeight, Math.max(minWeight, weight));

/** How far along a direction every weight stays within its bounds. */
const reachOf = (direction: Float64Array, weights: Float32Array): number =>
  weights.reduce((least, weight, g) => {
    const d = direction[g] ?? 0;
    return d === 0 ? least : Math.min(least, (d > 0 ? maxWeight - weight : weight - minWeight) / Math.abs(d));
  }, Number.POSITIVE_INFINITY);

/** Directions of L1 length 1 over the groups that can move the vector. */
const directions = ({ encodings }: EncodedUser, weights: Float32Array): Float64Array[] => {
  const movable = Array.from(weights, (_, g) => g).filter((g) => encodings.present[g] === true);
  const out: Float64Array[] = [];
  movable.forEach((a, i) =>
    movable.slice(i + 1).forEach((b) => {
      for (const [signA, signB] of signs) {
        for (const split of splits) {
          const direction = new Float64Array(weights.length);
          direction[a] = signA * split;
          direction[b] = signB * (1 - split);
          out.push(direction);
        }
      }
    }),
  );
  if (movable.length > 2 && movable.length <= 6) {
    for (let mask = 0; mask < 1 << movable.length; mask += 1) {
      out.push(
        Float64Array.from(weights, (_, g) =>
          movable.includes(g) ? ((mask >> movable.indexOf(g)) & 1 ? 1 : -1) / movable.length : 0,
        ),
      );
    }
  }
  return out;
};

const changesOf = (
  { encoder }: EncodedUser,
  weights: Float32Array,
  direction: Float64Array,
  length: number,
): WeightChange[] =>
  encoder.groups.flatMap((group, g) => {
    const from = weights[g] ?? 1;
    const d = direction[g] ?? 0;
    const to = clamp(roundedOutwards(from + d * length, from, 3));
    return d === 0 || to === from ? [] : [{ group: group.name, from, to }];
  });
