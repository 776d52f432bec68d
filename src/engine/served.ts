import { compareLists } from '../domain/compare-lists.ts';
import type { DropReason } from '../domain/ads.ts';
import { tieTolerance } from '../domain/metric.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { RecallResult } from '../domain/result.ts';
import { sameIds } from '../domain/served.ts';
import type { ServedCause, ServedComparison, ServedRequest, ServedRow } from '../domain/served.ts';
import type { Engine } from './engine.ts';
import { throwIfAborted } from './explain/vectors.ts';

/** Refreshes of the features tried: the instants just before each of so many of the user's latest behaviours. */
const mostRefreshes = 30;
/** What the request's time settles; the other reasons are read from what the sample holds now. */
const settledByTime: ReadonlySet<DropReason> = new Set<DropReason>(['not-started', 'ended', 'targeting', 'already-bought', 'frequency-cap']);

interface Trial { readonly engine: Engine; readonly query: RecallQuery; readonly request: ServedRequest; readonly signal: AbortSignal | undefined }

const idsOf = ({ candidates }: Pick<RecallResult, 'candidates'>): string[] => candidates.map((candidate) => candidate.adId);

const gives = async ({ engine, request, signal }: Trial, query: RecallQuery): Promise<boolean> => {
  throwIfAborted(signal);
  return sameIds(idsOf(await engine.recall(query)), request.list);
};

/**
 * The logged list beside the recomputed one, each difference with its cause. `query` is what the request is asked as: its
 * user, as-of its time, k its length. A cause that changes the whole list is claimed only where its run gives the served
 * list ad by ad; eligibility is claimed ad by ad, where lifting the filters moves that ad. Throws `unknown-user`, `cancelled`.
 */
export const compareServed = async (engine: Engine, query: RecallQuery, request: ServedRequest, titleOf: (adId: string) => string, signal?: AbortSignal): Promise<ServedComparison> => {
  const result = await engine.recall(query, signal === undefined ? {} : { signal });
  const here = result.candidates.map(({ adId, rank }) => ({ adId, rank }));
  const logged = request.list.map((adId, i) => ({ adId, rank: i + 1 }));
  const comparison = compareLists(logged, here);
  const trial = { engine, query, request, signal };
  const same = sameIds(request.list, idsOf(result));
  const causeOf = same ? () => null : await causes(trial, result);
  const ranks = new Map(here.map(({ adId, rank }) => [adId, rank]));
  const row = (adId: string, served: number | null, recomputed: number | null): ServedRow =>
    ({ adId, title: titleOf(adId), served, recomputed, cause: served === null || recomputed === null ? causeOf(adId) : null });
  return {
    request, same, overlap: comparison.overlap,
    rows: [...logged.map(({ adId, rank }) => row(adId, rank, ranks.get(adId) ?? null)), ...comparison.entered.map(({ adId, to }) => row(adId, null, to))],
  };
};

type CauseOf = (adId: string) => ServedCause;

const causes = async (trial: Trial, result: RecallResult): Promise<CauseOf> => {
  const whole = await anotherEf(trial) ?? await featureAge(trial);
  if (whole !== null) return () => whole;
  const eligibility = await byEligibility(trial, result);
  const newer = newerArtefact(result);
  const tried = `no ef, no earlier refresh of the features${trial.query.eligibility ? ' and no lifting of the filters' : ''} gives it`;
  return (adId) => eligibility.get(adId) ?? newer ?? { type: 'unknown', tried };
};

/** Breadths that servers are set to, and those near the request's own. */
const breadths = ({ k, ef }: RecallQuery, size: number): number[] =>
  [...new Set([k, ...[1, 1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64].map((times) => Math.round(k * times)), 32, 50, 64, 100, 128, 200, 256, 400, 500, 512, 800, 1000, 1024, 2000, size])]
    .filter((one) => one >= k && one <= size && one !== Math.max(ef, k)).sort((a, b) => a - b);

