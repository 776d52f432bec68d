/**
 * Metrics of a ranked list of ad ids against the set of ads the user really engaged with, and of many
 * lists against a catalogue. All are plain numbers without a unit unless stated otherwise.
 */

export const hitsAtK = (list: readonly string[], relevant: ReadonlySet<string>, k: number): number => {
  let hits = 0;
  for (const id of list.slice(0, k)) if (relevant.has(id)) hits += 1;
  return hits;
};

/** Share of the relevant ads within the first k; null without relevant ads. */
export const recallAtK = (list: readonly string[], relevant: ReadonlySet<string>, k: number): number | null =>
  relevant.size === 0 ? null : hitsAtK(list, relevant, k) / relevant.size;

/** Share of the first k that is relevant (always ÷ k, as a short list wastes slots). */
export const precisionAtK = (list: readonly string[], relevant: ReadonlySet<string>, k: number): number =>
  hitsAtK(list, relevant, k) / k;

/** 1 when any relevant ad is within the first k; null without relevant ads. */
export const hitAtK = (list: readonly string[], relevant: ReadonlySet<string>, k: number): number | null =>
  relevant.size === 0 ? null : Math.min(1, hitsAtK(list, relevant, k));

/**
 * DCG = Σ rel_i ÷ log2(i + 1) over its best possible value for this many relevant ads (binary gains); null without any.
 */
export const ndcgAtK = (list: readonly string[], relevant: ReadonlySet<string>, k: number): number | null => {
  if (relevant.size === 0) return null;
  let gain = 0;
  list.slice(0, k).forEach((id, i) => {
    if (relevant.has(id)) gain += 1 / Math.log2(i + 2);
  });
  let ideal = 0;
  for (let i = 0; i < Math.min(k, relevant.size); i += 1) ideal += 1 / Math.log2(i + 2);
  return gain / ideal;
};

/** 1 ÷ rank of the first relevant ad within the first k, 0 when there is none; null without relevant ads. */
export const reciprocalRank = (list: readonly string[], relevant: ReadonlySet<string>, k: number): number | null => {
  if (relevant.size === 0) return null;
  const at = list.slice(0, k).findIndex((id) => relevant.has(id));
  return at < 0 ? 0 : 1 / (at + 1);
};

/** Distinct ads over all lists ÷ ads that could have been shown. */
export const coverage = (lists: Iterable<readonly string[]>, catalogueSize: number): number => {
  const seen = new Set<string>();
  for (const list of lists) for (const id of list) seen.add(id);
  return catalogueSize === 0 ? 0 : seen.size / catalogueSize;
};

/**
 * Mean self-information of a list in bits (Zhou et al. 2010): −log2 of the share of behaviours on the
 * ad, with add-one smoothing so that an ad without a behaviour is finite. Null for an empty list. Added in ascending
 * order: the same ads in another order have exactly the same novelty, not one that differs in its last bit.
 */
export const noveltyBits = <T>(
  list: readonly T[],
  countOf: (ad: T) => number,
  total: number,
  catalogueSize: number,
): number | null => {
  if (list.length === 0) return null;
  const bits = Float64Array.from(list, (id) => -Math.log2((countOf(id) + 1) / (total + catalogueSize))).sort();
  return bits.reduce((sum, x) => sum + x, 0) / list.length;
};

/**
 * Steps of a unit vector's component: as whole numbers below 2^53 the sums of up to 2^15 rows are exact, in whatever
 * order.
 */
const fixedPoint = 2 ** 38;

/**
 * Intra-list diversity (Ziegler et al. 2005): mean of 1 − cosine over all pairs, for n rows of `dim`, of any length: an
 * index by inner product or distance keeps them as they are. A row of zeros has no direction and counts for no pair.
 * By the identity Σ_{i<j}⟨v_i,v_j⟩ = (‖Σv‖² − Σ‖v‖²)/2 over v/‖v‖ it costs n·dim. Null below two rows. Components are
 * added in fixed point (2^−38), so that the order of the rows changes nothing.
 */
export const intraListDiversity = (rows: Float32Array, dim: number): number | null => {
  const sum = new Float64Array(dim);
  let n = 0;
  for (let from = 0; from + dim <= rows.length; from += dim) {
    let squares = 0;
    for (let d = 0; d < dim; d += 1) squares += (rows[from + d] ?? 0) ** 2;
    if (squares === 0) continue;
    const norm = Math.sqrt(squares);
    n += 1;
    for (let d = 0; d < dim; d += 1) sum[d] = (sum[d] ?? 0) + Math.round(((rows[from + d] ?? 0) / norm) * fixedPoint);
  }
  if (n < 2) return null;
  const pairsCosine = (sum.reduce((total, x) => total + (x / fixedPoint) ** 2, 0) - n) / 2;
  return 1 - pairsCosine / ((n * (n - 1)) / 2);
};

/** Share of a list's slots held by the head: `isHead` says which ads belong to it. Null for an empty list. */
export const shareOf = <T>(list: readonly T[], isHead: (ad: T) => boolean): number | null =>
  list.length === 0 ? null : list.filter((ad) => isHead(ad)).length / list.length;

/** Gini coefficient of exposure over a catalogue: 0 = every ad equally often, → 1 = one ad holds all. */
export const gini = (counts: ArrayLike<number>): number => {
  const sorted = Float64Array.from(counts).sort();
  const total = sorted.reduce((sum, x) => sum + x, 0);
  if (total === 0) return 0;
  let weighted = 0;
  sorted.forEach((x, i) => {
    weighted += (2 * (i + 1) - sorted.length - 1) * x;
  });
  return weighted / (sorted.length * total);
};

/** Mean of the values that exist; null when none does. */
export const meanOf = (values: ReadonlyArray<number | null>): number | null => {
  let sum = 0;
  let n = 0;
  for (const value of values)
    if (value !== null) {
      sum += value;
      n += 1;
    }
  return n === 0 ? null : sum / n;
};
