import { byCodeUnit } from '../base/order.ts';
import type { UserId } from './ids.ts';
import { rbo } from './rank-similarity.ts';
import { bootstrapMean, pairedBootstrap } from './significance.ts';

/** A user's list on one side. */
export interface GateList {
  readonly ads: readonly string[];
  /** Places that near-identical ads of the campaign of an ad above them hold. */
  readonly crowded: number;
}

export interface GateUser {
  readonly userId: UserId;
  /** Ads engaged with after as-of. */
  readonly engaged: readonly string[];
  readonly a: GateList;
  readonly b: GateList;
}

/** What speaks against B, with whom and what to look at. */
export interface GateObjection {
  readonly text: string;
  readonly userIds: readonly UserId[];
  readonly adIds: readonly string[];
}

/** One question of the gate. `figures`: what was measured, for a table. */
export interface GateCheck {
  readonly name: string;
  readonly says: string;
  readonly figures: Readonly<Record<string, number | null>>;
  readonly objections: readonly GateObjection[];
}

const [shownUsers, shownAds] = [5, 10];

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, x) => sum + x, 0) / values.length;

export const churnOf = (a: readonly string[], b: readonly string[]): number => 1 - rbo(a, b);

/** The most frequent of these, ties by code unit. */
const mostOf = (ids: readonly string[], most = shownAds): string[] => {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts]
    .sort(([x, a], [y, b]) => b - a || byCodeUnit(x, y))
    .slice(0, most)
    .map(([id]) => id);
};

const leftOf = ({ a, b }: GateUser): string[] => {
  const inB = new Set(b.ads);
  return a.ads.filter((adId) => !inB.has(adId));
};

const worst = (users: readonly GateUser[], of: (user: GateUser) => number): GateUser[] =>
  [...users]
    .filter((user) => of(user) > 0)
    .sort((x, y) => of(y) - of(x) || byCodeUnit(x.userId, y.userId))
    .slice(0, shownUsers);

const fixed = (value: number): string => value.toFixed(3);

export interface ChurnBounds {
  /** Churn of the same users against A's index built again with other seeds, a list a build; null: not measured. */
  readonly noise: ReadonlyArray<readonly number[]> | null;
  /** The largest mean churn that is allowed; null: any. */
  readonly most: number | null;
  readonly seed: number;
}

/** Builds differ among themselves by less than this in the mean, or it is measured as nothing. */
const leastSpread = 0.002;

/**
 * Churn is 1 − RBO of a user's two lists. Beyond the noise: B's churn exceeds that of the mean rebuild by more than the
 * rebuilds differ among themselves, at the lower end of a 99.8 % interval over users.
 */
export const churnCheck = (mode: string, users: readonly GateUser[], { noise, most, seed }: ChurnBounds): GateCheck => {
  const own = users.map(({ a, b }) => churnOf(a.ads, b.ads));
  const changed = mean(own);
  const floors = (noise ?? []).map(mean);
  const excess = own.map((churn, u) => churn - mean((noise ?? []).map((build) => build[u] ?? 0)));
  const low = noise === null ? null : bootstrapMean(excess, { level: 0.998, seed, resamples: 4000 }).low;
  const spread = Math.max(leastSpread, Math.max(0, ...floors) - Math.min(1, ...floors));
  const look = {
    userIds: worst(users, ({ a, b }) => churnOf(a.ads, b.ads)).map(({ userId }) => userId),
    adIds: mostOf(users.flatMap(leftOf)),
  };
  return {
    name: `churn (${mode})`,
    says:
      noise === null
        ? `1 − RBO ${fixed(changed)} over ${users.length} users`
        : `1 − RBO ${fixed(changed)} over ${users.length} users; the index built again gives ${fixed(mean(floors))}`,
    figures: { churn: changed, noise: noise === null ? null : mean(floors), most },
    objections: [
      ...(low !== null && low > spread
        ? [
            {
              text: `lists change more than a rebuild of the index changes them: ${fixed(changed)} against ${fixed(mean(floors))}`,
              ...look,
            },
          ]
        : []),
      ...(most !== null && changed > most
        ? [{ text: `lists change by ${fixed(changed)}, more than ${fixed(most)}`, ...look }]
        : []),
    ],
  };
};

const recallAt = ({ engaged }: GateUser, { ads }: GateList): number => {
  const list = new Set(ads);
  return engaged.filter((adId) => list.has(adId)).length / Math.max(1, engaged.length);
};

/** Recall of engaged ads: the lower end of a 95 % interval of the paired difference stays above −margin. */
export const recallCheck = (
  mode: string,
  all: readonly GateUser[],
  { margin, seed }: { margin: number; seed: number },
): GateCheck => {
  const users = all.filter(({ engaged }) => engaged.length > 0);
  const [a, b] = [users.map((user) => recallAt(user, user.a)), users.map((user) => recallAt(user, user.b))];
  const { meanA, meanB, deltaCi } = pairedBootstrap(a, b, { seed, resamples: 4000 });
  const lost = worst(users, (user) => recallAt(user, user.a) - recallAt(user, user.b));
  const gone = users.flatMap((user) => {
    const [inA, inB] = [new Set(user.a.ads), new Set(user.b.ads)];
    return user.engaged.filter((adId) => inA.has(adId) && !inB.has(adId));
  });
  return {
    name: `recall of engaged ads (${mode})`,
    says: `${fixed(meanA)} → ${fixed(meanB)} over ${users.length} users with engagements, difference at least ${fixed(deltaCi.low)}`,
    figures: { a: meanA, b: meanB, lower95: deltaCi.low, margin },
    objections:
      deltaCi.low < -margin
        ? [
            {
              text: `recall of engaged ads may fall by ${fixed(-deltaCi.low)}, more than ${fixed(margin)}`,
              userIds: lost.map(({ userId }) => userId),
              adIds: mostOf(gone),
            },
          ]
        : [],
  };
};

