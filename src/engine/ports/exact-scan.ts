import type { EligibilityMask } from '../../domain/ads.ts';
import type { Space } from '../../domain/metric.ts';
import type { Hits } from './ad-index.ts';

/**
 * n×D float32, row = ordinal, in a SharedArrayBuffer. In the space `cosine` every row is of unit length (it is made so at
 * opening, as the index does): then ⟨u/|u|, row⟩ is the score.
 */
export interface AdVectors {
  /** The metric of scores over these vectors; absent = `ip`. */
  readonly space?: Space;
  /** 1 = the ad has a vector, by ordinal; rows of the others are 0 and no scan returns them. Absent = all have. */
  readonly present?: Uint8Array;
  readonly count: number;
  readonly dim: number;
  readonly data: Float32Array;
}

export interface ExactRank {
  /** 1 + number of (masked) ads that come before it: higher score, or equal score and lower ordinal. */
  readonly rank: number;
  readonly score: number;
  /** Other ads with exactly this score. */
  readonly ties: number;
}

/** The exact order under one vector and mask. */
export interface ExactRanking {
  readonly top: Hits;
  rankOf(ordinal: number): ExactRank;
}

export interface ExactScan {
  topK(vector: Float32Array, k: number, mask?: EligibilityMask): Promise<Hits>;
  rankOf(vector: Float32Array, ordinal: number, mask?: EligibilityMask): Promise<ExactRank>;
  /** Both answers from one pass over the vectors. */
  standing(
    vector: Float32Array,
    ordinal: number,
    k: number,
    mask?: EligibilityMask,
  ): Promise<{ readonly exact: ExactRank; readonly top: Hits }>;
  /** As `standing` for as many ads as are asked, from one pass over the vectors; each rank then counts n scores. */
  ranking(vector: Float32Array, k: number, mask?: EligibilityMask): Promise<ExactRanking>;
  /** score of each given ordinal, from the same arithmetic as topK */
  scoresOf(vector: Float32Array, ordinals: ArrayLike<number>): Float32Array;
  close(): Promise<void>;
}
