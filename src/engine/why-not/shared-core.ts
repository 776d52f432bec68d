import type { ChannelRun, EngineCore } from '../core.ts';
import type { ChannelName, RecallQuery } from '../../domain/query.ts';
import type { ExactScan } from '../ports/ports.ts';

/**
 * A core for the verdicts of many ads under one query: each channel's list is made once for each length, and one exact
 * scan ranks every ad after the first. Its answers are those of `core`.
 */
export const sharedFor = (core: EngineCore, query: RecallQuery): EngineCore => {
  const runs = new Map<string, Promise<ChannelRun>>();
  /** A list that came out shorter than was asked is the whole one. */
  const whole = new Map<ChannelName, ChannelRun>();
  const { scan } = core.deps;
  return {
    ...core,
    deps: { ...core.deps, scan: scan === null ? null : rankedOnce(scan) },
    runChannel: (asked, channel, limit) => {
      if (asked !== query) return core.runChannel(asked, channel, limit);
      if (scoresAll.includes(channel)) {
        const run = runs.get(channel) ?? core.runChannel(query, channel, core.deps.catalog.adCount);
        runs.set(channel, run);
        return run.then((made) => headOf(made, limit));
      }
      const key = `${channel} ${limit}`;
      const known = whole.get(channel);
      if (known !== undefined && known.hits.length < limit) return Promise.resolve(known);
      const run = runs.get(key) ?? core.runChannel(query, channel, limit);
      runs.set(key, run);
      return run.then((made) => {
        if (made.hits.length < limit) whole.set(channel, made);
        return made;
      });
    },
  };
};

/** These rank all that they match whatever the limit: their whole list is made at once, and shorter ones are its head. */
const scoresAll: readonly ChannelName[] = ['i2i', 'frequent-category'];

/** The run with a limit, from the whole one. */
const headOf = (whole: ChannelRun, limit: number): ChannelRun =>
  whole.hits.length <= limit
    ? whole
    : {
        ...whole,
        hits: whole.hits.slice(0, limit),
        dropped: { ...whole.dropped, quota: whole.hits.length - limit },
      };

/** One ad costs one pass that keeps no scores, as without sharing; a second one the pass that serves all others. */
const rankedOnce = (scan: ExactScan): ExactScan => {
  type Asked = Parameters<ExactScan['ranking']>;
  let first: Asked | null = null;
  let ranking: ReturnType<ExactScan['ranking']> | null = null;
  return {
    ...scan,
    standing: async (vector, ordinal, k, mask) => {
      const asked: Asked = [vector, k, mask];
      if (first === null) {
        first = asked;
        return scan.standing(vector, ordinal, k, mask);
      }
      if (!first.every((part, i) => part === asked[i])) return scan.standing(vector, ordinal, k, mask);
      const { top, rankOf } = await (ranking ??= scan.ranking(...asked));
      return { top, exact: rankOf(ordinal) };
    },
  };
};
