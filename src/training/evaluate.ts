import type { TowerStep } from '../engine/ports/tower-step.ts';
import { normalise, represent } from '../domain/tower/sparse-rows.ts';
import type { SparseRows } from '../domain/tower/sparse-rows.ts';
import type { EmbeddingPass } from './embedding-pass.ts';
import type { SampleColumns } from './samples.ts';

type Scorer = Pick<TowerStep, 'users' | 'scores'>;

const usersPerChunk = 256;
const adsPerChunk = 8192;

/** Unit vectors of the first `count` things (the ads), count×D. */
export const adMatrix = (things: SparseRows, count: number, table: Float32Array, dim: number): Float32Array => {
  const out = new Float32Array(count * dim);
  for (let i = 0; i < count; i += 1) {
    represent(things, i, table, dim, out, i * dim);
    normalise(out, i * dim, dim);
  }
  return out;
};

/**
 * Rank (from 1) of each sample's target among all ads by ⟨u, v⟩: full ranking, no sampled negatives;
 * an equal score at a lower ordinal counts as before.
 */
export const targetRanks = (
  step: Scorer,
  pass: EmbeddingPass,
  samples: SampleColumns,
  ads: Float32Array,
  dim: number,
): Uint32Array => {
  const ranks = new Uint32Array(samples.count).fill(1);
  const adCount = ads.length / dim;
  for (let from = 0; from < samples.count; from += usersPerChunk) {
    const rows = Uint32Array.from({ length: Math.min(usersPerChunk, samples.count - from) }, (_, i) => from + i);
    pass.begin();
    const users = step.users(pass.pool(samples, rows, null), rows.length);
    const own = ownScores(users, samples.targets.subarray(from, from + rows.length), ads, dim, step);
    for (let at = 0; at < adCount; at += adsPerChunk) {
      const columns = Math.min(adsPerChunk, adCount - at);
      const scores = step.scores(users, rows.length, ads.subarray(at * dim, (at + columns) * dim), columns);
      rows.forEach((sample, i) => {
        ranks[sample]! += before(scores, i * columns, columns, own[i]!, samples.targets[sample]! - at);
      });
    }
  }
  return ranks;
};

/** Scores of the targets from the same product as all others, so that ties are ties. */
const ownScores = (
  users: Float32Array,
  targets: Int32Array,
  ads: Float32Array,
  dim: number,
  step: Scorer,
): Float32Array => {
  const chosen = new Float32Array(targets.length * dim);
  targets.forEach((target, i) => chosen.set(ads.subarray(target * dim, (target + 1) * dim), i * dim));
  const scores = step.scores(users, targets.length, chosen, targets.length);
  return Float32Array.from(targets, (_, i) => scores[i * targets.length + i]!);
};

const before = (scores: Float32Array, at: number, columns: number, own: number, target: number): number => {
  let count = 0;
  for (let j = 0; j < columns; j += 1) {
    const score = scores[at + j]!;
    if (j !== target && (score > own || (score === own && j < target))) count += 1;
  }
  return count;
};

export const recallAt = (ranks: Uint32Array, k: number): number =>
  ranks.length === 0 ? 0 : ranks.reduce((hits, rank) => hits + (rank <= k ? 1 : 0), 0) / ranks.length;
