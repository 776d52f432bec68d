import { RecallError } from '../../errors.ts';
import { dotOf } from '../../domain/metric.ts';
import type { Space } from '../../domain/metric.ts';
import type { AdVectors, ExactRank, ExactScan, Hits } from '../../engine/ports/ports.ts';
import type { EligibilityMask } from '../../domain/ads.ts';
import { createTopK, kernelOf, offer, sortedTop } from './kernel.ts';
import { openPool, workerFile } from './pool.ts';
import type { ScanPool } from './pool.ts';
import { rankingOf } from './ranking.ts';
import { runTask } from './protocol.ts';
import type { ScanAnswer, ScanTask, ScanWork } from './protocol.ts';

/** Columns × rows scanned in about 4 ms on one core: below, a worker's round trip is not worth it. */
export const inlineLimit = 4_000_000;

export interface ScanOptions {
  readonly inlineLimit?: number;
  readonly workers?: number;
}

/**
 * Exact scan over the ad vectors. Small ones are scanned at once; large ones by workers on the same SharedArrayBuffer,
 * started at the first use. Order: score descending, then ordinal ascending. Vectors must be on a SharedArrayBuffer
 * to be scanned by workers; others are scanned inline.
 */
export const openScan = (vectors: AdVectors, options: ScanOptions = {}): ExactScan => {
  const { count, dim, data, space = 'ip' } = vectors;
  const scoreOfRow = kernelOf(space);
  const bitsOf = presentBits(vectors);
  const limit = options.inlineLimit ?? inlineLimit;
  let pool: ScanPool | null = null;
  const shared = data.buffer;
  const file = count * dim > limit && shared instanceof SharedArrayBuffer ? workerFile() : null;
  const start = (worker: string, buffer: SharedArrayBuffer): ScanPool =>
    (pool ??= openPool(
      worker,
      { shared: buffer, byteOffset: data.byteOffset, length: data.length, dim, space },
      options.workers,
    ));
  const runAll = async (work: ScanWork): Promise<ScanAnswer[]> => {
    if (file === null || !(shared instanceof SharedArrayBuffer))
      return [runTask({ data, dim, space }, { ...work, from: 0, until: count })];
    const workers = start(file, shared);
    return Promise.all(split(work, count, workers.size).map((task, i) => workers.run(i, task)));
  };
  const queryOf = (vector: Float32Array): Float64Array => checkedQuery(vector, dim, space);
  const standing: ExactScan['standing'] = async (vector, ordinal, k, mask) => {
    const query = queryOf(vector);
    const target = { score: scoreOfRow(data, checkedOrdinal(ordinal, count) * dim, query), ordinal };
    const answers = await runAll({ query, k: Math.min(k, count), target, ...bitsOf(mask) });
    return { exact: rankOf(target.score, answers), top: merge(answers, Math.min(k, count)) };
  };
  return {
    standing,
    topK: async (vector, k, mask) =>
      merge(
        await runAll({ query: queryOf(vector), k: Math.min(k, count), target: null, ...bitsOf(mask) }),
        Math.min(k, count),
      ),
    rankOf: async (vector, ordinal, mask) => (await standing(vector, ordinal, 0, mask)).exact,
    // In this thread: a message with n scores would cost as much as what a worker saves.
    ranking: (vector, k, mask) => {
      const query = queryOf(vector);
      return Promise.resolve(rankingOf({ data, dim, space, ...bitsOf(mask) }, query, count, k));
    },
    scoresOf: (vector, ordinals) => {
      const query = queryOf(vector);
      return Float32Array.from(ordinals, (ordinal) => scoreOfRow(data, checkedOrdinal(ordinal, count) * dim, query));
    },
    close: async () => {
      await pool?.close();
      pool = null;
    },
  };
};

/** Ads that may be returned: of the mask, those that have a vector. One pass for each mask, kept as long as the mask is. */
const presentBits = ({ present }: AdVectors): ((mask: EligibilityMask | undefined) => { bits?: Uint8Array }) => {
  if (present === undefined) return (mask) => (mask === undefined ? {} : { bits: mask.bits });
  const known = new WeakMap<EligibilityMask, Uint8Array>();
  return (mask) => {
    if (mask === undefined) return { bits: present };
    const bits = known.get(mask) ?? present.map((has, ordinal) => has & (mask.bits[ordinal] ?? 0));
    known.set(mask, bits);
    return { bits };
  };
};

const split = (work: ScanWork, count: number, parts: number): ScanTask[] => {
  const rows = Math.ceil(count / parts);
  return Array.from({ length: parts }, (_, i) => {
    const [from, until] = [Math.min(count, i * rows), Math.min(count, (i + 1) * rows)];
    return { ...work, from, until };
  });
};

const rankOf = (score: number, answers: readonly ScanAnswer[]): ExactRank => ({
  rank: 1 + answers.reduce((sum, { counts }) => sum + counts.ahead, 0),
  score,
  ties: answers.reduce((sum, { counts }) => sum + counts.ties, 0),
});

const merge = (answers: readonly ScanAnswer[], k: number): Hits => {
  const top = createTopK(k);
  for (const { ordinals, scores } of answers) ordinals.forEach((ordinal, i) => offer(top, scores[i]!, ordinal));
  return sortedTop(top);
};

const checkedQuery = (vector: Float32Array, dim: number, space: Space): Float64Array => {
  if (vector.length === dim && vector.every(Number.isFinite))
    return space === 'cosine' ? unit(Float64Array.from(vector)) : Float64Array.from(vector);
  throw new RecallError('bad-vectors', 'the query vector cannot be compared with the ad vectors', {
    expected: `${dim} finite numbers`,
    found: `${vector.length} numbers${vector.every(Number.isFinite) ? '' : ', one of them not finite'}`,
  });
};

const unit = (vector: Float64Array): Float64Array => {
  const norm = Math.sqrt(dotOf(vector, vector));
  return norm > 0 ? vector.map((x) => x / norm) : vector;
};

const checkedOrdinal = (ordinal: number, count: number): number => {
  if (Number.isInteger(ordinal) && ordinal >= 0 && ordinal < count) return ordinal;
  throw new RecallError('internal', 'an ordinal outside the ad vectors', {
    expected: `0 … ${count - 1}`,
    found: String(ordinal),
  });
};
