import type { RecallQuery } from '../../domain/query.ts';
import { smallestEf } from '../../domain/hnsw/certificate.ts';
import { tieTolerance } from '../../domain/metric.ts';
import type { ChannelVerdict } from '../../domain/verdict.ts';
import type { EngineCore } from '../core.ts';
import type { ExactRank, ExactScan, Hits } from '../ports/ports.ts';
import { hasVector } from '../explain/vectors.ts';
import type { Emission } from './emission.ts';
import { emittedAt, notMatched, selectedOutcome } from './list-verdict.ts';
import { staleAgainstTower, staleInIndex } from './stale.ts';

type Outcome = Omit<ChannelVerdict, 'channel' | 'takesPart'>;

/** The ad against the exact list of this query. */
interface Standing {
  readonly scan: ExactScan;
  readonly vector: Float32Array;
  readonly exact: ExactRank;
  readonly top: Hits;
}

const notIndexed = (reason: string): Outcome => ({
  verdict: 'not-indexed',
  margin: null,
  rankMargin: null,
  evidence: { type: 'no-vector', reason },
});

/** Verdict of the model channel, in the order of precedence of docs/design.md. Every claim is checked against the exact scan. */
export const modelVerdict = async (
  core: EngineCore,
  query: RecallQuery,
  emission: Emission,
  ordinal: number,
): Promise<Outcome> => {
  const here = emittedAt(emission, ordinal);
  if (here !== null) return selectedOutcome(emission, here.at, here.hit);
  const vector = await core.userVector(query);
  const { scan } = core.deps;
  if (vector === null || scan === null)
    return notMatched(emission.run.silent ?? 'this workspace has no ad vectors to rank exactly');
  if (!hasVector(core.deps, ordinal)) return notIndexed('the vectors file has no row for it');
  if (emission.run.ann?.method !== 'exact-scan' && !(await isIndexed(core, ordinal)))
    return notIndexed('the index has no node for it');
  const mask = core.mask(query) ?? undefined;
  const { top, exact } = await scan.standing(vector, ordinal, emission.limit + 1, mask);
  const standing = { scan, vector, exact, top };
  const question = { ordinal, vector, space: core.deps.vectors?.space ?? 'ip', exact, limit: emission.emitted, top };
  const stale = await staleAgainstTower(core, question);
  if (stale !== null) return { verdict: 'stale-vector', ...missing(standing, emission), evidence: stale };
  if (exact.rank > emission.limit) return belowCutoff(standing, emission.emitted, ordinal);
  if (exact.rank > emission.emitted) return beyondQuota(standing, emission);
  return missed(core, query, emission, ordinal, standing, question);
};

/** Where labels are ordinals, an index with a node per ad holds them all; a team's own index says itself whom it holds. */
const isIndexed = async ({ deps: { index, catalog, graph } }: EngineCore, ordinal: number): Promise<boolean> => {
  if (index?.has !== undefined) return index.has(ordinal);
  if (index === null || index.size >= catalog.adCount) return true;
  return (await graph?.())?.has(ordinal) ?? ordinal < index.size;
};

/** Score and ranks missing to the last ad that is in; never below 0. */
const missing = ({ exact, top }: Standing, emission: Emission): { margin: number; rankMargin: number } => ({
  margin: Math.max(0, (top.scores[emission.emitted - 1] ?? exact.score) - exact.score),
  rankMargin: Math.max(0, exact.rank - emission.emitted),
});

const belowCutoff = ({ exact, top }: Standing, limit: number, ordinal: number): Outcome => {
  const cutoff = cutoffWithout(top, limit, ordinal) ?? exact.score;
  return {
    verdict: 'below-cutoff',
    margin: Math.max(0, cutoff - exact.score),
    rankMargin: Math.max(0, exact.rank - limit),
    evidence: { type: 'rank', rank: exact.rank, limit, score: exact.score, cutoff, ties: exact.ties },
  };
};

/** Score of the limit-th of the other ads: what this one had to beat. */
const cutoffWithout = (top: Hits, limit: number, ordinal: number): number | null => {
  const at = top.ordinals.indexOf(ordinal);
  return top.scores[at >= 0 && at < limit ? limit : limit - 1] ?? null;
};

const beyondQuota = (standing: Standing, emission: Emission): Outcome => ({
  verdict: 'quota',
  ...missing(standing, emission),
  evidence: {
    type: 'quota',
    rank: standing.exact.rank,
    quota: emission.quota,
    emitted: emission.emitted,
    score: standing.exact.score,
    cutoff: standing.top.scores[emission.emitted - 1] ?? null,
  },
});

/**
 * Good enough by the exact scan, and not in the list. A tie with the list's last ad lost fairly: margin 0.
 * Else the index never met it: the smallest ef that does is searched on the native index.
 */
const missed = async (
  core: EngineCore,
  query: RecallQuery,
  emission: Emission,
  ordinal: number,
  standing: Standing,
  question: Parameters<typeof staleInIndex>[1],
): Promise<Outcome> => {
  const { scan, vector, exact } = standing;
  const last = emission.run.hits[Math.min(emission.emitted, emission.run.hits.length) - 1];
  const cutoff =
    last === undefined || emission.run.hits.length < emission.emitted
      ? Number.NEGATIVE_INFINITY
      : (scan.scoresOf(vector, [last.ordinal])[0] ?? Number.NEGATIVE_INFINITY);
  const lostTie: Outcome = {
    verdict: 'below-cutoff',
    margin: 0,
    rankMargin: Math.max(0, exact.rank - emission.emitted),
    evidence: { type: 'rank', rank: exact.rank, limit: emission.emitted, score: exact.score, cutoff, ties: exact.ties },
  };
  const { index } = core.deps;
  if (exact.score === cutoff || index === null || emission.run.ann?.method === 'exact-scan') return lostTie;
  const stale = await staleInIndex(core, question);
  if (stale !== null) return { verdict: 'stale-vector', margin: null, rankMargin: null, evidence: stale };
  const effectiveEf = Math.max(query.ef, emission.limit);
  const numbers = { rank: exact.rank, score: exact.score, cutoff: Number.isFinite(cutoff) ? cutoff : exact.score };
  const mask = core.mask(query) ?? undefined;
  const isFound = async (ef: number): Promise<boolean> => {
    const { ordinals } = await index.search(vector, emission.limit, ef, mask);
    const at = ordinals.indexOf(ordinal);
    return at >= 0 && at < emission.emitted;
  };
  const certificate = await smallestEf(isFound, effectiveEf, Math.max(effectiveEf, index.size));
  if (certificate !== null)
    return {
      verdict: 'ann-missed',
      margin: 0,
      rankMargin: 0,
      evidence: { type: 'ef', ...numbers, effectiveEf, ...certificate },
    };
  if (exact.score <= cutoff + tieTolerance(cutoff)) return lostTie;
  return {
    verdict: 'unreachable',
    margin: 0,
    rankMargin: 0,
    evidence: { type: 'no-ef', ...numbers, triedEf: Math.max(effectiveEf, index.size) },
  };
};
