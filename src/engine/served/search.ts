import { tieTolerance } from '../../domain/metric.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { EngineCore } from '../core.ts';
import { reasonsIn, type Part } from './parts.ts';
import type { Trial } from './trial.ts';

/** Refreshes of the features tried: the instants just before each of so many of the user's latest behaviours. */
const mostRefreshes = 30;

/**
 * The sets of parts whose run gives the served list, fewest kinds of part first: filters alone, else filters with
 * another ef and filters with older features (both, where both give it: the lists cannot decide between them), else all
 * of them.
 */
export const settingsThatGive = async (trial: Trial): Promise<Array<readonly Part[]>> => {
  if (trial.request.list.length > trial.query.k || (await trial.gives([]))) return [];
  const lifts = liftsOf(trial);
  for (const lift of lifts) if (lift.length > 0 && (await trial.gives(lift))) return [lift];
  const ages = await agesOf(trial);
  const single = [await anotherEf(trial, lifts, []), await older(trial, lifts, ages)].filter((found) => found !== null);
  if (single.length > 0) return single;
  for (const age of ages) {
    if (!(await couldRank(trial, age))) continue;
    const found = await anotherEf(trial, lifts, [age]);
    if (found !== null) return [found];
  }
  return [];
};

/**
 * The filters that the server can have lifted. A served ad that is dropped here must have been; whether other ads of
 * the same filter, or of all filters, were let in too changes how far an approximate search goes, so these are tried as
 * well.
 */
export const liftsOf = (trial: Trial): ReadonlyArray<readonly Part[]> => {
  const { bits, request, core } = trial;
  const needed = request.list.reduce((sum, adId) => sum | (bits[core.deps.catalog.ordinalOf(adId) ?? -1] ?? 0), 0);
  if (needed === 0) return [[]];
  const all = bits.reduce((sum, own) => sum | own, 0);
  const lift = (reasons: number, whole: boolean): Part[] =>
    reasonsIn(reasons).map((reason) => ({ type: 'lift', reason, whole }));
  return [lift(needed, false), lift(needed, true), ...(all === needed ? [] : [lift(all, true)])];
};

/** From k on so many breadths are all run: where ads tie, a list can be of one breadth alone. */
const everyBreadth = 256;

/** The last breadth up to which every one is run. */
export const lastOfEvery = ({ k }: RecallQuery, size: number): number => Math.min(size, k + everyBreadth - 1);

/** Breadths that servers are set to, and those near the request's own. */
const usual = ({ k }: RecallQuery, size: number): number[] =>
  [
    ...[1, 1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64].map((times) => Math.round(k * times)),
    ...[32, 50, 64, 100, 128, 200, 256, 400, 500, 512, 800, 1000, 1024, 2000, size],
  ].sort((a, b) => a - b);

/** Every breadth from k on, as far as they are run. */
const every = (query: RecallQuery, size: number): number[] =>
  Array.from({ length: Math.max(0, lastOfEvery(query, size) - query.k + 1) }, (_, i) => query.k + i);

const anotherEf = async (
  trial: Trial,
  lifts: ReadonlyArray<readonly Part[]>,
  others: readonly Part[],
): Promise<readonly Part[] | null> => {
  const {
    core: {
      deps: { index },
    },
    query,
  } = trial;
  if (index === null || (query.mode !== 'model' && query.mode !== 'merged')) return null;
  const differs = (ef: number): boolean => ef >= query.k && ef <= index.size && ef !== Math.max(query.ef, query.k);
  for (const lift of lifts) {
    const with_ = (ef: number): readonly Part[] => [...lift, { type: 'ef', ef }, ...others];
    const ranged = async (ef: number): Promise<readonly Part[]> => [
      ...lift,
      { type: 'ef', ef, range: await rangeAround(ef, (one) => trial.gives(with_(one)), query.k, index.size) },
      ...others,
    ];
    const total = query.mode === 'model' ? await byTotal(trial, with_, index.size) : null;
    // With an earlier refresh too that would be tens of thousands of searches.
    const beyond = [...(total === null ? [] : [total]), ...(others.length > 0 ? [] : every(query, index.size))];
    const efs = new Set([...usual(query, index.size), ...beyond].filter(differs));
    for (const ef of efs) if (await trial.gives(with_(ef))) return ranged(ef);
  }
  return null;
};

