import { channelNames, type ChannelName } from '../query.ts';
import type { CompareRow, SideRow } from './rows.ts';

/** An ad that fills places in many lists of a side. */
export interface HubAd {
  readonly ordinal: number;
  /** Lists that hold it. */
  readonly lists: number;
  /** Share of all places of this side's lists. */
  readonly share: number;
  /** Places by the channel that gave them. */
  readonly channels: Readonly<Partial<Record<ChannelName, number>>>;
}

export interface Hubs {
  /** Places in all lists of the side. */
  readonly places: number;
  readonly distinct: number;
  /** Share of all places that the listed hubs fill together. */
  readonly shareOfTop: number;
  /** Most places first, ties by ordinal. */
  readonly top: readonly HubAd[];
}

interface Count {
  lists: number;
  readonly channels: Map<ChannelName, number>;
}

const count = (sides: readonly SideRow[]): Map<number, Count> => {
  const counts = new Map<number, Count>();
  for (const { ads, via } of sides) {
    ads.forEach((ad, i) => {
      const own = counts.get(ad) ?? { lists: 0, channels: new Map<ChannelName, number>() };
      const channel = channelNames[Number(via[i])];
      own.lists += 1;
      if (channel !== undefined) own.channels.set(channel, (own.channels.get(channel) ?? 0) + 1);
      counts.set(ad, own);
    });
  }
  return counts;
};

/** Which ads fill what share of all lists of a side, by channel. */
export const hubsOf = (rows: readonly CompareRow[], side: 'a' | 'b', limit: number): Hubs => {
  const counts = count(rows.map((row) => row[side]));
  const places = rows.reduce((sum, row) => sum + row[side].ads.length, 0);
  const top = [...counts]
    .sort(([x, m], [y, n]) => n.lists - m.lists || x - y)
    .slice(0, limit)
    .map(([ordinal, { lists, channels }]): HubAd => ({
      ordinal,
      lists,
      share: lists / Math.max(1, places),
      channels: Object.fromEntries(
        channelNames.flatMap((name) => {
          const n = channels.get(name);
          return n === undefined ? [] : [[name, n]];
        }),
      ),
    }));
  return { places, distinct: counts.size, shareOfTop: top.reduce((sum, hub) => sum + hub.share, 0), top };
};
