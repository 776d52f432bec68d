import type { ChannelName } from '../domain/channels.ts';
import type { RecallQuery } from '../domain/query.ts';
import { readsModel } from '../domain/sources.ts';
import { withSettings, type TuneAgainst, type TuneRow, type TuneSettings } from '../domain/tune.ts';
import { cancelledError, RecallError } from '../errors.ts';
import { blastBatch, encodeReaders, queryFor, type UsersPlan } from './blast.ts';
import { readsTower } from './channels/index.ts';
import type { ChannelRun, EngineCore } from './core.ts';
import type { Engine } from './engine.ts';
import { exactly } from './exact-core.ts';
import { engagementsOf } from './hydrate.ts';
import { recallAds } from './retrieve.ts';
import { sharedBetween } from './share.ts';

/** One question to many users under each of these settings. Plain JSON. */
export interface TunePlan extends UsersPlan {
  readonly against: TuneAgainst;
  readonly settings: readonly TuneSettings[];
}

/** A search of the index with what it cost. */
interface Search {
  readonly run: ChannelRun;
  readonly ms: number;
  readonly distances: number | null;
}

/** A core for the settings of one user: each search of the index runs once, timed, and says what it cost. */
const meteredFor = (core: EngineCore): { core: EngineCore; lastSearch: () => Search | null } => {
  const { tick } = core.deps.clock;
  const shared = sharedBetween(core);
  const searches = new Map<string, Promise<Search>>();
  let last: Search | null = null;
  const search = async (query: RecallQuery, channel: ChannelName, limit: number): Promise<Search> => {
    await core.userVector(query);
    const from = tick();
    const run = await core.runChannel(query, channel, limit);
    const ms = tick() - from;
    return { run, ms, distances: await distancesOf(core, query, run, limit) };
  };
  return {
    lastSearch: () => last,
    core: {
      ...shared,
      runChannel: async (query, channel, limit) => {
        if (!readsTower(channel)) return shared.runChannel(query, channel, limit);
        const key = `${channel} ${limit} ${Math.max(query.ef, limit)}`;
        const made = searches.get(key) ?? search(query, channel, limit);
        searches.set(key, made);
        last = await made;
        return last.run;
      },
    },
  };
};

/** Distances of the walk, replayed from the index file; of a scan, one for each ad that it scores. */
const distancesOf = async (
  core: EngineCore,
  query: RecallQuery,
  { ann }: ChannelRun,
  limit: number,
): Promise<number | null> => {
  const mask = core.mask(query);
  if (ann?.method === 'exact-scan') return (mask?.eligible ?? core.deps.catalog.adCount) - core.unindexed(mask);
  const [vector, graph] = [await core.userVector(query), (await core.deps.graph?.()) ?? null];
  if (vector === null || graph === null) return null;
  const k = Math.min(limit, core.deps.catalog.adCount);
  return graph.trace(vector, { k, ef: Math.max(query.ef, k), ...(mask === null ? {} : { mask }) }).distances;
};

type Ordinals = ReadonlyArray<{ readonly ordinal: number }>;

/** How many of the ads to be found a list has. */
interface Wanted {
  readonly count: number;
  hits(list: Ordinals): number;
}

const engagedAds = ({ deps }: EngineCore, query: RecallQuery): Wanted => {
  const adIds = engagementsOf(deps, query);
  return {
    count: adIds.size,
    hits: (list) => list.filter(({ ordinal }) => adIds.has(deps.catalog.idOf(ordinal))).length,
  };
};

/** The list with the exact scan in the index's place. In a list of the model alone an ad that ties with its last one counts too. */
const exactAds = async (core: EngineCore, query: RecallQuery): Promise<Wanted> => {
  const exact = (await recallAds(exactly(core), query)).map(({ ordinal }) => ordinal);
  const ids = new Set(exact);
  const { scan } = core.deps;
  const vector = query.mode === 'model' ? await core.userVector(query) : null;
  if (vector === null || scan === null)
    return { count: exact.length, hits: (list) => list.filter(({ ordinal }) => ids.has(ordinal)).length };
  const least = scan.scoresOf(vector, exact.slice(-1))[0] ?? 0;
  return {
    count: exact.length,
    hits: (list) => {
      const others = list.flatMap(({ ordinal }) => (ids.has(ordinal) ? [] : [ordinal]));
      const tied = scan.scoresOf(vector, others).filter((score) => score >= least).length;
      return Math.min(exact.length, list.length - others.length + tied);
    },
  };
};

const nothing = { recall: [], distances: [], searchMs: [] };

const warm = new WeakSet<Engine>();

/** Once for each engine, so in each worker: the first search loads the index and is none that a user waits for. */
const warmUp = async (engine: Engine, { settings }: TunePlan, query: RecallQuery): Promise<void> => {
  if (warm.has(engine)) return;
  warm.add(engine);
  for (const own of settings) await recallAds(engine.core, withSettings(query, own));
};

const rowOf = async (engine: Engine, plan: TunePlan, query: RecallQuery): Promise<TuneRow> => {
  const { userId } = query;
  const { core, lastSearch } = meteredFor(engine.core);
  try {
    const wanted = plan.against === 'exact' ? await exactAds(core, query) : engagedAds(core, query);
    if (wanted.count === 0) return { userId, wanted: 0, ...nothing, failed: null };
    await warmUp(engine, plan, query);
    const tried: Array<{ recall: number; distances: number | null; ms: number }> = [];
    for (const settings of plan.settings) {
      const asked = withSettings(query, settings);
      const list = await recallAds(core, asked);
      const search = readsModel(asked) ? lastSearch() : null;
      tried.push({
        recall: wanted.hits(list) / wanted.count,
        distances: search === null ? 0 : search.distances,
        ms: search?.ms ?? 0,
      });
    }
    return {
      userId,
      wanted: wanted.count,
      recall: tried.map(({ recall }) => recall),
      distances: tried.map(({ distances }) => distances),
      searchMs: tried.map(({ ms }) => ms),
      failed: null,
    };
  } catch (error) {
    if (!(error instanceof RecallError) || error.code !== 'unsupported') throw error;
    return { userId, wanted: 0, ...nothing, failed: error.message };
  }
};

/** What each of the settings finds for these users, in their order, and what its search costs. Throws `cancelled`. */
export const tuneRows = async (
  engine: Engine,
  plan: TunePlan,
  userIds: readonly string[],
  stop: () => boolean = () => false,
): Promise<TuneRow[]> => {
  const rows: TuneRow[] = [];
  for (let from = 0; from < userIds.length; from += blastBatch) {
    const queries = userIds.slice(from, from + blastBatch).map((userId) => queryFor(engine, plan, userId));
    await encodeReaders(
      engine.core,
      queries.map((query) => ({ before: query, after: query })),
    );
    for (const query of queries) {
      if (stop()) throw cancelledError();
      rows.push(await rowOf(engine, plan, query));
    }
  }
  return rows;
};
