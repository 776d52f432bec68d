import type { RecallQuery } from '../../domain/query.ts';
import type { ChannelVerdict } from '../../domain/verdict.ts';
import { channels } from '../channels/index.ts';
import type { PlaceInWhole } from '../channels/channel.ts';
import type { Emitted, EngineCore } from '../core.ts';
import type { Emission } from './emission.ts';

type Outcome = Omit<ChannelVerdict, 'channel' | 'takesPart'>;

export const selectedOutcome = (emission: Emission, at: number, hit: Emitted): Outcome => ({
  verdict: 'selected',
  margin: null,
  rankMargin: null,
  evidence: { type: 'hit', hit: { channel: emission.channel, rank: at + 1, score: hit.score, evidence: hit.evidence } },
});

export const notMatched = (reason: string): Outcome => ({
  verdict: 'not-matched',
  margin: null,
  rankMargin: null,
  evidence: { type: 'no-match', reason },
});

/** Position of an ad among the hits a channel emits; null when it is not one of them. */
export const emittedAt = (emission: Emission, ordinal: number): { at: number; hit: Emitted } | null => {
  const at = emission.run.hits.findIndex((hit) => hit.ordinal === ordinal);
  const hit = emission.run.hits[at];
  return hit === undefined || at >= emission.emitted ? null : { at, hit };
};

/**
 * A channel whose whole ranking can be listed: the rules and i2i. Not in it = not matched; in it but
 * beyond what is emitted = quota, or below-cutoff where the list's length is the only limit (mode i2i,
 * or i2i asked alone).
 */
export const listVerdict = async (
  core: EngineCore,
  query: RecallQuery,
  emission: Emission,
  ordinal: number,
): Promise<Outcome> => {
  const here = emittedAt(emission, ordinal);
  if (here !== null) return selectedOutcome(emission, here.at, here.hit);
  if (emission.run.silent !== null) return notMatched(emission.run.silent);
  const { place, of, ties } = await placeIn(core, query, emission, ordinal);
  if (place === null) return notMatched(`none of the ${of} ads it matched is this one`);
  const { at, score } = place;
  // The ads that it emits are the head of its whole list.
  const last = emission.run.hits[emission.emitted - 1];
  const distances = {
    margin: last === undefined ? null : Math.max(0, last.score - score),
    rankMargin: at + 1 - emission.emitted,
  };
  const onlyLength = emission.channel === 'i2i' && (query.mode === 'i2i' || !emission.takesPart);
  if (onlyLength && last !== undefined)
    return {
      verdict: 'below-cutoff',
      ...distances,
      evidence: { type: 'rank', rank: at + 1, limit: emission.emitted, score, cutoff: last.score, ties: ties(score) },
    };
  return {
    verdict: 'quota',
    ...distances,
    evidence: {
      type: 'quota',
      rank: at + 1,
      quota: emission.quota,
      emitted: emission.emitted,
      score,
      cutoff: last?.score ?? null,
    },
  };
};

/** Where the ad stands in the channel's whole list, and how many others of it have a score. */
const placeIn = async (
  core: EngineCore,
  query: RecallQuery,
  { channel }: Emission,
  ordinal: number,
): Promise<PlaceInWhole & { readonly ties: (score: number) => number }> => {
  const known = channels[channel].placeOf?.(core, query, ordinal);
  if (known !== undefined) return { ...known, ties: () => 0 };
  const { hits } = await core.runChannel(query, channel, core.deps.catalog.adCount);
  const at = hits.findIndex((one) => one.ordinal === ordinal);
  const hit = hits[at];
  return {
    place: hit === undefined ? null : { at, score: hit.score },
    of: hits.length,
    ties: (score) => hits.filter((one) => one.score === score).length - 1,
  };
};
