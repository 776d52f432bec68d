import type { DenseWeights, TowerShape } from '../../domain/tower/model.ts';
import type { BackendInfo } from './ports.ts';

/** One batch of sampled softmax. B rows, C distinct candidate ads. */
export interface TowerBatch {
  readonly rows: number;
  readonly candidates: number;
  /** B×(G·D): pooled groups w_g h_g, 0 where a group is empty or dropped. */
  readonly pooled: Float32Array;
  /** C×D: representations e(ad) before normalisation. */
  readonly ads: Float32Array;
  /** C: log of the probability that the candidate is in the batch; subtracted from its logits. */
  readonly logQ: Float32Array;
  /** B: the engaged ad's column. */
  readonly labels: Int32Array;
}

export interface TowerGradients {
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  /** B×(G·D) */
  readonly pooled: Float32Array;
  /** C×D */
  readonly ads: Float32Array;
}

/**
 * The part of training that runs in TensorFlow: the dense weights live there, the tables do not (its wasm backend
 * has no gradient of gather).
 */
export interface TowerStep {
  readonly backend: BackendInfo;
  /** Updates the dense weights by one Adam step; returns the gradients of what was fed in. */
  learn(batch: TowerBatch, rate: number): TowerGradients;
  /** n×D unit user vectors of n×(G·D) pooled groups. */
  users(pooled: Float32Array, rows: number): Float32Array;
  /** rows×columns inner products of unit vectors. */
  scores(users: Float32Array, rows: number, ads: Float32Array, columns: number): Float32Array;
  dense(): DenseWeights;
  dispose(): void;
}

export interface TowerStepOptions {
  readonly shape: TowerShape;
  readonly initial: DenseWeights;
  readonly temperature: number;
}
