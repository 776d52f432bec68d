import type { IntervalProbe, SearchBounds } from '../../domain/intervals.ts';
import { maxWeight, minWeight } from '../../domain/query.ts';
import type { EncodedUser } from '../core.ts';
import { yieldToEventLoop, throwIfAborted } from '../interrupt.ts';
import { apart } from './claim.ts';
import type { Claim } from './claim.ts';

/** Below 4/10,000, so that a grid of 10,000 points sees nothing this search does not. */
export const weightBounds: SearchBounds = {
  from: minWeight,
  to: maxWeight,
  minWidth: maxWeight / 2 ** 14,
  tolerance: 1e-7,
};

/** In a merge most stretches are judged point by point: an interval narrower than this may be passed over. */
export const mergedBounds: SearchBounds = { ...weightBounds, minWidth: maxWeight / 2 ** 8 };

const samples = 9;
/** Beyond it nothing can be certain, and no scan is spent on it. */
const hopeless = 0.7;

/** The user vector with one group's weight at `at`, the others fixed. */
export const vectorAt = (
  { encoder, encodings }: EncodedUser,
  weights: Float32Array,
  g: number,
  at: number,
): Float32Array => {
  const row = weights.slice();
  row[g] = at;
  return encoder.fuse(encodings, row, 1);
};

/**
 * A claim along one group's weight. A stretch is certain when the claim is certain within the largest
 * distance of its sampled vectors from the middle one, plus one step between neighbours: the vector is a
 * continuous, piecewise smooth function of the weight.
 */
export const alongWeight = (
  user: EncodedUser,
  weights: Float32Array,
  g: number,
  claim: Claim,
  signal?: AbortSignal,
): IntervalProbe => ({
  inside: (at) => claim.holdsAt(vectorAt(user, weights, g, at)),
  classify: async (from, to) => {
    throwIfAborted(signal);
    const { encoder, encodings } = user;
    const rows = new Float32Array(samples * weights.length);
    for (let i = 0; i < samples; i += 1) {
      rows.set(weights, i * weights.length);
      rows[i * weights.length + g] = from + ((to - from) * i) / (samples - 1);
    }
    const vectors = encoder.fuse(encodings, rows, samples);
    const at = (i: number): Float32Array => vectors.subarray(i * encoder.dim, (i + 1) * encoder.dim);
    const middle = at((samples - 1) / 2);
    let [spread, step] = [0, 0];
    for (let i = 0; i < samples; i += 1) {
      spread = Math.max(spread, apart(at(i), middle));
      if (i > 0) step = Math.max(step, apart(at(i), at(i - 1)));
    }
    if (spread + step > hopeless) return 'mixed';
    await yieldToEventLoop();
    return claim.certain(middle.slice(), spread + step);
  },
});
