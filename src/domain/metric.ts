/** The metric of an index, and so of every score of the model channel. */
export type Space = 'ip' | 'l2' | 'cosine';

export const dotOf = (u: ArrayLike<number>, v: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < u.length; i += 1) sum += (u[i] ?? 0) * (v[i] ?? 0);
  return sum;
};

/** cos(u, v); 0 where one of them has no direction. */
export const cosineOf = (u: ArrayLike<number>, v: ArrayLike<number>): number => {
  const norms = Math.sqrt(dotOf(u, u) * dotOf(v, v));
  return norms > 0 ? dotOf(u, v) / norms : 0;
};

const squaredDistance = (u: ArrayLike<number>, v: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < u.length; i += 1) sum += ((u[i] ?? 0) - (v[i] ?? 0)) ** 2;
  return sum;
};

/** Score of an ad's vector for a user's, higher is better: ⟨u, v⟩, cos(u, v) or −|u − v|², in double. */
export const scoreBetween = (space: Space, u: ArrayLike<number>, v: ArrayLike<number>): number => {
  if (space === 'l2') return 0 - squaredDistance(u, v);
  return space === 'cosine' ? cosineOf(u, v) : dotOf(u, v);
};

/** How a score is written in formulas. */
export const scoreFormula: Readonly<Record<Space, string>> = { ip: '⟨u, v⟩', cosine: 'cos(u, v)', l2: '−|u − v|²' };

/**
 * Scores closer than this are one score: what float32 arithmetic can confuse. Scores of unit vectors lie in [−1, 1];
 * others grow with the norms.
 */
export const tieTolerance = (score: number): number => 1e-6 * Math.max(1, Math.abs(score));

/**
 * The distance from a float32 number to the next one: what an index cannot tell apart there. hnswlib's inner-product
 * distance is 1 − ⟨u, v⟩, so products that differ by less than 6e-8 have one distance.
 */
export const float32Step = (x: number): number =>
  2 ** Math.max(-149, Math.floor(Math.log2(Math.max(Number.MIN_VALUE, Math.abs(x)))) - 23);
