import type { DropReason } from './ads.ts';
import type { ChannelName } from './channels.ts';
import type { UserId } from './ids.ts';
import { markedAsDeleted, nearness } from './verdict.ts';
import type { ChannelVerdict, Verdict, VerdictName } from './verdict.ts';

/** Where of the funnel an ad is lost; `list`: nowhere, it is in the list; `sample`: no such ad enters it. */
export type LossStage = 'sample' | 'eligible' | 'channels' | 'cutoff' | 'merge' | 'list';

/** The stage of each verdict; a verdict of a channel is at `cutoff` where the channel ranks the ad and its list ends before. */
export const stageOf: Readonly<Record<VerdictName, LossStage>> = {
  'unknown-ad': 'sample',
  ineligible: 'eligible',
  'not-matched': 'channels',
  'not-indexed': 'channels',
  'stale-vector': 'channels',
  unreachable: 'channels',
  'ann-missed': 'channels',
  'below-cutoff': 'cutoff',
  quota: 'cutoff',
  'merged-out': 'merge',
  selected: 'merge',
  recalled: 'list',
};

/** `ineligible`: the filter. `not-indexed`: `deleted` where the index has an element that is marked as deleted. */
export type LossDetail = DropReason | 'deleted';

/**
 * What became of one pair (user, ad): the headline of `whyNot` without repairs, and the figures that counts over many
 * pairs need. Plain JSON. Every pair has exactly one, in the list or not.
 */
export interface Loss {
  readonly userId: UserId;
  readonly adId: string;
  readonly verdict: VerdictName;
  readonly detail: LossDetail | null;
  /** The channel the headline speaks of; of `recalled` the one that placed it. */
  readonly channel: ChannelName | null;
  /** Score missing to the cutoff of that channel, ≥ 0; null where there is nothing to compare. */
  readonly margin: number | null;
  /** Ranks missing to the last place that channel emits (exact ranks for the model); null where there is no rank. */
  readonly rankMargin: number | null;
  /** The ad's place: in the list if recalled, else in that channel (exact rank for the model); null: it has none. */
  readonly rank: number | null;
  /** The smallest ef that is certified to return the ad; null: no such certificate belongs to the verdict. */
  readonly ef: number | null;
  /** `merged-out`: how many places of the list each channel placed, without the one that selected the ad. */
  readonly by: Readonly<Partial<Record<ChannelName, number>>>;
  /** Places of the list that near-identical ads of the ad's own campaign hold. */
  readonly crowding: number;
}

/** One user's losses; `failed`: why their query could not be answered (weights that leave no direction), then none. */
export interface UserLosses {
  readonly userId: UserId;
  readonly failed: string | null;
  /** Attributes, and the class of history length: as `audience` counts reach by. */
  readonly segments: ReadonlyArray<readonly [field: string, value: string]>;
  /** One for each ad that was asked, in their order. */
  readonly losses: readonly Loss[];
}

/** The loss of a verdict that no repair was looked for. */
export const lossOf = (verdict: Verdict): Loss => {
  const spoken = verdict.channels.find((one) => one.channel === verdict.channel && one.takesPart);
  const { evidence } = spoken ?? {};
  return {
    userId: verdict.query.userId,
    adId: verdict.adId,
    verdict: verdict.verdict,
    detail:
      verdict.reason ?? (evidence?.type === 'no-vector' && evidence.reason === markedAsDeleted ? 'deleted' : null),
    channel: verdict.channel,
    margin: spoken?.margin ?? null,
    rankMargin: spoken?.rankMargin ?? null,
    rank: verdict.rank ?? placeIn(evidence),
    ef: efOf(evidence),
    by: placesBy(verdict.displacedBy),
    crowding: verdict.crowding?.slots ?? 0,
  };
};

const placeIn = (evidence: ChannelVerdict['evidence'] | undefined): number | null => {
  switch (evidence?.type) {
    case 'hit':
      return evidence.hit.rank;
    case 'stale':
      return evidence.storedRank;
    case 'rank':
    case 'quota':
    case 'ef':
    case 'no-ef':
      return evidence.rank;
    default:
      return null;
  }
};

const efOf = (evidence: ChannelVerdict['evidence'] | undefined): number | null =>
  evidence?.type === 'ef' ? evidence.foundAt : evidence?.type === 'rank' ? (evidence.wonAt?.foundAt ?? null) : null;

const placesBy = (ads: Verdict['displacedBy']): Loss['by'] => {
  const by: Partial<Record<ChannelName, number>> = {};
  for (const { via } of ads) by[via] = (by[via] ?? 0) + 1;
  return by;
};

/** From the list outwards: the order in which why-not lets a channel speak, between what is in and what never entered. */
const nearest: readonly VerdictName[] = ['recalled', 'merged-out', ...nearness, 'ineligible', 'unknown-ad'];

/** The loss of the ad that came furthest: by verdict, then fewest ranks missing, then ad id. null: no ads. */
export const furthest = (losses: readonly Loss[]): Loss | null => {
  let best: Loss | null = null;
  for (const loss of losses) if (best === null || further(loss, best)) best = loss;
  return best;
};

const further = (a: Loss, b: Loss): boolean => {
  const order = nearest.indexOf(a.verdict) - nearest.indexOf(b.verdict);
  if (order !== 0) return order < 0;
  const ranks = (a.rankMargin ?? a.rank ?? Infinity) - (b.rankMargin ?? b.rank ?? Infinity);
  return Number.isNaN(ranks) || ranks === 0 ? a.adId < b.adId : ranks < 0;
};