/** Up to so many breadths of a range are all run. */
const everyOfRange = 128;

/**
 * How far the breadths around one that gives the list give it too. A broader search never finds a worse list, so those
 * that give it are next to each other; both ends are run, and so is the one beyond each. Exact ties break that: each of
 * the nearest breadths is run.
 */
const rangeAround = async (
  ef: number,
  gives: (ef: number) => Promise<boolean>,
  least: number,
  most: number,
): Promise<{ readonly from: number; readonly to: number }> => {
  const last = async (step: 1 | -1, bound: number): Promise<number> => {
    let [inside, outside] = [ef, bound + step];
    while (Math.abs(outside - inside) > 1) {
      const middle = inside + Math.trunc((outside - inside) / 2);
      if (await gives(middle)) inside = middle;
      else outside = middle;
    }
    for (let at = ef + step; (inside - at) * step > 0 && Math.abs(at - ef) <= everyOfRange; at += step)
      if (!(await gives(at))) return at - step;
    return inside;
  };
  return { from: await last(-1, least), to: await last(1, most) };
};

const scoresOf = async (
  { core, query }: { core: EngineCore; query: RecallQuery },
  of: readonly number[],
): Promise<number[] | null> => {
  const vector = await core.userVector(query);
  const scores = vector === null ? null : core.modelScores(vector, of);
  return scores === null ? null : Array.from(scores);
};

/**
 * The smallest ef whose list scores as much in all as the served one: a broader search only finds better lists. Null
 * where served ads have no score.
 */
const byTotal = async (trial: Trial, with_: (ef: number) => readonly Part[], size: number): Promise<number | null> => {
  const {
    core: {
      deps: { catalog },
    },
    served,
    query,
  } = trial;
  const asked = trial.asked(with_(size));
  const totalOf = async (of: readonly number[]): Promise<number | null> =>
    (await scoresOf(asked, of))?.reduce((sum, score) => sum + score, 0) ?? null;
  const wanted = await totalOf(served);
  if (wanted === null) return null;
  let [below, above] = [query.k - 1, size];
  while (above - below > 1) {
    const middle = below + Math.floor((above - below) / 2);
    const total = await totalOf(((await trial.list(with_(middle))) ?? []).map((adId) => catalog.ordinalOf(adId) ?? 0));
    if (total !== null && total >= wanted - tieTolerance(wanted)) above = middle;
    else below = middle;
  }
  return above;
};

type Age = Extract<Part, { type: 'age' }>;

/**
 * Features change when a behaviour arrives: as-of each of the latest ones is every refresh that could have been
 * served from. None for a model that reads no inputs.
 */
const agesOf = async ({ core, query }: Trial): Promise<Age[]> => {
  const groups = (await core.deps.encoder())?.groups ?? [];
  if (query.mode === 'model' && groups.length === 0) return [];
  const times = new Set<number>();
  for (const { at } of core.newest(query)) {
    if (times.size === mostRefreshes) break;
    if (at < query.asOf && query.extraEvents.every((event) => event.at < at)) times.add(at);
  }
  const held = groups.some(({ source }) => source === 'context');
  return [...times].flatMap((asOf): Age[] => [
    { type: 'age', asOf, held: false },
    ...(held ? [{ type: 'age' as const, asOf, held: true }] : []),
  ]);
};

const older = async (
  trial: Trial,
  lifts: ReadonlyArray<readonly Part[]>,
  ages: readonly Age[],
): Promise<readonly Part[] | null> => {
  for (const age of ages) for (const lift of lifts) if (await trial.gives([...lift, age])) return [...lift, age];
  return null;
};

/** Could any ef give the served list at this age? Only where its scores under that vector never rise. */
const couldRank = async (trial: Trial, age: Age): Promise<boolean> => {
  if (trial.query.mode !== 'model' || (await trial.list([age])) === null) return false;
  const scores = await scoresOf(trial.asked([age]), trial.served);
  return scores?.every((score, i) => i === 0 || score <= (scores[i - 1] ?? score) + tieTolerance(score)) ?? false;
};
