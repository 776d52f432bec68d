import { mergeChannels } from '../../domain/merge.ts';
import type { ChannelName, RecallQuery } from '../../domain/query.ts';
import { sourcesOf } from '../../domain/sources.ts';
import { modelHits } from '../channels/model.ts';
import type { EngineCore } from '../core.ts';
import { channelDepth } from '../retrieve.ts';
import { exactOf } from './claim.ts';

/** The list of a query, as ordinals, for any user vector: weights and knocked-out events reach the model's part alone. */
interface NativeLists {
  /** As the user gets it: the index at the query's ef, merged as the query says. */
  native(vector: Float32Array): Promise<readonly number[]>;
  /** The list with these ads, best first, as the model's part. */
  merged(ordinals: ArrayLike<number>): readonly number[];
  /** The model's first ads that are in the list whatever the other channels hold; 0 = none for certain. */
  readonly safe: number;
  /** How deep the merge may read the model's list. */
  readonly depth: number;
  /** Emitted by a channel that weights and knock-outs never change. */
  readonly elsewhere: ReadonlySet<number>;
}

export interface UserLists extends Omit<NativeLists, 'merged'> {
  /** As `native`, with the model's part by exact retrieval. */
  exact(vector: Float32Array): Promise<readonly number[]>;
}

/** Every other channel is run once. */
export const nativeLists = async (core: EngineCore, query: RecallQuery): Promise<NativeLists> => {
  const sources: Array<{ channel: ChannelName; quota: number; ordinals: number[] }> = [];
  for (const { channel, quota } of sourcesOf(query)) {
    const hits = channel === 'model' ? [] : (await core.runChannel(query, channel, channelDepth(query, quota))).hits;
    sources.push({ channel, quota, ordinals: hits.map((hit) => hit.ordinal) });
  }
  const model = sources.findIndex(({ channel }) => channel === 'model');
  const quota = sources[model]?.quota ?? 0;
  const before = sources.slice(0, Math.max(0, model)).reduce((sum, source) => sum + source.quota, 0);
  const depth = channelDepth(query, quota);
  const merged = (ordinals: ArrayLike<number>): readonly number[] =>
    mergeChannels(
      sources.map((source, s) => (s === model ? { ...source, ordinals: Array.from(ordinals) } : source)),
      query.k,
    ).ads.map((ad) => ad.ordinal);
  return {
    merged,
    depth,
    safe: Math.max(0, Math.min(quota, query.k - before)),
    elsewhere: new Set(sources.flatMap(({ ordinals }) => ordinals)),
    native: async (vector) => merged((await modelHits(core, query, vector, depth))?.hits.ordinals ?? []),
  };
};

/** Throws `unsupported` where the workspace cannot rank exactly. */
export const userLists = async (core: EngineCore, query: RecallQuery): Promise<UserLists> => {
  const { scan } = exactOf(core.deps);
  const mask = core.mask(query) ?? undefined;
  const { merged, ...lists } = await nativeLists(core, query);
  return { ...lists, exact: async (vector) => merged((await scan.topK(vector, lists.depth, mask)).ordinals) };
};
