import { takesPart } from '../../domain/explanation.ts';
import { mergeChannels } from '../../domain/merge.ts';
import type { MergeOutcome } from '../../domain/merge.ts';
import type { ChannelName, RecallQuery } from '../../domain/query.ts';
import { channelNames } from '../../domain/query.ts';
import type { ChannelRun, EngineCore } from '../core.ts';
import { ownLimit } from '../explain/producing-channels.ts';
import { sourcesOf } from '../../domain/sources.ts';
import { channelDepth } from '../retrieve.ts';

/** The ads that a channel gives to the query's list. */
export interface Emission {
  readonly channel: ChannelName;
  readonly takesPart: boolean;
  /** The channel's quota in this query. */
  readonly quota: number;
  /** How many of its ads it emits, or may: quota and refill; its own list where it takes no part. */
  readonly emitted: number;
  /** How long its list was made. */
  readonly limit: number;
  readonly run: ChannelRun;
}

export interface Emissions {
  readonly channels: readonly Emission[];
  readonly merged: MergeOutcome;
}

/**
 * Every channel's list and how much of it enters the merge. `all`: also the channels the query does not
 * use, each asked alone; else only those its mode names, disabled ones included.
 */
export const emissions = async (core: EngineCore, query: RecallQuery, all: boolean): Promise<Emissions> => {
  const sources = sourcesOf(query);
  const runs = new Map<ChannelName, ChannelRun>();
  for (const { channel, quota } of sources)
    runs.set(channel, await core.runChannel(query, channel, channelDepth(query, quota)));
  const merged = mergeChannels(
    sources.map(({ channel, quota }) => ({
      channel,
      quota,
      ordinals: runs.get(channel)?.hits.map((hit) => hit.ordinal) ?? [],
    })),
    query.k,
  );
  const channels: Emission[] = [];
  for (const channel of new Set([...sources.map((source) => source.channel), ...channelNames])) {
    const source = sources.find((one) => one.channel === channel);
    const run = runs.get(channel);
    if (source !== undefined && run !== undefined) {
      const limit = channelDepth(query, source.quota);
      const emitted = merged.emitted.get(channel) ?? 0;
      // A list that ran out does not show how much more the merge would have taken.
      channels.push({
        channel,
        takesPart: true,
        quota: source.quota,
        emitted: emitted === run.hits.length ? limit : emitted,
        limit,
        run,
      });
    } else if (all || takesPart({ ...query, disabled: [] }, channel)) {
      const limit = ownLimit(query, channel);
      channels.push({
        channel,
        takesPart: false,
        quota: limit,
        emitted: limit,
        limit,
        run: await core.runChannel(query, channel, limit),
      });
    }
  }
  return { channels, merged };
};
