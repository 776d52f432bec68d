import type { BlastRow } from '../domain/blast.ts';
import { compareLists } from '../domain/compare-lists.ts';
import type { EventFilter } from '../domain/filter/events.ts';
import { byCodeUnit } from '../base/order.ts';
import type { RecallQuery } from '../domain/query.ts';
import { seededRandom } from '../domain/random.ts';
import { cancelledError, RecallError } from '../errors.ts';
import type { EngineCore } from './core.ts';
import type { Engine } from './engine.ts';
import { engagementsOf } from './hydrate.ts';
import { readsModel } from '../domain/sources.ts';
import { recallAds } from './retrieve.ts';
import { sharedBetween } from './share.ts';
import { knockOutIds } from './what-if.ts';

/** A change to apply to many users: two queries of which the user, the as-of and the knock-outs by id are replaced. Plain JSON. */
export interface BlastChange {
  readonly before: RecallQuery;
  readonly after: RecallQuery;
  /** One instant for all; null = each user's own default. */
  readonly asOf: number | null;
  /** The workspace's default as-of; null = just after the user's last event. */
  readonly defaultAsOf: number | null;
  /** Knock-outs of `after`, resolved for each user. */
  readonly filters: readonly EventFilter[];
}

/** `count` user ids drawn without replacement, in code-unit order; all of them where there are no more. */
export const sampleUsers = (userIds: readonly string[], count: number, seed: number): string[] => {
  if (count >= userIds.length) return [...userIds].sort(byCodeUnit);
  const order = seededRandom(seed).shuffle(Uint32Array.from(userIds, (_, i) => i));
  return Array.from(order.subarray(0, count), (i) => userIds[i] ?? '').sort(byCodeUnit);
};

/** One user's two queries. */
export interface Pair {
  readonly before: RecallQuery;
  readonly after: RecallQuery;
}

/** Hypothetical events keep their distance from as-of; knock-outs by id belong to one user and are dropped. */
const forUser = (query: RecallQuery, userId: string, asOf: number): RecallQuery => ({
  ...query,
  userId,
  asOf,
  excludedEvents: [],
  extraEvents: query.extraEvents.map((event) => ({ ...event, at: asOf - (query.asOf - event.at) })),
});

/** One question to many users: of the query the user, the as-of and the knock-outs by id are replaced. Plain JSON. */
export interface UsersPlan {
  readonly query: RecallQuery;
  /** As in `BlastChange`. */
  readonly asOf: number | null;
  readonly defaultAsOf: number | null;
}

/** The plan's query for this user: at the plan's instant, else the workspace's, else just after their last event. */
export const queryFor = (
  { core }: Pick<Engine, 'core'>,
  { query, asOf, defaultAsOf }: UsersPlan,
  userId: string,
): RecallQuery => {
  const last = core.deps.store.lastEventAt(userId);
  return forUser(query, userId, asOf ?? defaultAsOf ?? (last === null ? query.asOf : last + 1));
};

/** The change's two queries for this user, at one as-of. */
export const pairOf = async (engine: Engine, change: BlastChange, userId: string): Promise<Pair> => {
  const { core } = engine;
  const after = queryFor(engine, { ...change, query: change.after }, userId);
  const { asOf } = after;
  return {
    before: forUser(change.before, userId, asOf),
    after: { ...after, excludedEvents: await knockOutIds(core, after, change.filters) },
  };
};

type Ranked = ReadonlyArray<{ readonly adId: string; readonly rank: number }>;

const rowOf = ({ core }: Engine, { after: { userId, asOf } }: Pair, before: Ranked, after: Ranked): BlastRow => {
  const { overlap, entered, left, moved } = compareLists(before, after);
  const engaged = engagementsOf(core.deps, { userId, asOf });
  const hits = (list: Ranked): number => list.filter(({ adId }) => engaged.has(adId)).length;
  return {
    userId,
    asOf,
    changed: entered.length + left.length + moved.length > 0,
    entered: entered.map((m) => m.adId),
    left: left.map((m) => m.adId),
    moved: moved.length,
    rbo: overlap.rbo,
    jaccard: overlap.jaccard,
    engaged: engaged.size,
    hitsBefore: hits(before),
    hitsAfter: hits(after),
    failed: null,
  };
};

const failedRow = ({ after: { userId, asOf } }: Pair, reason: string): BlastRow => ({
  userId,
  asOf,
  changed: false,
  entered: [],
  left: [],
  moved: 0,
  rbo: 1,
  jaccard: 1,
  engaged: 0,
  hitsBefore: 0,
  hitsAfter: 0,
  failed: reason,
});

/** One user's two recalls. A user vector that vanishes is that user's failure, not the run's. */
const answer = async (engine: Engine, pair: Pair): Promise<BlastRow> => {
  const core = sharedBetween(engine.core);
  const listOf = async (query: RecallQuery): Promise<Ranked> =>
    (await recallAds(core, query)).map(({ ordinal }, i) => ({ adId: core.deps.catalog.idOf(ordinal), rank: i + 1 }));
  try {
    return rowOf(engine, pair, await listOf(pair.before), await listOf(pair.after));
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported') return failedRow(pair, error.message);
    throw error;
  }
};

/** Encodes, in one batch, the users of the queries that ask the model channel; without a model there is nothing to encode. */
export const encodeReaders = async (core: EngineCore, pairs: readonly Pair[]): Promise<void> => {
  const readers = pairs.flatMap(({ before, after }) => [before, after]).filter(readsModel);
  if (readers.length > 0 && (await core.deps.encoder()) !== null) await core.encodeMany(readers);
};

/** Users per batch of encodings: before and after both fit the engine's cache of them. */
export const blastBatch = 64;

/**
 * The change applied to these users, in their order: encoded in batches that before and after share
 * wherever they read the same inputs, then recalled one by one. The same rows as recalling each query by itself.
 */
export const blastUsers = async (
  engine: Engine,
  change: BlastChange,
  userIds: readonly string[],
  stop: () => boolean = () => false,
): Promise<BlastRow[]> => {
  const rows: BlastRow[] = [];
  for (let from = 0; from < userIds.length; from += blastBatch) {
    const pairs: Pair[] = [];
    for (const userId of userIds.slice(from, from + blastBatch)) pairs.push(await pairOf(engine, change, userId));
    await encodeReaders(engine.core, pairs);
    for (const pair of pairs) {
      if (stop()) throw cancelledError();
      rows.push(await answer(engine, pair));
    }
  }
  return rows;
};
