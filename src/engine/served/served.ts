import { compareLists } from '../../domain/compare-lists.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { RecallResult } from '../../domain/result.ts';
import { sameIds } from '../../domain/served/served.ts';
import type { ServedCause, ServedComparison, ServedRequest, ServedRow } from '../../domain/served/served.ts';
import type { Engine } from '../engine.ts';
import { attribute } from './attribute.ts';
import { reasonsIn } from './parts.ts';
import { lastOfEvery, liftsOf, settingsThatGive } from './search.ts';
import { createTrial, type Trial } from './trial.ts';

/**
 * The logged list and the recomputed one, each difference with its cause. `query` is what the request is asked as: its
 * user, as-of its time, k its length. Another ef and older features are claimed only where a run with them gives the
 * served list ad by ad; eligibility is claimed ad by ad, where lifting the filters moves that ad. Of what gives the
 * list, each ad is charged to the least that settles it. Throws `unknown-user`, `cancelled`.
 */
export const compareServed = async (
  engine: Engine,
  query: RecallQuery,
  request: ServedRequest,
  titleOf: (adId: string) => string,
  signal?: AbortSignal,
): Promise<ServedComparison> => {
  const result = await engine.recall(query, signal === undefined ? {} : { signal });
  const here = result.candidates.map(({ adId, rank }) => ({ adId, rank }));
  const logged = request.list.map((adId, i) => ({ adId, rank: i + 1 }));
  const comparison = compareLists(logged, here);
  const differing = [...comparison.left, ...comparison.entered].map(({ adId }) => adId);
  const causes =
    differing.length === 0
      ? null
      : await causesOf(createTrial(engine, result.query, request, signal), result, differing);
  const ranks = new Map(here.map(({ adId, rank }) => [adId, rank]));
  const row = (adId: string, served: number | null, recomputed: number | null): ServedRow => ({
    adId,
    title: titleOf(adId),
    served,
    recomputed,
    cause: causes?.get(adId) ?? null,
  });
  return {
    request,
    same: sameIds(
      request.list,
      result.candidates.map(({ adId }) => adId),
    ),
    overlap: comparison.overlap,
    rows: [
      ...logged.map(({ adId, rank }) => row(adId, rank, ranks.get(adId) ?? null)),
      ...comparison.entered.map(({ adId, to }) => row(adId, null, to)),
    ],
  };
};

const causesOf = async (
  trial: Trial,
  result: RecallResult,
  adIds: readonly string[],
): Promise<Map<string, ServedCause>> => {
  const whole = await settingsThatGive(trial);
  // Where nothing gives the whole list, lifting the filters of the served ads still shows of some ad that it comes in
  // or gives way.
  const found = await attribute(trial, whole.length > 0 ? whole : liftsOf(trial).slice(0, 1), adIds);
  const newer = result.leaks[0];
  return new Map(
    adIds.map((adId) => [
      adId,
      found.get(adId) ?? {
        type: 'unknown',
        tried: tried(trial, adId),
        ...(newer === undefined ? {} : { newer }),
      },
    ]),
  );
};

const tried = ({ core, query, bits, lacking }: Trial, adId: string): string => {
  const ordinal = core.deps.catalog.ordinalOf(adId);
  if (ordinal === null) return 'the sample does not have the ad, so no run brings it';
  const reasons = reasonsIn(bits[ordinal] ?? 0);
  const places = lacking === 0 ? '' : `${lacking} served ads that the sample does not have take places of the list; `;
  const size = core.deps.index?.size ?? 0;
  const efs =
    size === 0
      ? 'no ef'
      : `no ef that was run (every one from ${query.k} to ${lastOfEvery(query, size)}, and those servers are set to)`;
  const runs = `${places}${efs}, no earlier refresh of the features${query.eligibility ? ', no lifting of the filters' : ''} and no two of them give the ${lacking === 0 ? '' : 'other ads of the '}list`;
  return reasons.length === 0
    ? runs
    : `${runs}; ${reasons.join(', ')} at the request’s time, and lifting that alone does not bring the ad`;
};
