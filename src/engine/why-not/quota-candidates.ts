import { isSolo } from '../../domain/channels.ts';
import { mergeChannels } from '../../domain/merge.ts';
import { changedQuery, quotaOf } from '../../domain/query-change.ts';
import { sourcesOf } from '../../domain/sources.ts';
import type { Searched } from '../../domain/verdict.ts';
import type { RepairCandidate, RepairQuestion } from './candidate.ts';
import { growth, logShare } from './candidates.ts';

/**
 * Per channel that ranks the ad the smallest quota that brings it in: from the query's on one by one, each a merge of
 * the channels' lists. Up to k, for an ad beyond the first k of one channel is beyond the first k of every merge.
 */
export const quotaCandidates = ({
  query,
  ordinal,
  emissions,
}: RepairQuestion): {
  readonly candidates: readonly RepairCandidate[];
  readonly tried: number;
  readonly searched: Searched['quotas'];
} => {
  if (isSolo(query.mode)) return { candidates: [], tried: 0, searched: [] };
  const sources = sourcesOf(query).map((source) => ({
    ...source,
    ordinals: (emissions.find(({ channel }) => channel === source.channel)?.run.hits ?? []).map((hit) => hit.ordinal),
  }));
  const candidates: RepairCandidate[] = [];
  const searched: Array<Searched['quotas'][number]> = [];
  let tried = 0;
  for (const { channel, quota: from, ordinals } of sources) {
    if (from >= query.k || !ordinals.includes(ordinal)) continue;
    let to = from;
    let works = false;
    while (to < query.k && !works) {
      to += 1;
      tried += 1;
      const changed = sources.map((source) => (source.channel === channel ? { ...source, quota: to } : source));
      works = mergeChannels(changed, query.k).ads.some((ad) => ad.ordinal === ordinal);
    }
    searched.push({ channel, from, to });
    const change = works ? quotaOf(query, channel, to) : null;
    if (change === null) continue;
    candidates.push({
      change,
      query: changedQuery(query, change),
      cost: logShare(from, to, growth * query.k),
      channel,
      smallest: { certain: true, ran: { from, to } },
    });
  }
  return { candidates, tried, searched };
};