/** A campaign is lost where a tenth of its places is left, of at least so many: a new model or index moves a few by chance. */
const leastPlaces = { steady: 5, moved: 20 };

/** Campaigns that had places and have next to none. `campaignOf` names an ad's campaign, null where it has none. */
export const campaignCheck = (
  mode: string,
  users: readonly GateUser[],
  campaignOf: (adId: string) => string | null,
  moved: boolean,
): GateCheck => {
  const places = new Map<string, { a: number; b: number; ads: string[]; users: string[] }>();
  const countIn = (side: 'a' | 'b', user: GateUser): void => {
    for (const adId of user[side].ads) {
      const campaign = campaignOf(adId);
      if (campaign === null) continue;
      const at = places.get(campaign) ?? { a: 0, b: 0, ads: [], users: [] };
      at[side] += 1;
      if (side === 'a') at.ads.push(adId);
      if (side === 'a' && at.users.length < shownUsers && at.users.at(-1) !== user.userId) at.users.push(user.userId);
      places.set(campaign, at);
    }
  };
  for (const user of users) {
    countIn('a', user);
    countIn('b', user);
  }
  const least = moved ? Math.max(leastPlaces.moved, users.length / 25) : leastPlaces.steady;
  const lost = [...places]
    .filter(([, { a, b }]) => a >= least && b <= a / 10)
    .sort(([x, p], [y, q]) => q.a - p.a || byCodeUnit(x, y));
  return {
    name: `campaigns (${mode})`,
    says: `${places.size} campaigns with places, ${lost.length} of them lost`,
    figures: { campaigns: places.size, lost: lost.length },
    objections: lost.slice(0, shownAds).map(([campaign, { a, b, ads, users: who }]) => ({
      text: `campaign ${campaign} had ${a} places and has ${b}`,
      userIds: who,
      adIds: mostOf(ads),
    })),
  };
};

/** A feature group on both sides: the users whose vector changes without it, and the ads that leave their lists on A. */
export interface GateGroup {
  readonly group: string;
  readonly a: readonly UserId[];
  readonly b: readonly UserId[];
  readonly adIds: readonly string[];
}

/** As few users may have no input by chance. */
const leastMoved = 3;

/** A group that moves users on A and nobody on B is dead there. */
export const groupsCheck = (groups: readonly GateGroup[], users: number): GateCheck => {
  const dead = groups.filter(({ a, b }) => a.length >= leastMoved && b.length === 0);
  return {
    name: 'feature groups',
    says: `${groups.filter(({ b }) => b.length > 0).length} of ${groups.length} move the vector of any of ${users} users`,
    figures: { groups: groups.length, dead: dead.length },
    objections: dead.map(({ group, a, adIds }) => ({
      text: `group ${group} moves ${a.length} of ${users} users on A and none on B`,
      userIds: a.slice(0, shownUsers),
      adIds: mostOf(adIds),
    })),
  };
};

/** Places that near-identical ads of one campaign take from others. */
export const crowdingCheck = (
  mode: string,
  users: readonly GateUser[],
  { k, margin, seed }: { k: number; margin: number; seed: number },
): GateCheck => {
  const more = users.map(({ a, b }) => b.crowded - a.crowded);
  const { low } = bootstrapMean(more, { seed, resamples: 4000 });
  const most = worst(users, ({ a, b }) => b.crowded - a.crowded);
  return {
    name: `crowding (${mode})`,
    says: `${mean(users.map(({ a }) => a.crowded)).toFixed(2)} → ${mean(users.map(({ b }) => b.crowded)).toFixed(2)} places a list held by near-identical ads of one campaign`,
    figures: { a: mean(users.map(({ a }) => a.crowded)), b: mean(users.map(({ b }) => b.crowded)) },
    objections:
      low > margin * k
        ? [
            {
              text: `near-identical ads of one campaign hold ${mean(more).toFixed(1)} more places a list`,
              userIds: most.map(({ userId }) => userId),
              adIds: mostOf(
                most.flatMap(({ a, b }) => {
                  const before = new Set(a.ads);
                  return b.ads.filter((adId) => !before.has(adId));
                }),
              ),
            },
          ]
        : [],
  };
};

/** Ads of an index in a bad state: no more of them in B. `slack`: how many more are chance, such as of a rebuild. */
export const stateCheck = (name: string, a: readonly string[], b: readonly string[], slack: number): GateCheck => {
  const before = new Set(a);
  const fresh = b.filter((adId) => !before.has(adId));
  return {
    name,
    says: `${a.length} → ${b.length} ads`,
    figures: { a: a.length, b: b.length, slack },
    objections:
      b.length > a.length + slack
        ? [
            {
              text: `${b.length} ads, ${b.length - a.length} more than before`,
              userIds: [],
              adIds: fresh.slice(0, shownAds),
            },
          ]
        : [],
  };
};

/** Chance of a count of rare events: three standard deviations of a Poisson number as large as the largest that was seen. */
export const poissonSlack = (counts: readonly number[]): number => 3 * Math.sqrt(Math.max(0, ...counts) + 1);
