import type { ChannelName, MergeConfig } from '../../src/domain/query.ts';

export interface ReferenceAd {
  readonly ordinal: number;
  readonly via: ChannelName;
  readonly from: readonly string[];
}

/**
 * The merge written a second time, from the rule's text, by other means: lists are consumed as queues and
 * the turn order is simulated one emission at a time. `from` holds `channel#rank` in source order.
 */
export const referenceMerge = (
  config: MergeConfig,
  disabled: readonly ChannelName[],
  lists: ReadonlyMap<ChannelName, readonly number[]>,
  k: number,
): ReferenceAd[] => {
  const sources: ChannelName[] = [];
  for (const channel of config.order) {
    if (sources.includes(channel) || disabled.includes(channel) || !((config.quota[channel] ?? 0) > 0)) continue;
    sources.push(channel);
  }
  const log: Array<{ channel: ChannelName; ordinal: number; rank: number }> = [];
  const queues = new Map(sources.map((channel) => [channel, [...(lists.get(channel) ?? [])]]));
  const distinct = (): number => new Set(log.map((entry) => entry.ordinal)).size;
  const next = (channel: ChannelName): number | undefined => {
    const ordinal = queues.get(channel)?.shift();
    if (ordinal !== undefined)
      log.push({ channel, ordinal, rank: log.filter((entry) => entry.channel === channel).length + 1 });
    return ordinal;
  };

  for (const channel of sources) for (let i = 0; i < (config.quota[channel] ?? 0); i += 1) next(channel);
  for (let turn = 0, idle = 0; distinct() < k && idle < sources.length; turn += 1) {
    const channel = sources[turn % sources.length];
    if (channel === undefined) break;
    const before = distinct();
    while (distinct() === before && next(channel) !== undefined);
    idle = distinct() === before ? idle + 1 : 0;
  }

  const firsts = log.filter((entry, i) => log.findIndex((other) => other.ordinal === entry.ordinal) === i);
  return firsts.slice(0, k).map(({ ordinal, channel }) => ({
    ordinal,
    via: channel,
    from: sources.flatMap((source) =>
      log.filter((e) => e.channel === source && e.ordinal === ordinal).map((e) => `${source}#${e.rank}`),
    ),
  }));
};
