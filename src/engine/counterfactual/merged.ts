import { mergeChannels } from '../../domain/merge.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { EngineCore } from '../core.ts';
import { sourcesOf } from '../../domain/sources.ts';
import { channelDepth } from '../retrieve.ts';
import { adInTop, exactOf } from './claim.ts';
import type { Claim } from './claim.ts';

/** The merged list of a user vector, as ordinals: the model's part by exact retrieval, the other channels as they are. */
export interface MergedList {
  at(vector: Float32Array): Promise<readonly number[]>;
  /** The model's first ads that are in the list whatever the other channels hold; 0 = none for certain. */
  readonly safe: number;
  /** How deep the merge may read the model's list. */
  readonly depth: number;
  /** Emitted by a channel that weights and knock-outs never change. */
  readonly elsewhere: ReadonlySet<number>;
}

/** Weights and knocked-out events reach the model channel only: every other channel is run once. */
export const mergedList = async (core: EngineCore, query: RecallQuery): Promise<MergedList> => {
  const { scan } = exactOf(core.deps);
  const mask = core.mask(query) ?? undefined;
  const sources: Array<{ channel: RecallQuery['merge']['order'][number]; quota: number; ordinals: number[] }> = [];
  for (const { channel, quota } of sourcesOf(query)) {
    const hits = channel === 'model' ? [] : (await core.runChannel(query, channel, channelDepth(query, quota))).hits;
    sources.push({ channel, quota, ordinals: hits.map((hit) => hit.ordinal) });
  }
  const model = sources.findIndex(({ channel }) => channel === 'model');
  const quota = sources[model]?.quota ?? 0;
  const before = sources.slice(0, Math.max(0, model)).reduce((sum, source) => sum + source.quota, 0);
  const depth = channelDepth(query, quota);
  return {
    depth,
    safe: Math.max(0, Math.min(quota, query.k - before)),
    elsewhere: new Set(sources.flatMap(({ ordinals }) => ordinals)),
    at: async (vector) => {
      const { ordinals } = await scan.topK(vector, depth, mask);
      return mergeChannels(
        sources.map((source, s) => (s === model ? { ...source, ordinals: [...ordinals] } : source)),
        query.k,
      ).ads.map((ad) => ad.ordinal);
    },
  };
};

/** "The ad is in the merged list." Certain only where the model's quota holds it, or its whole list cannot. */
export const adInMerged = async (core: EngineCore, query: RecallQuery, ordinal: number): Promise<Claim> => {
  const list = await mergedList(core, query);
  const emitted = adInTop(core, query, ordinal, list.depth);
  const safe = list.safe > 0 ? adInTop(core, query, ordinal, list.safe) : null;
  return {
    holdsAt: async (vector) => (await list.at(vector)).includes(ordinal),
    certain: async (vector, spread) => {
      if (safe !== null && (await safe.certain(vector, spread)) === 'in') return 'in';
      return !list.elsewhere.has(ordinal) && (await emitted.certain(vector, spread)) === 'out' ? 'out' : 'mixed';
    },
  };
};

/** "The first n of the merged list are the same set as at `base`." Never certain beforehand: judged point by point. */
export const sameMergedTop = async (
  core: EngineCore,
  query: RecallQuery,
  n: number,
  base: Float32Array,
): Promise<{ claim: Claim; members: readonly number[] }> => {
  const list = await mergedList(core, query);
  const members = (await list.at(base)).slice(0, n);
  const inside = new Set(members);
  const claim: Claim = {
    holdsAt: async (vector) => (await list.at(vector)).slice(0, n).every((ordinal) => inside.has(ordinal)),
    certain: () => Promise.resolve('mixed'),
  };
  return { claim, members };
};
