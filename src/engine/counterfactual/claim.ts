import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import type { EngineCore } from '../core.ts';
import type { EngineDeps } from '../deps.ts';
import type { AdVectors, ExactScan } from '../ports/ports.ts';

/**
 * Something that is true of some user vectors, decided by exact retrieval: "the ad is in the top k",
 * "the top 10 are these".
 */
export interface Claim {
  holdsAt(vector: Float32Array): Promise<boolean>;
  /**
   * The statements that hold for every unit vector within `spread` of this one. Two ads x, y keep their order there
   * when ⟨u, v_x − v_y⟩ > spread·‖v_x − v_y‖ (Cauchy–Schwarz); identical rows keep the order of their ids.
   */
  certain(vector: Float32Array, spread: number): Promise<'in' | 'out' | 'mixed'>;
}

/** float32 arithmetic may confuse scores this close. */
const noise = 2e-7;

export interface Exact {
  readonly scan: ExactScan;
  readonly vectors: AdVectors;
}

/** Throws `unsupported` where the workspace cannot rank exactly. */
export const exactOf = ({ scan, vectors }: EngineDeps): Exact => {
  if (scan === null || vectors === null)
    throw new RecallError('unsupported', 'this needs the exact scan: the workspace has no ad vectors', {
      todo: 'run `recall-tui index DIR`',
    });
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

/** ‖a − b‖ */
export const apart = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let d = 0; d < a.length; d += 1) sum += ((a[d] ?? 0) - (b[d] ?? 0)) ** 2;
  return Math.sqrt(sum);
};

/**
 * Within `spread` of `centre` only the ads of `unsure` can change places with the subject; `above` of the others stand
 * before it.
 */
interface Neighbourhood {
  readonly centre: Float32Array;
  readonly spread: number;
  readonly above: number;
  readonly unsure: readonly number[];
}

/** The neighbourhoods met last: a search that narrows down scores a few ads instead of all. */
const createNeighbourhoods = (): {
  around(vector: Float32Array, spread: number): Neighbourhood | null;
  keep(one: Neighbourhood): void;
} => {
  const kept: Neighbourhood[] = [];
  return {
    around: (vector, spread) => kept.find((one) => apart(vector, one.centre) + spread <= one.spread) ?? null,
    keep: (one) => {
      // The newest is the narrowest: it is asked first.
      kept.unshift(one);
      if (kept.length > 24) kept.pop();
    },
  };
};

/** "The ad is among the exact top k of this query's eligible ads." */
export const adInTop = (core: EngineCore, query: RecallQuery, ordinal: number, k: number): Claim => {
  const { scan, vectors } = exactOf(core.deps);
  const mask = core.mask(query) ?? undefined;
  if (mask !== undefined && mask.bits[ordinal] !== 1)
    return { holdsAt: () => Promise.resolve(false), certain: () => Promise.resolve('out') };
  const eligible = mask?.eligible ?? vectors.count;
  const depth = Math.min(eligible, Math.max(512, 16 * k));
  const near = createNeighbourhoods();

  /** Ads that may stand above, best first where scanned; `rest` bounds the scores of all others. */
  const rivals = async (
    vector: Float32Array,
    spread: number,
  ): Promise<{ above: number; ordinals: ArrayLike<number>; scores: ArrayLike<number>; own: number; rest: number }> => {
    const known = near.around(vector, spread);
    if (known !== null) {
      const scores = scan.scoresOf(vector, [ordinal, ...known.unsure]);
      return {
        above: known.above,
        ordinals: known.unsure,
        scores: scores.subarray(1),
        own: scores[0] ?? 0,
        rest: Number.NEGATIVE_INFINITY,
      };
    }
    const { ordinals, scores } = await scan.topK(vector, depth, mask);
    return {
      above: 0,
      ordinals,
      scores,
      own: scan.scoresOf(vector, [ordinal])[0] ?? 0,
      rest: ordinals.length >= eligible ? Number.NEGATIVE_INFINITY : (scores[ordinals.length - 1] ?? 0),
    };
  };
  return {
    holdsAt: async (vector) => {
      const known = near.around(vector, 0);
      if (known === null) return (await scan.rankOf(vector, ordinal, mask)).rank <= k;
      const [own = 0, ...others] = scan.scoresOf(vector, [ordinal, ...known.unsure]);
      return (
        known.above +
          others.filter((score, i) => score > own || (score === own && (known.unsure[i] ?? 0) < ordinal)).length <
        k
      );
    },
    certain: async (vector, spread) => {
      const found = await rivals(vector, spread);
      const unsure: number[] = [];
      let { above } = found;
      for (let i = 0; i < found.ordinals.length && above < k; i += 1) {
        const other = found.ordinals[i] ?? 0;
        if (other === ordinal) continue;
        const first = order(vectors, other, ordinal, (found.scores[i] ?? 0) - found.own, spread);
        if (first === 1) above += 1;
        if (first === 0) unsure.push(other);
      }
      if (above >= k) return 'out';
      if (found.rest >= found.own - 2 * spread - noise) return 'mixed';
      near.keep({ centre: vector, spread, above, unsure });
      return above + unsure.length < k ? 'in' : 'mixed';
    },
  };
};

