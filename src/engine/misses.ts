import { curveCutoffs } from '../domain/compare-all/shape.ts';
import { channelNames, type ChannelName, type RecallQuery } from '../domain/query.ts';
import { missDepths, type CurveName, type MissRow } from '../domain/misses.ts';
import { settingsOf, withSettings } from '../domain/tune.ts';
import { cancelledError, RecallError } from '../errors.ts';
import { audienceBatch } from './audience.ts';
import { readsTower } from './channels/index.ts';
import type { ChannelRun, EngineCore } from './core.ts';
import type { Engine } from './engine.ts';
import { exactly } from './exact-core.ts';
import { lossRows, type LossQuestion } from './losses.ts';
import { channelDepth, recallAds } from './retrieve.ts';

type Ordinals = readonly number[];
type Lists = Readonly<Record<CurveName, Ordinals | null>>;

/** The query with every quota doubled; null in a mode of one channel. */
const doubled = (query: RecallQuery): RecallQuery | null => {
  const { quota, ...settings } = settingsOf(query);
  if (quota === null) return null;
  const twice = Object.fromEntries(Object.entries(quota).map(([channel, own]) => [channel, 2 * own]));
  return withSettings(query, { ...settings, quota: twice });
};

/** A run as if it had been asked for fewer ads: a channel gives its best first, so a short list is a part of a longer one. */
const cut = (run: ChannelRun, limit: number): ChannelRun =>
  run.hits.length <= limit ? run : { ...run, hits: run.hits.slice(0, limit) };

/**
 * Two cores for the lists of one user: as the query searches, and exactly. What does not search the index runs once, as
 * deep as the deepest list needs, for all of them.
 */
const coresFor = (core: EngineCore, depth: number): { native: EngineCore; exact: EngineCore } => {
  const deep = new Map<string, Promise<ChannelRun>>();
  const once = async (
    from: EngineCore,
    query: RecallQuery,
    channel: ChannelName,
    limit: number,
  ): Promise<ChannelRun> => {
    const run = deep.get(channel) ?? from.runChannel(query, channel, depth);
    deep.set(channel, run);
    return cut(await run, limit);
  };
  const native: EngineCore = {
    ...core,
    runChannel: (query, channel, limit) =>
      readsTower(channel) ? core.runChannel(query, channel, limit) : once(core, query, channel, limit),
  };
  const scan = exactly(core);
  return {
    native,
    exact: { ...scan, runChannel: (query, channel, limit) => once(scan, query, channel, limit) },
  };
};

/** Whatever any channel that is not disabled has among its first k: no merge of k places can hold more. */
const unionOf = async (core: EngineCore, query: RecallQuery): Promise<Ordinals[]> => {
  const lists: Ordinals[] = [];
  for (const channel of channelNames) {
    if (query.disabled.includes(channel)) continue;
    const { hits } = await runOrNothing(core, query, channel);
    lists.push(hits.map(({ ordinal }) => ordinal));
  }
  return lists;
};

const runOrNothing = async (
  core: EngineCore,
  query: RecallQuery,
  channel: ChannelName,
): Promise<Pick<ChannelRun, 'hits'>> => {
  try {
    return await core.runChannel(query, channel, query.k);
  } catch (error) {
    // A channel that this query gives nothing to work on adds nothing to what the others have.
    if (error instanceof RecallError && error.code === 'unsupported') return { hits: [] };
    throw error;
  }
};

/** The best place of each ad in any of these lists. */
const places = (lists: readonly Ordinals[]): ReadonlyMap<number, number> => {
  const best = new Map<number, number>();
  for (const list of lists)
    list.forEach((ordinal, at) => {
      best.set(ordinal, Math.min(best.get(ordinal) ?? Infinity, at + 1));
    });
  return best;
};

const ordinalsOf = (ads: ReadonlyArray<{ readonly ordinal: number }>): number[] => ads.map(({ ordinal }) => ordinal);

/** The model's exact list; a user whose vector vanishes has an empty one where the query does not ask for it. */
const modelAds = async (exact: EngineCore, query: RecallQuery): Promise<Ordinals> => {
  try {
    return ordinalsOf(await recallAds(exact, { ...query, mode: 'model' }));
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported') return [];
    throw error;
  }
};

const listsAt = async (core: EngineCore, exact: EngineCore, query: RecallQuery): Promise<Omit<Lists, 'union'>> => {
  const twice = doubled(query);
  const { deps } = core;
  const hasModel = (await deps.encoder()) !== null && deps.scan !== null && !query.disabled.includes('model');
  return {
    list: ordinalsOf(await recallAds(core, query)),
    exact: deps.index === null || deps.scan === null ? null : ordinalsOf(await recallAds(exact, query)),
    quotas: twice === null ? null : ordinalsOf(await recallAds(core, twice)),
    model: hasModel ? await modelAds(exact, query) : null,
  };
};

/** How many of the ads each list holds within each cut-off (`missCutoffs`): up to k of the query's own list, then of longer ones. */
const foundIn = async (engine: Engine, { query, adIds }: LossQuestion): Promise<MissRow['found']> => {
  const { catalog } = engine.core.deps;
  const wanted = adIds.flatMap((adId) => catalog.ordinalOf(adId) ?? []);
  const depths = missDepths(query.k, catalog.adCount);
  const deepest = { ...query, k: depths.at(-1) ?? query.k };
  const most = Object.values(settingsOf(query).quota ?? {}).reduce((top, quota) => Math.max(top, 2 * quota), 0);
  const { native, exact } = coresFor(engine.core, channelDepth(deepest, most));
  const found: Record<CurveName, number[] | null> = { list: [], exact: [], quotas: [], union: [], model: [] };
  const add = (name: CurveName, lists: readonly Ordinals[] | null, cuts: readonly number[]): void => {
    const own = found[name];
    if (lists === null || own === null) {
      found[name] = null;
      return;
    }
    const best = places(lists);
    own.push(...cuts.map((cut) => wanted.filter((ordinal) => (best.get(ordinal) ?? Infinity) <= cut).length));
  };
  for (const depth of depths) {
    const asked = { ...query, k: depth };
    const cuts = depth === query.k ? curveCutoffs(depth) : [depth];
    const { list, exact: all, quotas, model } = await listsAt(native, exact, asked);
    add('list', [list ?? []], cuts);
    add('exact', all === null ? null : [all], cuts);
    add('quotas', quotas === null ? null : [quotas], cuts);
    add('union', await unionOf(native, asked), cuts);
    add('model', model === null ? null : [model], cuts);
  }
  return found;
};

const nowhere: MissRow['found'] = { list: null, exact: null, quotas: null, union: null, model: null };

/** What became of each of the ads, and what other lists would hold. One row a question, in their order. Throws as `lossRows`. */
export const missRows = async (
  engine: Engine,
  questions: readonly LossQuestion[],
  stop: () => boolean = () => false,
): Promise<MissRow[]> => {
  const rows: MissRow[] = [];
  for (let from = 0; from < questions.length; from += audienceBatch) {
    const part = questions.slice(from, from + audienceBatch);
    for (const [i, losses] of (await lossRows(engine, part, stop)).entries()) {
      const question = part[i];
      if (question === undefined) break;
      if (stop()) throw cancelledError();
      const found = losses.failed === null ? await foundIn(engine, question) : nowhere;
      rows.push({ ...losses, asOf: question.query.asOf, found });
    }
  }
  return rows;
};
