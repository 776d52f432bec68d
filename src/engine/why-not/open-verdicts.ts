import type { RecallQuery } from '../../domain/query.ts';
import type { RecallResult } from '../../domain/result.ts';
import { nearness } from '../../domain/verdict.ts';
import type { ChannelVerdict, Verdict, VerdictName } from '../../domain/verdict.ts';
import { approximately } from '../abilities.ts';
import { readsTower } from '../channels/index.ts';
import type { EngineCore } from '../core.ts';
import type { Engine } from '../engine.ts';
import { throwIfAborted } from '../interrupt.ts';
import { recall } from '../recall.ts';
import { checkedQuery } from '../retrieve.ts';
import { crowding } from './crowding.ts';
import { emissions } from './emission.ts';
import type { Emission, Emissions } from './emission.ts';
import { listVerdict } from './list-verdict.ts';
import { modelVerdict } from './model-verdict.ts';
import type { RepairOutcome } from './repair.ts';
import { sharedFor } from './shared-core.ts';

/** What became of one ad, before any repair is looked for. */
export type Judgement =
  /** In the list, or unknown: nothing is to be repaired. */
  | { readonly kind: 'settled'; readonly verdict: Verdict }
  | { readonly kind: 'ineligible'; readonly ordinal: number; readonly reason: NonNullable<Verdict['reason']> }
  | {
      readonly kind: 'judged';
      readonly ordinal: number;
      readonly verdicts: readonly ChannelVerdict[];
      readonly emissions: readonly Emission[];
    };

/** The verdicts of many ads under one query: its recall, its channels' lists and its exact scan are made once. */
export interface OpenVerdicts {
  readonly query: RecallQuery;
  /** The query's recall. */
  readonly result: RecallResult;
  /** The verdict of `whyNot` with `repair: false`, field for field. An unknown ad is a verdict too. Throws `cancelled`. */
  headline(adId: string): Promise<Verdict>;
  /** The first half of a verdict … */
  judge(adId: string): Promise<Judgement>;
  /** … and the second, with the repair that was found: its channel speaks in the headline. */
  conclude(adId: string, judgement: Judgement, outcome: RepairOutcome): Promise<Verdict>;
}

export interface VerdictOptions {
  /** Also the channels the query does not use. */
  readonly allChannels?: boolean;
  readonly signal?: AbortSignal;
}

/** No repair was looked for. */
export const noRepair: RepairOutcome = { repair: null, channel: null, tried: 0, searched: null };

/**
 * The one ladder of verdicts. Throws `unknown-user`, `usage` for a query out of bounds, `unsupported` where the mode's
 * one channel does not exist, `cancelled`.
 */
export const openVerdicts = async (
  engine: Engine,
  asked: RecallQuery,
  options: VerdictOptions = {},
): Promise<OpenVerdicts> => {
  const query = checkedQuery(engine.core, asked);
  const core = sharedFor(engine.core, query);
  const { signal } = options;
  const result = await recall(core, query, signal === undefined ? {} : { signal });
  let emitted: Promise<Emissions> | null = null;
  const judge = async (adId: string): Promise<Judgement> => {
    const settled = settledVerdict(core, result, adId);
    if (settled !== null) return { kind: 'settled', verdict: settled };
    const ordinal = core.deps.catalog.ordinalOf(adId) ?? -1;
    const reason = core.dropReason(query, ordinal);
    if (reason !== null) return { kind: 'ineligible', ordinal, reason };
    const { channels } = await (emitted ??= emissions(core, query, options.allChannels === true));
    const verdicts: ChannelVerdict[] = [];
    for (const emission of channels) {
      throwIfAborted(signal);
      const { channel, takesPart } = emission;
      verdicts.push({ channel, takesPart, ...(await verdictOf(core, query, emission, ordinal)) });
    }
    return { kind: 'judged', ordinal, verdicts, emissions: channels };
  };
  const conclude: OpenVerdicts['conclude'] = (adId, judgement, outcome) =>
    concluded(core, result, adId, judgement, outcome);
  return { query, result, judge, conclude, headline: async (adId) => conclude(adId, await judge(adId), noRepair) };
};

/** A verdict in which nothing but its name is known. */
const plain = ({ query, approximations }: RecallResult, adId: string, verdict: VerdictName): Verdict => ({
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
  approximations,
  tried: 0,
  searched: null,
});

/** An ad that is in the list, or that does not exist; null: neither. */
const settledVerdict = ({ deps: { catalog } }: EngineCore, result: RecallResult, adId: string): Verdict | null => {
  const candidate = result.candidates.find((one) => one.adId === adId);
  if (candidate !== undefined)
    return {
      ...plain(result, adId, 'recalled'),
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
    };
  return catalog.ordinalOf(adId) === null
    ? { ...plain(result, adId, 'unknown-ad'), suggestions: catalog.suggestAds(adId, 3) }
    : null;
};

const concluded = async (
  core: EngineCore,
  result: RecallResult,
  adId: string,
  judgement: Judgement,
  outcome: RepairOutcome,
): Promise<Verdict> => {
  if (judgement.kind === 'settled') return judgement.verdict;
  const { repair, tried, searched } = outcome;
  if (judgement.kind === 'ineligible')
    return { ...plain(result, adId, 'ineligible'), reason: judgement.reason, repair, tried, searched };
  const { verdicts, ordinal } = judgement;
  const headline = headlineOf(verdicts, outcome);
  return {
    ...plain(result, adId, headline.verdict),
    channel: headline.channel,
    channels: verdicts,
    repair,
    tried,
    searched,
    approximations: await doubts(core, result, verdicts, outcome),
    displacedBy: headline.verdict === 'merged-out' ? displacedBy(result, headline.channel) : [],
    crowding: crowding(core, result.candidates, ordinal),
  };
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
