/** A seeded generator (mulberry32): the same seed gives the same world and the same questions. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, n). */
  below(n: number): number;
  /** A standard normal number (Box and Muller). */
  normal(): number;
  pick<T>(items: readonly T[]): T;
  /** `n` different items, or all where there are fewer; the order is random. */
  sample<T>(items: readonly T[], n: number): T[];
  /** Another generator, for a case that is asked beside others: what it draws depends on no other's turn. */
  fork(): Random;
}

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    fork: () => createRandom(below(2 ** 31)),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: <T>(items: readonly T[]): T => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('pick from an empty list');
      return item;
    },
    sample: <T>(items: readonly T[], n: number): T[] => {
      const rest = [...items];
      for (let i = 0; i < Math.min(n, rest.length); i += 1) {
        const j = i + below(rest.length - i);
        [rest[i], rest[j]] = [rest[j] as T, rest[i] as T];
      }
      return rest.slice(0, n);
    },
  };
};
