/** Similarity of two ranked lists of distinct ids. */

/**
 * Rank-biased overlap, extrapolated, for lists of any two lengths (Webber, Moffat & Zobel 2010, eq. 32):
 * (1−p)/p · ( Σ_{d=1…l} X_d/d·p^d + Σ_{d=s+1…l} X_s(d−s)/(s·d)·p^d ) + ((X_l − X_s)/l + X_s/s)·p^l,
 * s ≤ l the lengths, X_d the overlap at depth d. 1 = the same list, 0 = disjoint. Two empty lists are the
 * same; an empty and a non-empty one are disjoint.
 */
export const rbo = <T>(a: readonly T[], b: readonly T[], p = 0.9): number => {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const s = short.length;
  const l = long.length;
  if (l === 0) return 1;
  if (s === 0) return 0;
  // The sum falls a rounding short of the 1 that the same list is.
  if (s === l && a.every((id, i) => id === b[i])) return 1;
  const overlaps = overlapByDepth(short, long);
  const at = (depth: number): number => overlaps[depth - 1] ?? 0;
  let sum = 0;
  let power = 1;
  for (let d = 1; d <= l; d += 1) {
    power *= p;
    sum += (at(d) / d) * power;
    if (d > s) sum += ((at(s) * (d - s)) / (s * d)) * power;
  }
  return ((1 - p) / p) * sum + ((at(l) - at(s)) / l + at(s) / s) * power;
};

/** X_d for d = 1 … long.length: ids in both prefixes, the short list ending where it ends. */
const overlapByDepth = <T>(short: readonly T[], long: readonly T[]): Float64Array => {
  const seenShort = new Set<T>();
  const seenLong = new Set<T>();
  let overlap = 0;
  return Float64Array.from(long, (id, i) => {
    const other = short[i];
    seenLong.add(id);
    if (other === undefined) return (overlap += seenShort.has(id) ? 1 : 0);
    seenShort.add(other);
    if (id === other) return (overlap += 1);
    return (overlap += (seenShort.has(id) ? 1 : 0) + (seenLong.has(other) ? 1 : 0));
  });
};

/** |A ∩ B| ÷ |A ∪ B|; two empty lists are the same. */
export const jaccard = (a: readonly string[], b: readonly string[]): number => {
  const left = new Set(a);
  const right = new Set(b);
  const common = [...left].filter((id) => right.has(id)).length;
  const union = left.size + right.size - common;
  return union === 0 ? 1 : common / union;
};

/**
 * Kendall's τ-b of two equally long series (Kendall 1945): (C − D) ÷ √((n₀−n₁)(n₀−n₂)), ties counted in
 * n₁, n₂. Null below two values or where a series is constant: no order to compare.
 */
export const kendallTauB = (x: ArrayLike<number>, y: ArrayLike<number>): number | null => {
  let concordance = 0;
  let differX = 0;
  let differY = 0;
  for (let i = 0; i < x.length; i += 1) {
    for (let j = i + 1; j < x.length; j += 1) {
      const dx = Math.sign((x[i] ?? 0) - (x[j] ?? 0));
      const dy = Math.sign((y[i] ?? 0) - (y[j] ?? 0));
      concordance += dx * dy;
      differX += dx * dx;
      differY += dy * dy;
    }
  }
  const scale = Math.sqrt(differX * differY);
  return scale === 0 ? null : concordance / scale;
};

/** τ-b of the ranks of the ids both lists hold; null when fewer than two are common. */
export const kendallTauOfCommon = (a: readonly string[], b: readonly string[]): number | null => {
  const rankInB = new Map(b.map((id, i) => [id, i]));
  const ranks = a.flatMap((id, i) => {
    const other = rankInB.get(id);
    return other === undefined ? [] : [[i, other] as const];
  });
  return kendallTauB(
    ranks.map(([i]) => i),
    ranks.map(([, j]) => j),
  );
};
