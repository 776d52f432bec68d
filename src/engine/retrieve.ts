import { mergeChannels, type MergedAd, type MergeOutcome } from '../domain/merge.ts';
import { isSolo } from '../domain/channels.ts';
import type { ChannelName } from '../domain/channels.ts';
import type { RecallQuery } from '../domain/query.ts';
import { acceptQuery } from '../domain/query-schema.ts';
import { sourcesOf, type Source } from '../domain/sources.ts';
import { RecallError } from '../errors.ts';
import type { ChannelRun, EngineCore } from './core.ts';

/** How deep a channel is read for this query: enough for its quota, and for refilling the whole list. */
export const channelDepth = (query: RecallQuery, quota: number): number => Math.max(quota, query.k);

/** The query in the form every part of the engine reads. Throws `usage` for one out of bounds, `unknown-user`. */
export const checkedQuery = (core: EngineCore, asked: RecallQuery): RecallQuery => {
  const query = acceptQuery(
    asked,
    core.deps.settings.groups.map((group) => group.name),
  );
  core.user(query.userId);
  return query;
};

export interface Retrieved {
  readonly sources: readonly Source[];
  readonly runs: readonly ChannelRun[];
  readonly merged: MergeOutcome;
}

export interface RetrieveOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each channel's run, and after the merge. */ readonly lap?: (stage: string) => void;
}

/**
 * Channels and merge of a checked query. Throws `unsupported` where the mode's one channel does not exist in the
 * workspace, `cancelled`.
 */
export const retrieve = async (
  core: EngineCore,
  query: RecallQuery,
  { signal, lap }: RetrieveOptions = {},
): Promise<Retrieved> => {
  const sources = sourcesOf(query);
  const runs: ChannelRun[] = [];
  for (const { channel, quota } of sources) {
    if (signal?.aborted === true) throw new RecallError('cancelled', 'recall was cancelled');
    runs.push(await core.runChannel(query, channel, channelDepth(query, quota)));
    lap?.(channel);
  }
  requireChannel(query, runs);
  const merged = mergeChannels(
    sources.map(({ channel, quota }, s) => ({
      channel,
      quota,
      ordinals: (runs[s]?.hits ?? []).map((hit) => hit.ordinal),
    })),
    query.k,
  );
  return { sources, runs, merged };
};

/**
 * The ads of `recall(query)` in its order, with what placed them and nothing else: no model score, no evidence,
 * no funnel. What work over many users runs. Throws as `recall`, but that a query without the model
 * channel never encodes its user.
 */
export const recallAds = async (core: EngineCore, asked: RecallQuery): Promise<readonly MergedAd[]> =>
  (await retrieve(core, checkedQuery(core, asked))).merged.ads;

/** An ad of a list by what places it there. */
export interface PlacedAd {
  readonly adId: string;
  /** Score of the channel `via`. */ readonly score: number;
  readonly via: ChannelName;
}

/** As `recallAds`, with the ids and scores of `recall(query)` and the query as it was read. Throws `cancelled` too. */
export const recallPlaced = async (
  core: EngineCore,
  asked: RecallQuery,
  options: Pick<RetrieveOptions, 'signal'> = {},
): Promise<{ readonly query: RecallQuery; readonly ads: readonly PlacedAd[] }> => {
  const query = checkedQuery(core, asked);
  const { runs, merged } = await retrieve(core, query, options);
  const hits = new Map(runs.map((run) => [run.channel, run.hits]));
  return {
    query,
    ads: merged.ads.map(({ ordinal, via, provenance }) => {
      const position = provenance.find(({ channel }) => channel === via)?.position ?? -1;
      return { adId: core.deps.catalog.idOf(ordinal), score: hits.get(via)?.[position]?.score ?? 0, via };
    }),
  };
};

/** A mode of one channel is nothing without it; in `merged` a missing channel is merely silent. */
const requireChannel = ({ mode, disabled }: RecallQuery, runs: readonly ChannelRun[]): void => {
  if (!isSolo(mode)) return;
  if (disabled.includes(mode))
    throw new RecallError('usage', `mode ${mode} with the channel ${mode} disabled leaves nothing to ask`, {
      todo: 'enable the channel or choose another mode',
    });
  const [run] = runs;
  if (run?.unavailable === true)
    throw new RecallError('unsupported', `mode ${mode}: ${run.silent ?? ''}`, {
      todo: 'build it (recall-tui train, recall-tui index), or use --mode legacy',
    });
};
