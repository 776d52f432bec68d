import {
  emptySide,
  standingOf,
  userMetrics,
  valuesOf,
  type AdStanding,
  type CompareRow,
  type SideRow,
} from '../domain/compare-all/rows.ts';
import type { MergedAd } from '../domain/merge.ts';
import { channelNames, ruleNames, type RecallQuery } from '../domain/query.ts';
import { rbo } from '../domain/rank-similarity.ts';
import { cancelledError, RecallError } from '../errors.ts';
import { segmentsOf } from './audience.ts';
import { blastBatch, encodeReaders, pairOf, type BlastChange, type Pair } from './blast.ts';
import type { EngineCore } from './core.ts';
import type { EngineDeps } from './deps.ts';
import type { Engine } from './engine.ts';
import { firstOf } from './history.ts';
import { engagementsOf } from './hydrate.ts';
import { recallAds } from './retrieve.ts';
import { sharedBetween } from './share.ts';

/** Two queries for many users: `before` is side a, `after` side b. */
export type ComparePlan = BlastChange;

export interface CompareBatch {
  readonly rows: CompareRow[];
  /** Encoding of the users apart from all the rest, ms. */
  readonly encodeMs: number;
  readonly restMs: number;
}

const standings = new WeakMap<EngineDeps, { readonly key: string; readonly standing: AdStanding }>();

/** Counted once per run: of one instant, or with users' own instants of the whole sample. */
export const standingFor = (
  deps: EngineDeps,
  plan: Pick<ComparePlan, 'before' | 'asOf' | 'defaultAsOf'>,
): AdStanding => {
  const kinds = [...new Set([...plan.before.rules.popularKinds, ...deps.settings.engagementKinds])].sort();
  const before = plan.asOf ?? plan.defaultAsOf ?? Number.MAX_SAFE_INTEGER;
  const key = JSON.stringify([kinds, before]);
  const known = standings.get(deps);
  if (known?.key === key) return known.standing;
  const standing = standingOf(deps.store.adCounts({ from: Number.MIN_SAFE_INTEGER, before, kinds }));
  standings.set(deps, { key, standing });
  return standing;
};

const rowsOfAds = ({ vectors }: EngineDeps, ordinals: readonly number[]): Float32Array | null => {
  if (vectors === null) return null;
  const rows = new Float32Array(ordinals.length * vectors.dim);
  ordinals.forEach((ordinal, i) =>
    rows.set(vectors.data.subarray(ordinal * vectors.dim, (ordinal + 1) * vectors.dim), i * vectors.dim),
  );
  return rows;
};

const sideOf = (
  deps: EngineDeps,
  list: readonly MergedAd[],
  k: number,
  relevant: ReadonlySet<string>,
  standing: AdStanding,
): SideRow => {
  const ordinals = list.map((ad) => ad.ordinal);
  const adIds = ordinals.map((ordinal) => deps.catalog.idOf(ordinal));
  return {
    ads: ordinals,
    via: list.map((ad) => channelNames.indexOf(ad.via)).join(''),
    hits: adIds.flatMap((adId, i) => (relevant.has(adId) ? [i + 1] : [])),
    values: valuesOf(
      { adIds, ordinals, rows: rowsOfAds(deps, ordinals), dim: deps.vectors?.dim ?? 0 },
      relevant,
      k,
      standing,
    ),
  };
};

/** The promotion in force at as-of: the query's own field wins over the calendar. */
const promotions = (
  { settings: { calendar = [] } }: EngineDeps,
  { context, asOf }: RecallQuery,
): Array<readonly [string, string]> => {
  const dated = calendar
    .filter(({ from, until }) => from <= asOf && asOf < until)
    .map(({ field, value }) => [field, value] as const);
  const fields = new Set(calendar.map(({ field }) => field));
  const now = new Map<string, string>([
    ...[...fields].map((field) => [field, 'none'] as const),
    ...dated,
    ...Object.entries(context),
  ]);
  return [...now].map(([field, value]) => [`promotion ${field}`, value] as const);
};

/** Attributes, length of history, platform of the latest behaviour, promotion, and the rules that placed an ad on either side. */
const segments = (
  engine: Engine,
  query: RecallQuery,
  lists: ReadonlyArray<readonly MergedAd[]>,
): Array<readonly [string, string]> => {
  const { core } = engine;
  const platform = firstOf(core.newest(query), (event) => event.platform !== null)?.platform ?? 'unknown';
  const fired = ruleNames.filter((rule) => lists.some((list) => list.some((ad) => ad.via === rule)));
  return [
    ...segmentsOf(engine, query),
    ['platform', platform],
    ...promotions(core.deps, query),
    ...fired.map((rule) => ['rule', rule] as const),
  ];
};

const rowOf = (
  engine: Engine,
  { before, after }: Pair,
  a: readonly MergedAd[],
  b: readonly MergedAd[],
  standing: AdStanding,
): CompareRow => {
  const { deps } = engine.core;
  const engaged = engagementsOf(deps, before);
  const relevant = new Set(engaged.keys());
  return {
    userId: before.userId,
    asOf: before.asOf,
    engaged: engaged.size,
    rbo: rbo(
      a.map((ad) => ad.ordinal),
      b.map((ad) => ad.ordinal),
    ),
    segments: segments(engine, before, [a, b]),
    a: sideOf(deps, a, before.k, relevant, standing),
    b: sideOf(deps, b, after.k, relevant, standing),
    failed: null,
  };
};

/** One user's two lists, measured. A user vector that vanishes is that user's failure, not the run's. */
const answer = async (engine: Engine, pair: Pair, standing: AdStanding): Promise<CompareRow> => {
  const core: EngineCore = sharedBetween(engine.core);
  try {
    const a = await recallAds(core, pair.before);
    return rowOf(engine, pair, a, await recallAds(core, pair.after), standing);
  } catch (error) {
    if (!(error instanceof RecallError) || error.code !== 'unsupported') throw error;
    const { userId, asOf } = pair.before;
    const side = { ...emptySide, values: userMetrics(pair.before.k).map(() => null) };
    return { userId, asOf, engaged: 0, rbo: 0, segments: [], a: side, b: side, failed: error.message };
  }
};

/** Both sides of these users, in their order, encoded in batches that the sides share wherever they read the same inputs. */
export const compareUsers = async (
  engine: Engine,
  plan: ComparePlan,
  userIds: readonly string[],
  stop: () => boolean = () => false,
): Promise<CompareBatch> => {
  const { deps } = engine.core;
  const { tick } = deps.clock;
  const standing = standingFor(deps, plan);
  const rows: CompareRow[] = [];
  const started = tick();
  let encodeMs = 0;
  for (let from = 0; from < userIds.length; from += blastBatch) {
    const pairs: Pair[] = [];
    for (const userId of userIds.slice(from, from + blastBatch)) pairs.push(await pairOf(engine, plan, userId));
    const at = tick();
    await encodeReaders(engine.core, pairs);
    encodeMs += tick() - at;
    for (const pair of pairs) {
      if (stop()) throw cancelledError();
      rows.push(await answer(engine, pair, standing));
    }
  }
  return { rows, encodeMs, restMs: tick() - started - encodeMs };
};
