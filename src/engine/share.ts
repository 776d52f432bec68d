import type { ChannelName, RecallQuery } from '../domain/query.ts';
import type { ChannelRun, EngineCore } from './core.ts';
import { createEngine } from './create-engine.ts';
import type { Engine } from './engine.ts';
import { Lru } from './lru.ts';
import type { TextHit } from './ports.ts';

/** What runs over many users need not do twice. */

const engines = new WeakMap<Engine, Engine>();

/** The same engine with text searches kept: people search for the same things. */
export const sharedAcross = (engine: Engine): Engine => {
  const known = engines.get(engine);
  if (known !== undefined) return known;
  const { deps } = engine.core;
  const found = new Lru<TextHit[]>(1000);
  const words = new Lru<string[]>(20_000);
  const text = {
    segment: (content: string) => words.getOr(content, () => deps.text.segment(content)),
    search: (query: string, limit: number) => found.getOr(`${limit} ${query}`, () => deps.text.search(query, limit)),
  };
  const shared = createEngine({ ...deps, text });
  engines.set(engine, shared);
  return shared;
};

/** All that a channel other than the model reads of a query: weights, context and knock-outs concern the user tower alone. */
const channelKey = ({ userId, asOf, extraEvents, rules, eligibility }: RecallQuery, channel: ChannelName, limit: number): string =>
  JSON.stringify([channel, limit, userId, asOf, extraEvents, rules, eligibility]);

/** A core for a few queries of one user: channels that read the same of two of them run once. */
export const sharedBetween = (core: EngineCore): EngineCore => {
  const runs = new Map<string, Promise<ChannelRun>>();
  return {
    ...core,
    runChannel: (query, channel, limit) => {
      if (channel === 'model') return core.runChannel(query, channel, limit);
      const key = channelKey(query, channel, limit);
      const run = runs.get(key) ?? core.runChannel(query, channel, limit);
      runs.set(key, run);
      return run;
    },
  };
};