const anotherEf = async (trial: Trial): Promise<ServedCause | null> => {
  const { index } = trial.engine.core.deps;
  const { mode } = trial.query;
  if (index === null || (mode !== 'model' && mode !== 'merged')) return null;
  for (const ef of breadths(trial.query, index.size)) if (await gives(trial, { ...trial.query, ef })) return { type: 'another-ef', ef };
  const ef = mode === 'model' ? await byTotal(trial, index.size) : null;
  return ef !== null && await gives(trial, { ...trial.query, ef }) ? { type: 'another-ef', ef } : null;
};

/** The smallest ef whose list scores as much in all as the served one: a broader search only finds better lists. Null where served ads have no score. */
const byTotal = async ({ engine, query, request, signal }: Trial, size: number): Promise<number | null> => {
  const { core } = engine;
  const vector = await core.userVector(query);
  const ordinals = request.list.map((adId) => core.deps.catalog.ordinalOf(adId) ?? -1);
  if (vector === null || ordinals.includes(-1)) return null;
  const scoreOf = (of: readonly number[]): number => Array.from(core.modelScores(vector, of) ?? []).reduce((sum, score) => sum + score, 0);
  const wanted = scoreOf(ordinals);
  let [below, above] = [query.k - 1, size];
  while (above - below > 1) {
    throwIfAborted(signal);
    const middle = below + Math.floor((above - below) / 2);
    const { candidates } = await engine.recall({ ...query, ef: middle });
    if (scoreOf(candidates.map((candidate) => candidate.ordinal)) >= wanted - tieTolerance(wanted)) above = middle; else below = middle;
  }
  return above;
};

/** Features change when a behaviour arrives: as-of each of the latest ones is every refresh that could have been served from. */
const featureAge = async (trial: Trial): Promise<ServedCause | null> => {
  const { engine, query } = trial;
  const times = [...new Set(engine.core.history(query).map((event) => event.at))].filter((at) => at < query.asOf).slice(0, mostRefreshes);
  for (const asOf of times) if (await gives(trial, { ...query, asOf })) return { type: 'feature-age', asOf, ageMs: query.asOf - asOf };
  return null;
};

/** Served and filtered out here; or here because such an ad is not. Proved by the list with only the served ones of the filtered ads let in again. */
const byEligibility = async (trial: Trial, result: RecallResult): Promise<Map<string, ServedCause>> => {
  const { engine, query, request } = trial;
  const found = new Map<string, ServedCause>();
  const reasons = new Map(request.list.flatMap((adId) => {
    const ordinal = engine.core.deps.catalog.ordinalOf(adId);
    const reason = ordinal === null ? null : engine.core.dropReason(query, ordinal);
    return reason === null ? [] : [[adId, reason] as const];
  }));
  if (reasons.size === 0) return found;
  const restored = new Set(await listWith(trial, new Set(reasons.keys())));
  for (const [adId, reason] of reasons) if (restored.has(adId)) found.set(adId, { type: settledByTime.has(reason) ? 'not-eligible-then' : 'not-eligible-now', reason });
  const [first] = found.values();
  const served = new Set(request.list);
  // An ad that is only here, and gives way in that list, stands in the place of one that was served.
  if (first !== undefined) for (const adId of idsOf(result)) if (!served.has(adId) && !restored.has(adId)) found.set(adId, first);
  return found;
};

/** How far below the cutoff a list without filters is read, for what is eligible in it. */
const depth = 1000;

/** The query's list as if these filtered ads were eligible: the list without filters, without the other filtered ads. */
const listWith = async ({ engine, query }: Trial, letIn: ReadonlySet<string>): Promise<string[]> => {
  const { core } = engine;
  const k = Math.min(query.k + depth, Math.max(query.k, core.deps.catalog.adCount));
  const { candidates } = await engine.recall({ ...query, eligibility: false, k });
  return candidates.filter(({ adId, ordinal }) => letIn.has(adId) || core.dropReason(query, ordinal) === null).slice(0, query.k).map(({ adId }) => adId);
};

/** Stated by the artefacts themselves: one that took part was built from data after the request. */
const newerArtefact = ({ leaks: [fact] }: RecallResult): ServedCause | null => (fact === undefined ? null : { type: 'artefact-newer', fact });
