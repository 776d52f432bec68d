import { readsTower } from '../channels/index.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { RecallResult } from '../../domain/result.ts';
import { nearness } from '../../domain/verdict.ts';
import type { ChannelVerdict, Verdict, VerdictName } from '../../domain/verdict.ts';
import { approximately } from '../abilities.ts';
import type { EngineCore } from '../core.ts';
import type { Engine } from '../engine.ts';
import { throwIfAborted } from '../interrupt.ts';
import { crowding } from './crowding.ts';
import { emissions } from './emission.ts';
import type { Emission } from './emission.ts';
import { listVerdict } from './list-verdict.ts';
import { modelVerdict } from './model-verdict.ts';
import { findRepair, ineligibleRepairs } from './repair.ts';
import type { RepairOutcome } from './repair.ts';

export interface WhyNotOptions {
  /** Also the channels the query does not use. */
  readonly allChannels?: boolean;
  /** false: the verdict alone. */
  readonly repair?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Why an ad is not in the list of a query: first whether it is, exists and is eligible; then what became of
 * it in each channel; then the cheapest single change of the query that was run and brought it in.
 * Throws `unknown-user`, `usage` for a query out of bounds, `cancelled`.
 */
export const whyNot = async (
  engine: Engine,
  asked: RecallQuery,
  adId: string,
  options: WhyNotOptions = {},
): Promise<Verdict> => {
  const { core } = engine;
  const result = await engine.recall(asked, options.signal === undefined ? {} : { signal: options.signal });
  const { query } = result;
  const settled = (verdict: VerdictName, more: Partial<Verdict> = {}): Verdict => ({
    query,
    adId,
    verdict,
    rank: null,
    reason: null,
    suggestions: [],
    channel: null,
    displacedBy: [],
    channels: [],
    crowding: null,
    repair: null,
    approximations: result.approximations,
    tried: 0,
    searched: null,
    ...more,
  });
  const candidate = result.candidates.find((one) => one.adId === adId);
  if (candidate !== undefined)
    return settled('recalled', {
      rank: candidate.rank,
      channel: candidate.via,
      channels: candidate.channels.map((hit) => ({
        channel: hit.channel,
        takesPart: true,
        verdict: 'selected',
        evidence: { type: 'hit', hit },
        margin: null,
        rankMargin: null,
      })),
    });
  const ordinal = core.deps.catalog.ordinalOf(adId);
  if (ordinal === null) return settled('unknown-ad', { suggestions: core.deps.catalog.suggestAds(adId, 3) });
  const reason = core.dropReason(query, ordinal);
  const lookFor = async (find: () => Promise<RepairOutcome>): Promise<RepairOutcome> =>
    options.repair === false ? { repair: null, channel: null, tried: 0, searched: null } : find();
  if (reason !== null) {
    const { repair, tried, searched } = await lookFor(() => ineligibleRepairs(engine, query, ordinal, reason, result));
    return settled('ineligible', { reason, repair, tried, searched });
  }
  const { channels } = await emissions(core, query, options.allChannels === true);
  const verdicts: ChannelVerdict[] = [];
  for (const emission of channels) {
    throwIfAborted(options.signal);
    verdicts.push({
      channel: emission.channel,
      takesPart: emission.takesPart,
      ...(await verdictOf(core, query, emission, ordinal)),
    });
  }
  const outcome = await lookFor(() =>
    findRepair(engine, { query, ordinal, verdicts, before: result, emissions: channels, signal: options.signal }),
  );
  const headline = headlineOf(verdicts, outcome);
  return settled(headline.verdict, {
    channel: headline.channel,
    channels: verdicts,
    repair: outcome.repair,
    tried: outcome.tried,
    searched: outcome.searched,
    approximations: await doubts(core, result, verdicts, outcome),
    displacedBy: headline.verdict === 'merged-out' ? displacedBy(result, headline.channel) : [],
    crowding: crowding(core, result.candidates, ordinal),
  });
};

/** Notices of the verdict: about the query and its repair, and about a check that is impossible here. */
const doubts = async (
  core: EngineCore,
  { approximations }: RecallResult,
  verdicts: readonly ChannelVerdict[],
  { repair }: RepairOutcome,
): Promise<string[]> => {
  const encoder = await core.deps.encoder();
  const judged = verdicts.some(
    ({ channel, verdict }) => readsTower(channel) && (verdict === 'below-cutoff' || verdict === 'quota'),
  );
  const unchecked = judged && encoder !== null && (await core.deps.adEncoder()) === null;
  return [
    ...new Set([
      ...approximations,
      ...(repair === null ? [] : approximately(encoder, repair.query)),
      ...(unchecked
        ? [
            'whether its stored vector is stale was not checked: the ad vectors came without an ad tower that could make it again',
          ]
        : []),
    ]),
  ];
};

const verdictOf = (
  core: EngineCore,
  query: RecallQuery,
  emission: Emission,
  ordinal: number,
): Promise<Omit<ChannelVerdict, 'channel' | 'takesPart'>> =>
  (readsTower(emission.channel) ? modelVerdict : listVerdict)(core, query, emission, ordinal);

/**
 * `merged-out` if a channel of the query selected it; else the channel whose repair is cheapest; else the one that came
 * nearest.
 */
const headlineOf = (
  verdicts: readonly ChannelVerdict[],
  outcome: RepairOutcome,
): { verdict: VerdictName; channel: ChannelVerdict['channel'] | null } => {
  const part = verdicts.filter((one) => one.takesPart);
  const selected = part.find((one) => one.verdict === 'selected');
  if (selected !== undefined) return { verdict: 'merged-out', channel: selected.channel };
  const nearest = [...part].sort((a, b) => nearness.indexOf(a.verdict) - nearness.indexOf(b.verdict))[0];
  const spoken = part.find((one) => one.channel === outcome.channel) ?? nearest;
  return { verdict: spoken?.verdict ?? 'not-matched', channel: spoken?.channel ?? null };
};

/** The ads other channels placed: had they not been there, this one would stand in the list. */
const displacedBy = (
  { candidates }: RecallResult,
  channel: ChannelVerdict['channel'] | null,
): Verdict['displacedBy'] => {
  const others = candidates.filter((candidate) => candidate.via !== channel);
  return (others.length > 0 ? others : candidates).map(({ adId, rank, via }) => ({ adId, rank, via }));
};