/** "The exact top n are the same set as at `base`." */
export const sameTop = async (
  core: EngineCore,
  query: RecallQuery,
  n: number,
  base: Float32Array,
): Promise<{ claim: Claim; members: readonly number[] }> => {
  const { scan, vectors } = exactOf(core.deps);
  const mask = core.mask(query) ?? undefined;
  const members = [...(await scan.topK(base, n, mask)).ordinals];
  const inside = new Set(members);
  const eligible = mask?.eligible ?? vectors.count;
  const depth = Math.min(eligible, Math.max(512, 16 * n));
  const near = createNeighbourhoods();
  const outsiders = async (
    vector: Float32Array,
    spread: number,
  ): Promise<{ ordinals: readonly number[]; rest: number }> => {
    const known = near.around(vector, spread);
    if (known !== null) return { ordinals: known.unsure, rest: Number.NEGATIVE_INFINITY };
    const { ordinals, scores } = await scan.topK(vector, depth, mask);
    return {
      ordinals: [...ordinals].filter((ordinal) => !inside.has(ordinal)),
      rest: ordinals.length >= eligible ? Number.NEGATIVE_INFINITY : (scores[ordinals.length - 1] ?? 0),
    };
  };
  const claim: Claim = {
    holdsAt: async (vector) => {
      const known = near.around(vector, 0);
      if (known === null) return (await scan.topK(vector, n, mask)).ordinals.every((ordinal) => inside.has(ordinal));
      const own = scan.scoresOf(vector, members);
      const others = scan.scoresOf(vector, known.unsure);
      return members.every((member, m) =>
        known.unsure.every((other, i) => {
          const gap = (own[m] ?? 0) - (others[i] ?? 0);
          return gap > 0 || (gap === 0 && member < other);
        }),
      );
    },
    certain: async (vector, spread) => {
      const { ordinals, rest } = await outsiders(vector, spread);
      const own = scan.scoresOf(vector, members);
      const others = scan.scoresOf(vector, ordinals);
      const unsure: number[] = [];
      for (const [i, other] of ordinals.entries()) {
        const orders = members.map((member, m) =>
          order(vectors, member, other, (own[m] ?? 0) - (others[i] ?? 0), spread),
        );
        if (orders.includes(-1)) return 'out';
        if (orders.includes(0)) unsure.push(other);
      }
      const least = own.reduce((low, score) => Math.min(low, score), Number.POSITIVE_INFINITY);
      if (rest >= least - 2 * spread - noise) return 'mixed';
      near.keep({ centre: vector, spread, above: 0, unsure });
      return unsure.length === 0 ? 'in' : 'mixed';
    },
  };
  return { claim, members };
};
