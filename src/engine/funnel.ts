import type { DropReason } from '../domain/ads.ts';
import type { MergeOutcome } from '../domain/merge.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { FunnelStage } from '../domain/result.ts';
import type { ChannelRun, EngineCore } from './core.ts';

/** The stages of the funnel; in every one, in − out = the sum of what it dropped. */

export const eligibleStage = (core: EngineCore, query: RecallQuery): FunnelStage => {
  const { adCount } = core.deps.catalog;
  const mask = core.mask(query);
  return { stage: 'eligible', in: adCount, out: mask?.eligible ?? adCount, dropped: mask?.dropped ?? {} };
};

/** `quota` counts what the channel had left when the merge stopped asking it. */
export const channelStage = ({ channel, matched, dropped }: ChannelRun, emitted: number): FunnelStage => {
  const { quota: _, ...reasons } = dropped;
  const left = matched - emitted - sum(reasons);
  return { stage: channel, in: matched, out: emitted, dropped: { ...reasons, ...(left > 0 ? { quota: left } : {}) } };
};

const sum = (counts: Readonly<Partial<Record<DropReason | 'not-indexed', number>>>): number =>
  Object.values(counts).reduce((total, n) => total + n, 0);

export const mergeStages = ({ ads, emitted, distinct }: MergeOutcome): FunnelStage[] => {
  const all = [...emitted.values()].reduce((total, n) => total + n, 0);
  return [
    { stage: 'merge', in: all, out: distinct, dropped: all > distinct ? { duplicate: all - distinct } : {} },
    {
      stage: 'cutoff',
      in: distinct,
      out: ads.length,
      dropped: distinct > ads.length ? { cutoff: distinct - ads.length } : {},
    },
  ];
};
