import { seededRandom } from './random.ts';
import { popCount, shapleyBatch, shapleyWeights } from './shapley.ts';

/**
 * Owen value (Owen 1977) of the members of one union when every other union stays whole: an event's
 * share of its group's φ. With m unions in all,
 *   W(T) = Σ_{R ⊆ others} |R|!(m−|R|−1)!/m! · v(R ∪ T),   T ⊆ the union's members,
 * the members' Owen values are the Shapley values of W over T, and their sum W(all) − W(∅) is the
 * union's own Shapley value in the game between unions.
 */

/** Exact up to here without being asked. */
export const exactMembers = 8;
/** Exact on request up to here: 4,096 encodings. */
export const exactMembersOnRequest = 12;

/** Weights of W over the coalitions R of the `others` other unions, in bitmask order; they sum to 1. */
export const quotientWeights = (others: number): Float64Array => {
  const bySize = shapleyWeights(others + 1);
  return Float64Array.from({ length: 2 ** others }, (_, mask) => bySize[popCount(mask)] ?? 0);
};

export interface MemberValues {
  readonly method: 'exact' | 'permutation';
  /** Owen value, members × games row-major; each game's sum to W(all) − W(∅). */
  readonly phi: Float64Array;
  /** Standard error, members × games; all 0 when exact. */
  readonly stderr: Float64Array;
  /** Coalitions of members valued. */
  readonly evaluations: number;
  /** Permutations drawn; 0 when exact. */
  readonly permutations: number;
}

/** W(T) of several coalitions at once, coalitions × games row-major; each row of the input is T by member, 1 = in. */
export type ValueCoalitions = (coalitions: readonly Uint8Array[]) => Promise<Float64Array>;

export interface SamplingOptions {
  /** Most coalitions to value; at least two pairs of permutations' worth are. */
  readonly budget: number;
  readonly seed: number;
}

export interface MemberOptions extends SamplingOptions {
  /** Members up to which the value is exact: 8, on request 12. */
  readonly exactUpTo: number;
}

/** Owen values of `members` in `games` games over the same members. */
export const memberValues = (
  members: number,
  games: number,
  value: ValueCoalitions,
  options: MemberOptions,
): Promise<MemberValues> =>
  members <= options.exactUpTo
    ? exactMemberValues(members, games, value)
    : sampledMemberValues(members, games, value, options);

export const exactMemberValues = async (
  members: number,
  games: number,
  value: ValueCoalitions,
): Promise<MemberValues> => {
  const coalitions = Array.from({ length: 2 ** members }, (_, mask) =>
    Uint8Array.from({ length: members }, (__, i) => (mask >> i) & 1),
  );
  const phi = shapleyBatch(await value(coalitions), members, games);
  return {
    method: 'exact',
    phi,
    stderr: new Float64Array(members * games),
    evaluations: coalitions.length,
    permutations: 0,
  };
};

/**
 * Permutation sampling (Castro et al. 2009) with antithetic pairs (Mitchell et al. 2022): each drawn
 * order is also walked backwards, and the standard error is that of the pairs' means. Every walk
 * telescopes, so the values sum to W(all) − W(∅) whatever the budget.
 */
export const sampledMemberValues = async (
  members: number,
  games: number,
  value: ValueCoalitions,
  options: SamplingOptions,
): Promise<MemberValues> => {
  const random = seededRandom(options.seed);
  const ends = await value([new Uint8Array(members), new Uint8Array(members).fill(1)]);
  const walk = Math.max(1, members - 1);
  const pairs = Math.max(2, Math.floor((options.budget - 2) / (2 * walk)));
  const sum = new Float64Array(members * games);
  const squares = new Float64Array(members * games);
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = random.shuffle(Uint32Array.from({ length: members }, (_, i) => i));
    const orders = [order, order.slice().reverse()];
    const values = await value(orders.flatMap(prefixes));
    const mean = new Float64Array(members * games);
    orders.forEach((walked, i) =>
      addWalk(mean, walked, values.subarray(i * (members - 1) * games, (i + 1) * (members - 1) * games), ends, games),
    );
    mean.forEach((x, i) => {
      sum[i] = (sum[i] ?? 0) + x / 2;
      squares[i] = (squares[i] ?? 0) + (x / 2) ** 2;
    });
  }
  return {
    method: 'permutation',
    phi: sum.map((s) => s / pairs),
    stderr: sum.map((s, i) => Math.sqrt(Math.max(0, ((squares[i] ?? 0) - (s * s) / pairs) / (pairs - 1) / pairs))),
    evaluations: 2 + pairs * 2 * (members - 1),
    permutations: pairs * 2,
  };
};

/** The proper, non-empty prefixes of an order as coalitions, shortest first. */
const prefixes = (order: Uint32Array): Uint8Array[] => {
  const out: Uint8Array[] = [];
  const current = new Uint8Array(order.length);
  for (const member of order.subarray(0, -1)) {
    current[member] = 1;
    out.push(current.slice());
  }
  return out;
};

/** `ends`: W(∅) and W(all) of every game. */
const addWalk = (
  into: Float64Array,
  order: Uint32Array,
  prefixValues: Float64Array,
  ends: Float64Array,
  games: number,
): void => {
  for (let game = 0; game < games; game += 1) {
    let before = ends[game] ?? 0;
    order.forEach((member, i) => {
      const after = i === order.length - 1 ? (ends[games + game] ?? 0) : (prefixValues[i * games + game] ?? 0);
      const at = member * games + game;
      into[at] = (into[at] ?? 0) + after - before;
      before = after;
    });
  }
};
