import type { RecallQuery } from '../../domain/query.ts';
import { smallestEf } from '../../domain/hnsw/certificate.ts';
import { float32Step, tieTolerance } from '../../domain/metric.ts';
import { markedAsDeleted } from '../../domain/verdict.ts';
import type { ChannelVerdict, VerdictEvidence } from '../../domain/verdict.ts';
import type { EngineCore } from '../core.ts';
import { efCertificate } from '../ef-certificate.ts';
import type { EfFinding, EfQuestion } from '../ef-certificate.ts';
import type { AdIndex, ExactRank, ExactScan, Hits, IndexGraph, SearchTrace } from '../ports/ports.ts';
import { hasRow } from '../explain/vectors.ts';
import { isLive } from '../live-scan.ts';
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
  const lacking = lacksElement(core, ordinal);
  if (lacking !== null) return notIndexed(lacking);
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

/** Why no search of the model channel can return the ad; null: one can. */
const lacksElement = ({ deps }: EngineCore, ordinal: number): string | null =>
  !hasRow(deps, ordinal)
    ? 'the vectors file has no row for it'
    : isLive(deps.index, ordinal)
      ? null
      : deps.index?.elements?.states[ordinal] === 2
        ? markedAsDeleted
        : 'the index has no node for it';

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
 * Good enough by the exact scan, and not in the list. What the index met and did not return lost a tie: by its own float32
 * distances enough ads are at least as near. What it never met is missed, and the smallest ef that finds it is searched
 * on the native index.
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
  const last = emission.run.hits[emission.emitted - 1];
  // A list that came out short has no last score to beat: the ad's own would do.
  const cutoff = (last === undefined ? undefined : scan.scoresOf(vector, [last.ordinal])[0]) ?? exact.score;
  const lostTie = (more: Partial<Extract<VerdictEvidence, { type: 'rank' }>> = {}): Outcome => ({
    verdict: 'below-cutoff',
    margin: 0,
    rankMargin: Math.max(0, exact.rank - emission.emitted),
    evidence: {
      type: 'rank',
      rank: exact.rank,
      limit: emission.emitted,
      score: exact.score,
      cutoff,
      ties: exact.ties,
      ...more,
    },
  });
  const { index } = core.deps;
  if (index === null || emission.run.ann?.method === 'exact-scan') return lostTie();
  const stale = last !== undefined && exact.score === cutoff ? null : await staleInIndex(core, question);
  if (stale !== null) return { verdict: 'stale-vector', margin: null, rankMargin: null, evidence: stale };
  const effectiveEf = Math.max(query.ef, emission.limit);
  const numbers = { rank: exact.rank, score: exact.score, cutoff };
  const mask = core.mask(query) ?? undefined;
  const efQuestion = { vector, ordinal, k: emission.limit, emitted: emission.emitted, mask, within: true };
  const graph = (await core.deps.graph?.()) ?? null;
  const seen = graph === null ? null : targetAt(graph, efQuestion, effectiveEf);
  const { certificate, reason } =
    graph === null ? await withoutGraph(index, efQuestion, effectiveEf) : await efCertificate(index, graph, efQuestion);
  // What a search met is not known without a graph: an equal score has lost a tie, whatever another ef finds.
  const tied = graph === null && last !== undefined && exact.score <= cutoff + tieTolerance(cutoff);
  if (seen?.visited === true || tied)
    return lostTie({
      ...(seen !== null && exact.score > cutoff ? { step: float32Step(seen.distance) } : {}),
      ...(certificate === null ? {} : { wonAt: certificate }),
    });
  if (certificate !== null)
    return {
      verdict: 'ann-missed',
      margin: 0,
      rankMargin: 0,
      evidence: { type: 'ef', ...numbers, effectiveEf, ...certificate },
    };
  if (reason !== 'unreachable') return lostTie();
  return {
    verdict: 'unreachable',
    margin: 0,
    rankMargin: 0,
    evidence: { type: 'no-ef', ...numbers, triedEf: Math.max(effectiveEf, index.size) },
  };
};

/** The ad as the search of the list met it. */
const targetAt = (graph: IndexGraph, { vector, ordinal, k, mask }: EfQuestion, ef: number): SearchTrace['target'] =>
  graph.has(ordinal)
    ? graph.trace(vector, { k, ef, target: ordinal, ...(mask === undefined ? {} : { mask }) }).target
    : null;

/** An index whose searches cannot be replayed: what is not found at any ef that was run is taken as out of its reach. */
const withoutGraph = async (
  index: AdIndex,
  { vector, ordinal, k, emitted, mask }: EfQuestion,
  effectiveEf: number,
): Promise<Omit<EfFinding, 'ranTo'>> => {
  const isFound = async (ef: number): Promise<boolean> => {
    const at = (await index.search(vector, k, ef, mask)).ordinals.indexOf(ordinal);
    return at >= 0 && at < emitted;
  };
  const certificate = await smallestEf(isFound, effectiveEf, Math.max(effectiveEf, index.size));
  return { certificate, reason: certificate === null ? 'unreachable' : null };
};
