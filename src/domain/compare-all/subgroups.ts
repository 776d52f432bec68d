import { byCodeUnit } from '../../base/order.ts';
import { seededRandom } from '../random.ts';
import { holm, signFlipTest } from '../significance.ts';
import { level } from './metrics.ts';
import type { CompareRow } from './rows.ts';
import { recallDelta } from './shape.ts';

export type Condition = readonly [field: string, value: string];

/** Users for whom a side is worse, described by at most two facts about them. */
export interface LosingGroup {
  readonly conditions: readonly Condition[];
  /** Users with engaged ads that the conditions hold for, and those of them for whom the side is worse. */
  readonly users: number;
  readonly losers: number;
  /** Share of losers here ÷ share of losers among all. */
  readonly lift: number;
  /** Mean of recall at k, b − a, of these users. */
  readonly delta: number;
  /**
   * Sign-flip test on the half of the users that played no part in finding the group; Holm over the groups of the side.
   */
  readonly p: number;
  readonly pHolm: number;
  readonly flagged: boolean;
}

export interface LosingGroups {
  readonly a: readonly LosingGroup[];
  readonly b: readonly LosingGroup[];
}

interface User {
  readonly conditions: readonly Condition[];
  /** How much worse the side is: positive = it loses. */ readonly loss: number;
}
interface Candidate {
  readonly conditions: readonly Condition[];
  n: number;
  sum: number;
}

const mostGroups = 5;
const leastUsers = 8;
const leastShare = 0.02;

const keyOf = (conditions: readonly Condition[]): string => JSON.stringify(conditions);
const holds = (user: User, conditions: readonly Condition[]): boolean =>
  conditions.every(([field, value]) => user.conditions.some((own) => own[0] === field && own[1] === value));
const inOrder = (x: Condition, y: Condition): number => byCodeUnit(x[0], y[0]) || byCodeUnit(x[1], y[1]);

const candidatesOf = (users: readonly User[]): Map<string, Candidate> => {
  const found = new Map<string, Candidate>();
  const count = (conditions: readonly Condition[], loss: number): void => {
    const key = keyOf(conditions);
    const own = found.get(key) ?? { conditions, n: 0, sum: 0 };
    own.n += 1;
    own.sum += loss;
    found.set(key, own);
  };
  for (const { conditions, loss } of users) {
    conditions.forEach((first, i) => {
      count([first], loss);
      for (const second of conditions.slice(i + 1)) count([first, second], loss);
    });
  }
  return found;
};

const sharedUsers = (users: readonly User[], x: readonly Condition[], y: readonly Condition[]): number => {
  let [both, either] = [0, 0];
  for (const user of users) {
    const [inX, inY] = [holds(user, x), holds(user, y)];
    if (inX && inY) both += 1;
    if (inX || inY) either += 1;
  }
  return either === 0 ? 0 : both / either;
};

/**
 * The best groups by q = √(n ÷ N) · (mean loss in the group − mean loss); a pair only where it beats both of its
 * facts, none that is nearly another.
 */
const discover = (users: readonly User[]): Array<readonly Condition[]> => {
  const all = candidatesOf(users);
  const mean = users.reduce((sum, { loss }) => sum + loss, 0) / users.length;
  const least = Math.max(leastUsers / 2, leastShare * users.length);
  const quality = ({ n, sum }: Candidate): number => Math.sqrt(n / users.length) * (sum / n - mean);
  const part = (condition: Condition): number => {
    const own = all.get(keyOf([condition]));
    return own === undefined ? 0 : quality(own);
  };
  const kept = [...all.values()]
    .filter((one) => one.n >= least && one.n < users.length && one.sum > 0 && quality(one) > 0)
    .filter(
      (one) =>
        one.conditions.length === 1 || one.conditions.every((condition) => quality(one) > part(condition) + 1e-9),
    )
    .map((one) => ({ conditions: one.conditions, q: quality(one) }))
    .sort(
      (x, y) =>
        y.q - x.q || x.conditions.length - y.conditions.length || byCodeUnit(keyOf(x.conditions), keyOf(y.conditions)),
    );
  const chosen: Array<readonly Condition[]> = [];
  for (const { conditions } of kept) {
    if (chosen.length === mostGroups) break;
    if (chosen.every((one) => sharedUsers(users, one, conditions) < 0.8)) chosen.push(conditions);
  }
  return chosen;
};

const groupsOf = (
  users: readonly User[],
  sign: 1 | -1,
  { seed, draws }: { seed: number; draws: number },
): LosingGroup[] => {
  if (users.length < 4 * leastUsers) return [];
  const order = seededRandom(seed).shuffle(Uint32Array.from(users, (_, i) => i));
  const half = (from: number): User[] => users.filter((_, i) => (order[i] ?? 0) % 2 === from);
  const [seen, unseen] = [half(0), half(1)];
  const overall = users.filter(({ loss }) => loss > 0).length / users.length;
  const found = discover(seen).map((conditions) => {
    const members = users.filter((user) => holds(user, conditions));
    const losers = members.filter(({ loss }) => loss > 0).length;
    return {
      conditions,
      users: members.length,
      losers,
      lift: overall === 0 ? 0 : losers / members.length / overall,
      delta: (-sign * members.reduce((sum, { loss }) => sum + loss, 0)) / members.length,
      p: signFlipTest(
        unseen.filter((user) => holds(user, conditions)).map(({ loss }) => loss),
        { seed, draws },
      ).p,
    };
  });
  const adjusted = holm(found.map(({ p }) => p));
  return found.map((group, i) => ({ ...group, pHolm: adjusted[i] ?? 1, flagged: (adjusted[i] ?? 1) < level }));
};

/**
 * Subgroup discovery (Klösgen 1996; Wrobel 1997) over the segment facts of the users, conjunctions of at most two: on
 * which users side a, and on which side b, has the worse recall at k. Groups are found on one half of the users and
 * tested on the other (data splitting, Cox 1975), so that looking through hundreds of groups costs the test nothing.
 */
export const losingGroups = (
  rows: readonly CompareRow[],
  k: number,
  options: { seed: number; draws?: number },
): LosingGroups => {
  const { seed, draws = 10_000 } = options;
  const of = (sign: 1 | -1): LosingGroup[] =>
    groupsOf(
      rows.flatMap((row): User[] => {
        const delta = recallDelta(row, k);
        return delta === null ? [] : [{ conditions: [...row.segments].sort(inOrder), loss: -sign * delta }];
      }),
      sign,
      { seed, draws },
    );
  return { a: of(-1), b: of(1) };
};
