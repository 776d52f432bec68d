/**
 * Exact Shapley values (Shapley 1953) of games given by all their coalition values:
 * φ_i = Σ_{S ∌ i} |S|!·(n−|S|−1)!/n! · (v(S ∪ i) − v(S)).
 */

/** Above it 2^n values no longer fit a batch; the manifest allows 12 groups. */
export const maxExactPlayers = 16;

/** |S|!·(n−|S|−1)!/n! by |S|, for 0 … n−1. They sum to 1 over all S without a given player. */
export const shapleyWeights = (players: number): Float64Array => {
  const weights = new Float64Array(players);
  // w(0) = 1/n; w(s) = w(s−1)·s/(n−s): no factorial is ever formed.
  let weight = 1 / Math.max(1, players);
  for (let size = 0; size < players; size += 1) {
    weights[size] = weight;
    weight *= (size + 1) / Math.max(1, players - size - 1);
  }
  return weights;
};

export const popCount = (mask: number): number => {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
};

/**
 * Many games over the same players at once. `values` is 2^players × games row-major: row `mask` is v(S)
 * of every game for the coalition whose members are the set bits of `mask`.
 * Returns players × games row-major. A player that changes no value gets exactly 0.
 */
export const shapleyBatch = (values: Float64Array, players: number, games: number): Float64Array => {
  if (players > maxExactPlayers)
    throw new RangeError(`exact Shapley values of ${players} players need 2^${players} coalitions`);
  if (values.length !== games * 2 ** players)
    throw new RangeError(`${values.length} values for ${players} players × ${games} games`);
  const phi = new Float64Array(players * games);
  const weights = shapleyWeights(players);
  for (let mask = 0; mask < 1 << players; mask += 1) {
    const weight = weights[popCount(mask)] ?? 0;
    for (let player = 0; player < players; player += 1) {
      if (mask & (1 << player)) continue;
      addMarginal(phi, player * games, values, (mask | (1 << player)) * games, mask * games, weight, games);
    }
  }
  return phi;
};

const addMarginal = (
  phi: Float64Array,
  at: number,
  values: Float64Array,
  withPlayer: number,
  without: number,
  weight: number,
  games: number,
): void => {
  for (let game = 0; game < games; game += 1) {
    const marginal = (values[withPlayer + game] ?? 0) - (values[without + game] ?? 0);
    phi[at + game] = (phi[at + game] ?? 0) + weight * marginal;
  }
};

/** One game: `values[mask]` = v(S). Returns φ by player. */
export const shapley = (values: Float64Array, players: number): Float64Array => shapleyBatch(values, players, 1);

/** The residual of the parts: v(N) − v(∅) − Σφ, of the order of the rounding. */
export const shapleyResidual = (score: number, baseline: number, phi: ArrayLike<number>): number => {
  let rest = score - baseline;
  for (let i = 0; i < phi.length; i += 1) rest -= phi[i] ?? 0;
  return rest;
};
