import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import type { EngineCore } from '../core.ts';
import type { EngineDeps } from '../deps.ts';
import type { AdVectors, ExactScan } from '../ports.ts';

/**
 * Something that is true of some user vectors, decided by exact retrieval: "the ad is in the top k",
 * "the top 10 are these".
 */
export interface Claim {
  holdsAt(vector: Float32Array): Promise<boolean>;
  /**
   * What is certain of every unit vector within `spread` of this one. Two ads x, y keep their order there
   * when ⟨u, v_x − v_y⟩ > spread·‖v_x − v_y‖ (Cauchy–Schwarz); identical rows keep the order of their ids.
   */
  certain(vector: Float32Array, spread: number): Promise<'in' | 'out' | 'mixed'>;
}

/** float32 arithmetic may confuse scores this close. */
const noise = 2e-7;

export interface Exact { readonly scan: ExactScan; readonly vectors: AdVectors }

/** Throws `unsupported` where the workspace cannot rank exactly. */
export const exactOf = ({ scan, vectors }: EngineDeps): Exact => {
  if (scan === null || vectors === null) throw new RecallError('unsupported', 'this needs the exact scan: the workspace has no ad vectors', { todo: 'run `recall-tui index DIR`' });
  return { scan, vectors };
};

const distance = ({ data, dim }: AdVectors, a: number, b: number): number => {
  let sum = 0;
  for (let d = 0; d < dim; d += 1) sum += ((data[a * dim + d] ?? 0) - (data[b * dim + d] ?? 0)) ** 2;
  return Math.sqrt(sum);
};

/** Certain order of x against y at `gap` = s_x − s_y: 1 = x first, −1 = y first, 0 = not certain. */
const order = (vectors: AdVectors, x: number, y: number, gap: number, spread: number): -1 | 0 | 1 => {
  if (Math.abs(gap) > 2 * spread + noise) return gap > 0 ? 1 : -1;
  const apart = distance(vectors, x, y);
  if (apart === 0) return x < y ? 1 : -1;
  return Math.abs(gap) > spread * apart + noise ? (gap > 0 ? 1 : -1) : 0;
};

/** "The ad is among the exact top k of this query's eligible ads." */
export const adInTop = (core: EngineCore, query: RecallQuery, ordinal: number, k: number): Claim => {
  const { scan, vectors } = exactOf(core.deps);
  const mask = core.mask(query) ?? undefined;
  const eligible = mask?.eligible ?? vectors.count;
  const depth = Math.min(eligible, Math.max(256, 8 * k));
  if (mask !== undefined && mask.bits[ordinal] !== 1) return { holdsAt: () => Promise.resolve(false), certain: () => Promise.resolve('out') };
  return {
    holdsAt: async (vector) => (await scan.rankOf(vector, ordinal, mask)).rank <= k,
    certain: async (vector, spread) => {
      const { ordinals, scores } = await scan.topK(vector, depth, mask);
      const own = scan.scoresOf(vector, [ordinal])[0] ?? 0;
      let [above, unsure] = [0, 0];
      for (let i = 0; i < ordinals.length && above < k; i += 1) {
        const other = ordinals[i] ?? 0;
        const gap = (scores[i] ?? 0) - own;
        if (gap < -2 * spread - noise) break;
        const first = other === ordinal ? -1 : order(vectors, other, ordinal, gap, spread);
        if (first === 1) above += 1;
        if (first === 0) unsure += 1;
      }
      if (above >= k) return 'out';
      const covered = ordinals.length >= eligible || (scores[ordinals.length - 1] ?? 0) < own - 2 * spread - noise;
      return covered && above + unsure < k ? 'in' : 'mixed';
    },
  };
};

/** "The exact top n are the same set as at `base`." */
export const sameTop = async (core: EngineCore, query: RecallQuery, n: number, base: Float32Array): Promise<{ claim: Claim; members: readonly number[] }> => {
  const { scan, vectors } = exactOf(core.deps);
  const mask = core.mask(query) ?? undefined;
  const members = [...(await scan.topK(base, n, mask)).ordinals];
  const inside = new Set(members);
  const eligible = mask?.eligible ?? vectors.count;
  const depth = Math.min(eligible, Math.max(128, 8 * n));
  const claim: Claim = {
    holdsAt: async (vector) => (await scan.topK(vector, n, mask)).ordinals.every((ordinal) => inside.has(ordinal)),
    certain: async (vector, spread) => {
      const { ordinals, scores } = await scan.topK(vector, depth, mask);
      const own = scan.scoresOf(vector, members);
      const least = own.reduce((low, score) => Math.min(low, score), Number.POSITIVE_INFINITY);
      let sure = true;
      for (let i = 0; i < ordinals.length; i += 1) {
        const other = ordinals[i] ?? 0;
        const score = scores[i] ?? 0;
        if (score < least - 2 * spread - noise) return sure ? 'in' : 'mixed';
        if (inside.has(other)) continue;
        for (let m = 0; m < members.length; m += 1) {
          const first = order(vectors, members[m] ?? 0, other, (own[m] ?? 0) - score, spread);
          if (first === -1) return 'out';
          if (first === 0) sure = false;
        }
      }
      return sure && ordinals.length >= eligible ? 'in' : 'mixed';
    },
  };
  return { claim, members };
};
