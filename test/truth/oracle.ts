import type { Folder, Space } from './folders.ts';

/** Brute force, in double precision over the float32 numbers of the files. */

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

/** Higher is better: ⟨u, v⟩, cos(u, v) or −|u − v|². The cosine with a zero vector is 0. */
export const scoreOf = (space: Space, u: ArrayLike<number>, v: ArrayLike<number>): number => {
  if (space === 'ip') return dot(u, v);
  if (space === 'l2') return -Array.from(u).reduce((sum, x, i) => sum + (x - (v[i] ?? 0)) ** 2, 0);
  const norms = Math.sqrt(dot(u, u) * dot(v, v));
  return norms === 0 ? 0 : dot(u, v) / norms;
};

/** Two scores nearer than this cannot be told apart in float32: relative to the terms that were summed. */
export const tolerance = (space: Space, u: ArrayLike<number>, v: ArrayLike<number>): number => {
  const [uu, vv] = [dot(u, u), dot(v, v)];
  const scale = space === 'cosine' ? 1 : space === 'ip' ? Math.sqrt(uu * vv) : uu + vv;
  return 4e-6 * Math.max(scale, 1e-12);
};

/**
 * hnswlib computes 1 − ⟨u, v⟩ in float32, and the program prints 1 − that distance: a printed score is off by up to half a
 * step of float32 at its distance, and two ads whose distances differ by less than the step are one to the index. The
 * step is that of this very distance: 2^−24 from ½ to 1 (and below, where ⟨u, v⟩ itself has no finer one), 2^−23 from 1
 * to 2, and so on. It is the only allowance beyond the rounding of the sum (`tolerance`); under l2, whose distances are
 * printed as they are, there is none.
 */
export const indexStep = (space: Space, score: number): number =>
  space === 'l2' ? 0 : 2 ** (Math.floor(Math.log2(Math.max(0.5, Math.abs(1 - score)))) - 23);

export interface Scored {
  readonly adId: string;
  readonly score: number;
  readonly eps: number;
}

/** Every ad that the index holds and that may be shown, best first; ties by ad id in code-unit order. */
export const ranking = (folder: Folder, user: ArrayLike<number>, eligibleOnly: boolean): Scored[] => {
  const { spec, adIds, vectors, deleted, ended } = folder;
  return adIds
    .flatMap((adId, i): Scored[] => {
      const v = vectors[i];
      if (v === undefined || deleted.has(adId) || (eligibleOnly && ended.has(adId))) return [];
      return [{ adId, score: scoreOf(spec.space, user, v), eps: tolerance(spec.space, user, v) }];
    })
    .sort((a, b) => b.score - a.score || (a.adId < b.adId ? -1 : a.adId > b.adId ? 1 : 0));
};

/** Ranks the ad may have where scores within `eps` may stand either way, from 1. */
export const rankRange = (
  all: readonly Scored[],
  adId: string,
  /** Added to what cannot be told apart. */
  step = 0,
): { readonly from: number; readonly to: number; readonly score: number; readonly eps: number } | null => {
  const own = all.find((one) => one.adId === adId);
  if (own === undefined) return null;
  const above = all.filter((one) => one.score > own.score + own.eps + one.eps + step).length;
  const near = all.filter((one) => Math.abs(one.score - own.score) <= own.eps + one.eps + step).length;
  return { from: above + 1, to: above + near, score: own.score, eps: own.eps };
};
