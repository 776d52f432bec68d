import type { ChannelName, RecallQuery } from '../domain/query.ts';
import { readsTower } from './channels/index.ts';
import type { ChannelRun, EngineCore } from './core.ts';

/** The parts of a query that a channel reads if it does not read the user tower. */
const channelKey = (
  { userId, asOf, extraEvents, rules, eligibility }: RecallQuery,
  channel: ChannelName,
  limit: number,
): string => JSON.stringify([channel, limit, userId, asOf, extraEvents, rules, eligibility]);

/** A core for a few queries of one user: channels that read the same of two of them run once. */
export const sharedBetween = (core: EngineCore): EngineCore => {
  const runs = new Map<string, Promise<ChannelRun>>();
  return {
    ...core,
    runChannel: (query, channel, limit) => {
      if (readsTower(channel)) return core.runChannel(query, channel, limit);
      const key = channelKey(query, channel, limit);
      const run = runs.get(key) ?? core.runChannel(query, channel, limit);
      runs.set(key, run);
      return run;
    },
  };
};
