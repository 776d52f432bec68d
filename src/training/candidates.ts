import type { Random } from '../domain/random.ts';

/** The ads of one batch that the softmax runs over: the batch's targets and shared uniform negatives, each once. */
export interface Candidates {
  readonly ordinals: Int32Array;
  /** log of the probability to be in the batch. */
  readonly logQ: Float32Array;
  /** Column of each row's target. */
  readonly labels: Int32Array;
}

export interface CandidateSampler {
  draw(targets: Int32Array): Candidates;
}

/**
 * logQ correction (Yi et al. 2019, "Sampling-bias-corrected neural modeling"), for the mixture of
 * in-batch and uniform negatives (Yang et al. 2020): an ad with share p of the training targets is in
 * a batch of B targets and N uniform draws from n ads with probability 1 − (1 − p)^B (1 − 1/n)^N.
 */
export const candidateSampler = (counts: Uint32Array, negatives: number, random: Random): CandidateSampler => {
  const n = counts.length;
  const total = counts.reduce((sum, c) => sum + c, 0);
  const stamp = new Int32Array(n).fill(-1);
  const column = new Int32Array(n);
  let batch = 0;
  const logInclusion = (ordinal: number, rows: number): number =>
    Math.log(
      -Math.expm1(
        rows * Math.log1p(-Math.min(counts[ordinal]! / total, 1 - 1e-9)) + negatives * Math.log1p(-1 / Math.max(n, 2)),
      ),
    );
  return {
    draw: (targets) => {
      batch += 1;
      const ordinals: number[] = [];
      const columnOf = (ordinal: number): number => {
        if (stamp[ordinal] !== batch) {
          stamp[ordinal] = batch;
          column[ordinal] = ordinals.push(ordinal) - 1;
        }
        return column[ordinal]!;
      };
      const labels = targets.map(columnOf);
      for (let i = 0; i < negatives; i += 1) columnOf(random.below(n));
      return {
        ordinals: Int32Array.from(ordinals),
        labels,
        logQ: Float32Array.from(ordinals, (ordinal) => logInclusion(ordinal, targets.length)),
      };
    },
  };
};
