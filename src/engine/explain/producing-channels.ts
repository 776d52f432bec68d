import type { ProducingChannel } from '../../domain/explanation.ts';
import { takesPart } from '../../domain/explanation.ts';
import { channelNames, isRule } from '../../domain/channels.ts';
import type { ChannelName } from '../../domain/channels.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { Candidate } from '../../domain/result.ts';
import type { EngineCore } from '../core.ts';

/** How many ads a channel emits when it is asked alone: a rule its quota, model and i2i a whole list. */
export const ownLimit = (query: RecallQuery, channel: ChannelName): number =>
  isRule(channel) ? (query.rules.quota[channel] ?? 0) : query.k;

/**
 * Every channel that emits the ad: those that put it into the query's list (`candidate`), and those
 * that would, asked alone, though the query's mode does not use them.
 */
export const producingChannels = async (
  core: EngineCore,
  query: RecallQuery,
  ordinal: number,
  candidate: Candidate | null,
): Promise<ProducingChannel[]> => {
  const out: ProducingChannel[] = [];
  for (const channel of channelNames) {
    const part = takesPart(query, channel);
    const hit = candidate?.channels.find((one) => one.channel === channel);
    if (hit !== undefined) {
      out.push({ ...hit, takesPart: part });
      continue;
    }
    const { hits } = await core.runChannel(query, channel, ownLimit(query, channel));
    const at = hits.findIndex((one) => one.ordinal === ordinal);
    const emitted = hits[at];
    if (emitted !== undefined)
      out.push({ channel, rank: at + 1, score: emitted.score, evidence: emitted.evidence, takesPart: part });
  }
  return out;
};
