import { isSolo } from '../../domain/channels.ts';
import type { ChannelName } from '../../domain/channels.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { changedQuery, mergeOrder } from '../../domain/query-change.ts';
import type { ChannelVerdict } from '../../domain/verdict.ts';
import { channels } from '../channels/index.ts';
import type { EngineDeps } from '../deps.ts';
import type { RepairCandidate, RepairQuestion } from './candidate.ts';
import type { SmallestList } from './smallest-list.ts';

/** How many times its size a list or quota may grow before all else has been tried. */
export const growth = 10;

/** Share of the log range from `from` to `most` that going to `to` takes; above 1 = out of bounds. */
export const logShare = (from: number, to: number, most: number): number =>
  Math.abs(Math.log((to + 1) / (from + 1))) / Math.log(Math.max(from + 2, most + 1) / (from + 1));

/** Every single change of kind worth running, each within its bounds; numbers have a search of their own. */
export const plainCandidates = (deps: EngineDeps, question: RepairQuestion): RepairCandidate[] => {
  const { query, verdicts } = question;
  return [
    ...verdicts.flatMap((verdict) => forChannel(deps, question, verdict)),
    ...query.excludedEvents.map((eventId): RepairCandidate => ({
      change: { type: 'include-event', eventId },
      cost: 0.25,
      channel: 'model',
      query: { ...query, excludedEvents: query.excludedEvents.filter((id) => id !== eventId) },
    })),
  ].filter((candidate) => candidate.cost <= 1);
};

const rankOf = ({ evidence }: ChannelVerdict): number | null =>
  evidence.type === 'rank' || evidence.type === 'quota' || evidence.type === 'ef'
    ? evidence.rank
    : evidence.type === 'hit'
      ? evidence.hit.rank
      : null;

/** Changes of kind that could let this channel bring the ad. */
const forChannel = (
  deps: EngineDeps,
  { query, ordinal }: RepairQuestion,
  verdict: ChannelVerdict,
): RepairCandidate[] => {
  const { channel } = verdict;
  if (!verdict.takesPart) {
    return query.disabled.includes(channel) && verdict.verdict !== 'not-matched'
      ? [
          {
            change: { type: 'enable', channel },
            cost: 0.25,
            channel,
            query: { ...query, disabled: query.disabled.filter((one) => one !== channel) },
          },
        ]
      : [];
  }
  return [
    ...(verdict.verdict === 'selected' || verdict.verdict === 'quota' ? earlier(query, channel) : []),
    ...(verdict.verdict === 'not-matched' ? channelRepairs(deps, query, channel, ordinal) : []),
  ];
};

/** The channel moved forward in the order of the merge, place by place. */
const earlier = (query: RecallQuery, channel: ChannelName): RepairCandidate[] => {
  const order = mergeOrder(query);
  const from = order.indexOf(channel);
  if (isSolo(query.mode) || from <= 0) return [];
  return Array.from({ length: from }, (_, i) => from - 1 - i).map((to): RepairCandidate => {
    const change = { type: 'merge-order', channel, from, to } as const;
    return { change, cost: (from - to) / order.length, channel, query: changedQuery(query, change) };
  });
};

/** Changes that the channel itself offers for an ad that it does not match. */
const channelRepairs = (
  { catalog }: EngineDeps,
  query: RecallQuery,
  channel: ChannelName,
  ordinal: number,
): RepairCandidate[] =>
  catalog
    .ads([ordinal])
    .flatMap((ad) => channels[channel].repairs?.(query, ad) ?? [])
    .map((trial) => ({ ...trial, channel }));

/** A longer list, with what its search showed; `bound`: where its cost reaches 1. */
export const longerList = (
  query: RecallQuery,
  { k, certain, ran }: SmallestList,
  bound: number,
  channel: ChannelName,
): RepairCandidate => ({
  change: { type: 'k', from: query.k, to: k },
  cost: logShare(query.k, k, bound),
  channel,
  query: { ...query, k },
  smallest: { certain, ran },
});

interface Nearest {
  readonly channel: ChannelName;
  /** Infinity: no channel says. */
  readonly rank: number;
}

/** The channel that ranks the ad best, of those that have it. */
export const nearestOf = (verdicts: readonly ChannelVerdict[]): Nearest | undefined =>
  verdicts
    .filter((verdict) => verdict.takesPart && verdict.verdict !== 'not-matched' && verdict.verdict !== 'not-indexed')
    .map((verdict) => ({ channel: verdict.channel, rank: rankOf(verdict) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.rank - b.rank)[0];
