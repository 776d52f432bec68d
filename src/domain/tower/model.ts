import type { GroupSpec } from '../groups.ts';
import type { SparseRows } from './sparse-rows.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Sizes of the tower. D = `dim`, M = `hidden`, G = number of groups. */
export interface TowerShape {
  readonly dim: number;
  readonly hidden: number;
  readonly groups: readonly GroupSpec[];
}

/**
 * The dense part: u = normalise(b + Σ_g w_g A_g h_g + relu(b1 + Σ_g w_g W1_g h_g) W2).
 * Row-major: a is (G·D)×D, w1 is (G·D)×M, w2 is M×D; vectors multiply from the left.
 */
export interface DenseWeights {
  readonly a: Float32Array;
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  readonly w2: Float32Array;
  readonly b: Float32Array;
}

export interface TowerWeights {
  /** vocabulary.size × D, shared by both towers. */
  readonly table: Float32Array;
  /** Logarithms of the pooling weights (see pool.ts). */
  readonly pool: Float32Array;
  readonly dense: DenseWeights;
}

/** A trained two-tower model. */
export interface TowerModel {
  readonly shape: TowerShape;
  readonly vocabulary: Vocabulary;
  /** Ads known at training and what they are made of, by ordinal then. */
  readonly adIds: readonly string[];
  readonly ads: SparseRows;
  readonly weights: TowerWeights;
  /** Softmax temperature of the training: the unit of ⟨u, v⟩. */
  readonly temperature: number;
  /** Trained on data strictly before this instant, ms; null = unknown. */
  readonly builtUntil: number | null;
  /** How it was trained, for people. */
  readonly training: Readonly<Record<string, unknown>>;
}
