import type { ChannelName } from '../../domain/channels.ts';
import { frequentCategory } from './frequent-category.ts';
import { recentCategory } from './recent-category.ts';
import type { Channel } from './channel.ts';
import { i2i } from './i2i.ts';
import { keyword } from './keyword.ts';
import { model } from './model.ts';
import { popular } from './popular.ts';
import { priority } from './priority.ts';

export const channels: Readonly<Record<ChannelName, Channel>> = {
  model,
  i2i,
  keyword,
  'recent-category': recentCategory,
  'frequent-category': frequentCategory,
  priority,
  popular,
};

/** Does a run of this channel depend on the user tower, the index and the vectors? */
export const readsTower = (channel: ChannelName): boolean => channels[channel].readsTower === true;
