import type { EligibilityMask } from '../domain/ads.ts';
import { smallestEf } from '../domain/hnsw/certificate.ts';
import type { EfCertificate } from '../domain/hnsw/certificate.ts';
import type { AdIndex, IndexGraph, SearchTrace } from './ports/ports.ts';

export interface EfQuestion {
  readonly vector: Float32Array;
  readonly ordinal: number;
  /** Length of the native result. A smaller ef acts as `k`: there is none to try. */
  readonly k: number;
  /** Places of it that count. */
  readonly emitted: number;
  readonly mask: EligibilityMask | undefined;
  /** The ad is among the exact `k` best: then it is found from some ef on, and doubling finds that ef. */
  readonly within: boolean;
  /** Searches that are run where ties exist, at most; absent = `mostRuns`. */
  readonly runs?: number;
}

/** The smallest ef, or why there is none. */
export interface EfFinding {
  readonly certificate: EfCertificate | null;
  /** `unreachable`: no chain of links leads to it. `nearer`: enough ads at least as near are met before it, or with it. */
  readonly reason: 'unreachable' | 'nearer' | null;
  /** Exact ties were met: every ef from k on was run, up to `ranTo`. */
  readonly ranTo: number | null;
}

/** Where ties exist each ef is a search of its own: so many are run at most. */
export const mostRuns = 1024;

/** Up to this breadth the ad is searched before all links from the start of its search are followed. */
const beforeLinks = 8192;

/**
 * The smallest ef from k on at which the native index returns the ad among its first `emitted`. Without exact ties a
 * search with a larger ef takes the same way and goes on: the ad is visited from some ef on, and returned from there
 * until enough nearer ads are visited too. So an ef that finds it, with ef − 1 that does not, is the smallest; and an
 * ad that is not returned at the first ef that visits it never is. Where candidates tie the way depends on the layout
 * of the heaps, which ef changes: every ef is run.
 */
export const efCertificate = async (
  index: AdIndex,
  graph: IndexGraph,
  { vector, ordinal, k, emitted, mask, within, runs = mostRuns }: EfQuestion,
): Promise<EfFinding> => {
  const unreachable: EfFinding = { certificate: null, reason: 'unreachable', ranTo: null };
  if (!graph.has(ordinal)) return unreachable;
  const most = Math.max(k, index.size);
  const isFound = async (ef: number): Promise<boolean> => {
    const at = (await index.search(vector, k, ef, mask)).ordinals.indexOf(ordinal);
    return at >= 0 && at < emitted;
  };
  const traceAt = (ef: number): SearchTrace =>
    graph.trace(vector, { k, ef, target: ordinal, ties: true, ...(mask === undefined ? {} : { mask }) });
  // To follow every link costs more than searches of moderate breadth, and those settle most ads.
  const early = within ? await smallestEf(isFound, k, Math.min(most, Math.max(k, beforeLinks))) : null;
  if (early === null && !graph.reaches(vector, ordinal)) return unreachable;
  const doubled = early ?? (within ? await smallestEf(isFound, k, most) : null);
  const met = doubled === null ? await smallestEf((ef) => isMet(traceAt(ef)), k, most) : null;
  const certificate = doubled ?? (met !== null && (await isFound(met.foundAt)) ? await seen(met, isFound) : null);
  const at = certificate?.foundAt ?? met?.foundAt ?? most;
  const trace = traceAt(at);
  if (!trace.tied && !tiesWithBeam(trace))
    return { certificate, reason: certificate === null ? 'nearer' : null, ranTo: null };
  const last = Math.min((certificate?.foundAt ?? most + 1) - 1, k + runs - 1);
  const first = await firstFound(isFound, k, last);
  const complete = last === (certificate?.foundAt ?? most + 1) - 1;
  const found =
    first === null
      ? certificate === null
        ? null
        : { ...certificate, certain: complete }
      : { foundAt: first, notFoundAt: first === k ? null : first - 1, certain: true };
  return { certificate: found, reason: found === null ? 'nearer' : null, ranTo: found?.foundAt ?? last };
};

const isMet = ({ target }: SearchTrace): boolean => target?.visited === true;

/** The ef below does not visit the ad in the replay; that it does not return it is run natively too. */
const seen = async (met: EfCertificate, isFound: (ef: number) => Promise<boolean>): Promise<EfCertificate | null> =>
  met.notFoundAt === null || !(await isFound(met.notFoundAt))
    ? met
    : { foundAt: met.notFoundAt, notFoundAt: null, certain: false };

/** Another ad of the beam is exactly as near: which of the two stays depends on ef. */
const tiesWithBeam = ({ target, beam }: SearchTrace): boolean =>
  target !== null && beam.some((hop) => hop.node !== target.node && hop.distance === target.distance);

const firstFound = async (
  isFound: (ef: number) => Promise<boolean>,
  from: number,
  to: number,
): Promise<number | null> => {
  for (let ef = from; ef <= to; ef += 1) if (await isFound(ef)) return ef;
  return null;
};
