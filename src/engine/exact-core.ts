import type { ChannelRun, EngineCore } from './core.ts';
import { channels } from './channels/index.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { ChannelName } from '../domain/channels.ts';

/**
 * The same core, every cache shared, whose model channel scans the vectors instead of searching the index: the list at ef
 * → all. Ads without a live element of the index stay out (engine/live-scan).
 */
export const exactly = (core: EngineCore): EngineCore => {
  const exact: EngineCore = {
    ...core,
    deps: { ...core.deps, index: null },
    runChannel: (query: RecallQuery, channel: ChannelName, limit: number): Promise<ChannelRun> =>
      channels[channel].readsTower === true
        ? Promise.resolve(channels[channel].run(exact, query, limit))
        : core.runChannel(query, channel, limit),
  };
  return exact;
};
