/** The settings of a training run. */
export interface Hyper {
  readonly dim: number;
  readonly hidden: number;
  /** Most passes over the samples. */
  readonly epochs: number;
  readonly batch: number;
  /** Shared uniform negatives of a batch, in addition to its own targets. */
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

/** `epochs`, `patience` and `groupDropout` null: fitted to the data by `fitHyper`. */
export type HyperChoice = Omit<Hyper, 'epochs' | 'patience' | 'groupDropout'> & {
  readonly [K in 'epochs' | 'patience' | 'groupDropout']: number | null;
};

export const defaultHyper: HyperChoice = {
  dim: 64,
  hidden: 128,
  epochs: null,
  batch: 512,
  negatives: 256,
  rate: 0.003,
  temperature: 0.12,
  groupDropout: null,
  seed: 1,
  maxSamples: 400_000,
  patience: null,
};

/**
 * About 3,000 steps in 5 to 20 passes: small data is gone through more often. A single group is rarely
 * dropped, as nothing but the bias is left without it; of many, one in seven.
 */
export const fitHyper = (choice: HyperChoice, samples: number, groups: number): Hyper => {
  const epochs = choice.epochs ?? Math.min(20, Math.max(5, Math.round((3000 * choice.batch) / Math.max(1, samples))));
  return {
    ...choice,
    epochs,
    patience: choice.patience ?? Math.max(1, Math.round(epochs / 5)),
    groupDropout: choice.groupDropout ?? 0.05 * Math.min(3, groups),
  };
};
