import type { DropReason } from '../ads.ts';
import type { ChannelName } from '../channels.ts';
import { isSolo } from '../channels.ts';
import type { GroupName } from '../groups.ts';
import type { Loss, UserLosses } from '../losses.ts';
import { mergeOrder, quotaOf } from '../query-change.ts';
import type { SettingChange } from '../query-change.ts';
import type { RecallQuery } from '../query.ts';
import { sourcesOf } from '../sources.ts';

/** One change that is run over all users: a setting of the query, or an overlay of what the ads are. */
export type FunnelChange =
  | SettingChange
  /** These near-identical ads of the campaigns in question are taken out of every list. */
  | { readonly type: 'without-duplicates'; readonly adIds: readonly string[] }
  /** This filter does not apply to the ads in question; to all others it does. */
  | { readonly type: 'lift'; readonly filter: DropReason };

/** A kind of change of the list that was not run, and why. */
export interface NotRun {
  readonly kind: 'ef' | 'k' | 'weight' | 'quota' | 'order' | 'without-duplicates' | 'lift';
  readonly why: string;
}

export interface ChangePlan {
  readonly changes: readonly FunnelChange[];
  readonly notRun: readonly NotRun[];
}

/** How far a setting is moved at most: a list or a quota twice as long, quotas also to k. ef: as far as certificates say. */
export const reach = 2;
/** Channels whose quota and place are tried: those with most users. */
const mostChannels = 2;
/** Share of the users within reach whom a chosen value serves; the rest would need far more for few. */
const served = 0.9;

export interface PlanFacts {
  readonly query: RecallQuery;
  readonly rows: readonly UserLosses[];
  readonly adCount: number;
  /** Near-identical ads that stand for one that stays; empty: there are none. */
  readonly duplicates: readonly string[];
}

/** Losses of the users with none of the ads in their list. */
const lostUsers = (rows: readonly UserLosses[]): ReadonlyArray<readonly Loss[]> =>
  rows.flatMap(({ losses }) =>
    losses.length === 0 || losses.some(({ verdict }) => verdict === 'recalled') ? [] : [losses],
  );

/** The least each user needs, for those who need any, ascending. */
const needs = (users: ReadonlyArray<readonly Loss[]>, of: (loss: Loss) => number | null): number[] =>
  users
    .flatMap((losses) => {
      const own = losses.flatMap((loss) => of(loss) ?? []);
      return own.length === 0 ? [] : [Math.min(...own)];
    })
    .sort((a, b) => a - b);

/** The smallest value that serves this share of them; null: there are none. */
const serving = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;

const distinct = (values: ReadonlyArray<number | null>): number[] => [
  ...new Set(values.flatMap((value) => value ?? [])),
];

/**
 * Which changes are worth a run over all users: the value of each setting comes from the certificates and ranks of these
 * users, so that few are run. Weights say nothing of themselves before they are run; they are not planned here.
 */
export const planChanges = (facts: PlanFacts): ChangePlan => {
  const users = lostUsers(facts.rows);
  const parts = [
    planEf(facts, users),
    planLength(facts, users),
    planChannels(facts, users),
    planOverlays(facts, users),
  ];
  return { changes: parts.flatMap(({ changes }) => changes), notRun: parts.flatMap(({ notRun }) => notRun) };
};

type Users = ReadonlyArray<readonly Loss[]>;

const planEf = ({ query }: PlanFacts, users: Users): ChangePlan => {
  const asked = needs(users, ({ verdict, ef }) => (verdict === 'ann-missed' ? ef : null));
  const values = distinct([serving(asked, served), asked.at(-1) ?? null]);
  return values.length === 0
    ? { changes: [], notRun: [{ kind: 'ef', why: 'the index missed none of these ads for a user who lacks them all' }] }
    : { changes: values.map((to) => ({ type: 'ef', from: query.ef, to })), notRun: [] };
};

const planLength = ({ query, adCount }: PlanFacts, users: Users): ChangePlan => {
  const most = Math.min(adCount, reach * query.k);
  if (most <= query.k) return { changes: [], notRun: [] };
  // In a merge no rank says how long a list has to be.
  if (!isSolo(query.mode)) return { changes: [{ type: 'k', from: query.k, to: most }], notRun: [] };
  const asked = needs(users, ({ verdict, rank }) => (verdict === 'below-cutoff' ? rank : null));
  const within = asked.filter((rank) => rank > query.k && rank <= most);
  const to = serving(within, served);
  if (to !== null) return { changes: [{ type: 'k', from: query.k, to }], notRun: [] };
  const nearest = asked.find((rank) => rank > most);
  const why =
    nearest === undefined ? 'no user lacks these ads for want of a longer list' : `the nearest user needs k ${nearest}`;
  return { changes: [], notRun: [{ kind: 'k', why }] };
};

