/** What can be chosen about a training run. */
export interface Hyper {
  readonly dim: number;
  readonly hidden: number;
  readonly epochs: number;
  readonly batch: number;
  /** Shared uniform negatives of a batch, beside its own targets. */
  readonly negatives: number;
  readonly rate: number;
  readonly temperature: number;
  /** Probability that a group of a training row is removed. */
  readonly groupDropout: number;
  readonly seed: number;
  readonly maxSamples: number;
  /** Epochs without a better recall@100 before training stops. */
  readonly patience: number;
}

export const defaultHyper: Hyper = {
  dim: 64, hidden: 128, epochs: 8, batch: 256, negatives: 256, rate: 0.002, temperature: 0.15, groupDropout: 0.1, seed: 1, maxSamples: 400_000, patience: 1,
};