const planChannels = ({ query }: PlanFacts, users: Users): ChangePlan => {
  if (isSolo(query.mode))
    return {
      changes: [],
      notRun: [{ kind: 'quota', why: `mode ${query.mode} has one channel: its list has no quota and no place` }],
    };
  const changes = [...planQuotas(query, users), ...planOrder(query, users)];
  return {
    changes,
    notRun: changes.length > 0 ? [] : [{ kind: 'quota', why: 'no channel ranks these ads within k' }],
  };
};

/** Channels of losses of these kinds, those of most users first. */
const channelsOf = (users: Users, kinds: readonly Loss['verdict'][], query: RecallQuery): ChannelName[] => {
  const counts = new Map<ChannelName, number>();
  for (const losses of users)
    for (const channel of new Set(
      losses.flatMap((loss) => (kinds.includes(loss.verdict) && loss.channel !== null ? [loss.channel] : [])),
    ))
      counts.set(channel, (counts.get(channel) ?? 0) + 1);
  const order = mergeOrder(query);
  return [...counts].sort(([a, m], [b, n]) => n - m || order.indexOf(a) - order.indexOf(b)).map(([channel]) => channel);
};

/** No quota above k can help: an ad beyond the first k of one channel is beyond the first k of every merge. */
const planQuotas = (query: RecallQuery, users: Users): FunnelChange[] =>
  channelsOf(users, ['quota'], query)
    .slice(0, mostChannels)
    .flatMap((channel) => {
      const quota = sourcesOf(query).find((one) => one.channel === channel)?.quota ?? 0;
      const asked = needs(users, (loss) => (loss.verdict === 'quota' && loss.channel === channel ? loss.rank : null));
      const within = (most: number): number[] => asked.filter((rank) => rank > quota && rank <= most);
      return distinct([serving(within(reach * quota), served), serving(within(query.k), served)])
        .sort((a, b) => a - b)
        .flatMap((to) => quotaOf(query, channel, to) ?? []);
    });

const planOrder = (query: RecallQuery, users: Users): FunnelChange[] =>
  channelsOf(users, ['quota', 'merged-out'], query)
    .map((channel) => ({ channel, from: mergeOrder(query).indexOf(channel) }))
    .filter(({ from }) => from > 0)
    .slice(0, mostChannels)
    .map(({ channel, from }) => ({ type: 'merge-order', channel, from, to: 0 }));

const planOverlays = ({ duplicates }: PlanFacts, users: Users): ChangePlan => {
  const crowded = users.some((losses) => losses.some(({ crowding }) => crowding > 0));
  const filters = new Set(
    users.flatMap((losses) => losses.flatMap(({ verdict, detail }) => (verdict === 'ineligible' ? [detail] : []))),
  );
  return {
    changes: [
      ...(crowded && duplicates.length > 0 ? [{ type: 'without-duplicates', adIds: duplicates } as const] : []),
      ...[...filters].flatMap((filter): FunnelChange[] =>
        filter === null || filter === 'deleted' ? [] : [{ type: 'lift', filter }],
      ),
    ],
    notRun: [
      ...(crowded && duplicates.length > 0
        ? []
        : [
            {
              kind: 'without-duplicates' as const,
              why: 'no near-identical ad of the own campaign holds a place where one of these ads is lost',
            },
          ]),
      ...(filters.size > 0
        ? []
        : [{ kind: 'lift' as const, why: 'no filter drops these ads for a user who lacks them' }]),
    ],
  };
};

/** Weights that are tried on the nearest users, as factors of what they are; 0 removes the group, 4 is the largest weight. */
export const weightFactors: readonly number[] = [0, 0.5, 1.5, 2];
/** So many users are asked, those to whom the fewest ranks are missing. */
export const nearestUsers = 100;

/** Every weight of the grid; what a group's weight is now is none of them. */
export const weightGrid = (query: RecallQuery, groups: readonly GroupName[], most: number): SettingChange[] =>
  groups.flatMap((group) => {
    const from = query.weights[group] ?? 1;
    return distinct(weightFactors.map((factor) => Math.min(most, factor * (from === 0 ? 1 : from))))
      .filter((to) => to !== from)
      .map((to): SettingChange => ({ type: 'weight', group, from, to }));
  });

/** Users who lack all the ads, and to whom the model channel is nearest by rank: whom a weight may bring one. */
export const nearestToModel = (rows: readonly UserLosses[], count: number): string[] =>
  rows
    .flatMap(({ userId, losses }) => {
      if (losses.some(({ verdict }) => verdict === 'recalled')) return [];
      const ranks = losses.flatMap(({ channel, verdict, rankMargin }) =>
        channel === 'model' && (verdict === 'below-cutoff' || verdict === 'quota') ? (rankMargin ?? []) : [],
      );
      return ranks.length === 0 ? [] : [{ userId, missing: Math.min(...ranks) }];
    })
    .sort((a, b) => a.missing - b.missing || (a.userId < b.userId ? -1 : 1))
    .slice(0, count)
    .map(({ userId }) => userId);
