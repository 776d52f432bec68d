import { smallestEf } from '../../domain/hnsw/certificate.ts';
import { tieTolerance } from '../../domain/metric.ts';
import type { ChannelVerdict, Searched } from '../../domain/verdict.ts';
import { modelHits } from '../channels/model.ts';
import type { EngineCore } from '../core.ts';
import { nativeLists } from '../counterfactual/user-lists.ts';
import { throwIfAborted } from '../interrupt.ts';
import type { RepairCandidate, RepairQuestion } from './candidate.ts';
import { logShare } from './candidates.ts';
import type { Emission } from './emission.ts';

/** So many smaller efs are run at most, nearest first; so many larger ones where ads tie; and the broadest replay. */
const most = { smaller: 512, larger: 64, replayed: 8192 };

/** `works`: an ef that brings the ad in; null: none up to `to` does. */
interface Shown {
  readonly works: number | null;
  readonly to: number;
  /** Candidates tied on the way, which then depends on ef: another one may bring it in all the same. */
  readonly tied?: boolean;
}

interface EfSearch {
  readonly candidates: readonly RepairCandidate[];
  readonly tried: number;
  readonly searched: Searched['ef'];
}

/** The verdict's own finding about larger efs: one that works, or that none does. */
const shownBy = ({ evidence }: ChannelVerdict): Shown | null => {
  if (evidence.type === 'ef') return { works: evidence.foundAt, to: evidence.foundAt };
  if (evidence.type === 'rank' && evidence.wonAt !== undefined)
    return { works: evidence.wonAt.foundAt, to: evidence.wonAt.foundAt };
  return evidence.type === 'no-ef' ? { works: null, to: evidence.triedEf } : null;
};

/**
 * The nearest ef that brings the ad in, larger ones first. A smaller one can, too: it loses a tie otherwise, or misses
 * an ad that is nearer. Each is a native search; the query's breadth is never less than the depth its merge reads.
 */
export const efCandidates = async (core: EngineCore, question: RepairQuestion): Promise<EfSearch> => {
  const { query, ordinal, verdicts, emissions, signal } = question;
  const emission = emissions.find((one) => one.channel === 'model' && one.takesPart);
  const verdict = verdicts.find((one) => one.channel === 'model' && one.takesPart);
  const vector = emission === undefined ? null : await core.userVector(query);
  const { index } = core.deps;
  const none: EfSearch = { candidates: [], tried: 0, searched: null };
  if (emission === undefined || verdict === undefined || vector === null || index === null) return none;
  if (verdict.verdict === 'not-indexed' || emission.run.ann?.method === 'exact-scan') return none;
  const least = emission.limit;
  const now = Math.max(query.ef, least);
  const lists = await nativeLists(core, query);
  let tried = 0;
  const works = async (ef: number): Promise<boolean> => {
    throwIfAborted(signal);
    tried += 1;
    const hits = (await modelHits(core, { ...query, ef }, vector, lists.depth))?.hits.ordinals ?? [];
    return lists.merged(hits).includes(ordinal);
  };
  const shown =
    shownBy(verdict) ??
    (outranks(verdict, emission) ? await metFrom(core, question, { vector, least, now, works }) : null);
  const tie = verdict.evidence.type === 'rank' && (verdict.evidence.ties > 0 || verdict.evidence.wonAt !== undefined);
  const up = await nearest(works, now, 1, tie ? Math.min(now + most.larger, Math.max(now, index.size)) : now);
  const larger = up ?? (shown?.works !== null && shown?.works !== undefined && shown.works > now ? shown.works : null);
  const lowest = Math.max(least, now - most.smaller);
  const smaller = verdict.verdict === 'unreachable' ? null : await nearest(works, now, -1, lowest);
  const searched = {
    from: smaller ?? (verdict.verdict === 'unreachable' ? now : lowest),
    to: larger ?? Math.max(now, shown?.to ?? now, tie ? Math.min(now + most.larger, index.size) : now),
    every: shown?.tied !== true && !(larger !== null && up === null && certainty(verdict) === false),
  };
  const candidateAt = (ef: number | null): RepairCandidate[] =>
    ef === null
      ? []
      : [
          {
            change: { type: 'ef', from: query.ef, to: ef },
            // Each direction has a range of its own: up to all ads, down to the depth of the list.
            cost: ef > now ? logShare(now, ef, Math.max(index.size, now)) : downShare(now, ef, least),
            channel: 'model',
            query: { ...query, ef },
          },
        ];
  return { candidates: [...candidateAt(larger), ...candidateAt(smaller)], tried, searched };
};

/** Share of the log range from `from` down to `least` that going to `to` takes. */
const downShare = (from: number, to: number, least: number): number =>
  Math.log((from + 1) / (to + 1)) / Math.log((from + 1) / (least + 1));

/**
 * The index returns worse ads than this one, which is not among the exact best: a broader search that meets it before
 * enough nearer ads returns it.
 */
const outranks = ({ evidence }: ChannelVerdict, { run, emitted }: Emission): boolean => {
  if (evidence.type !== 'rank' && evidence.type !== 'quota') return false;
  const last = run.hits.length < emitted ? undefined : run.hits[emitted - 1];
  return last === undefined || evidence.score >= last.score - tieTolerance(last.score);
};

interface EfRuns {
  readonly vector: Float32Array;
  readonly least: number;
  readonly now: number;
  readonly works: (ef: number) => Promise<boolean>;
}

/**
 * The first ef above `now` at which a replay of the search meets the ad, run natively: what is not returned there never
 * is. null: the search of `now` met it already, or searches cannot be replayed.
 */
const metFrom = async (
  core: EngineCore,
  { query, ordinal, signal }: RepairQuestion,
  { vector, least, now, works }: EfRuns,
): Promise<Shown | null> => {
  const graph = (await core.deps.graph?.()) ?? null;
  if (graph === null || !graph.has(ordinal)) return null;
  const mask = core.mask(query) ?? undefined;
  let tied = false;
  const meets = (ef: number): boolean => {
    throwIfAborted(signal);
    const options = { k: least, ef, target: ordinal, ties: true, ...(mask === undefined ? {} : { mask }) };
    const trace = graph.trace(vector, options);
    tied ||= trace.tied;
    return trace.target?.visited === true;
  };
  const to = Math.max(now, Math.min(core.deps.index?.size ?? now, most.replayed));
  const met = await smallestEf(meets, now, to);
  if (met === null) return { works: null, to, tied };
  if (met.notFoundAt === null) return null;
  return (await works(met.foundAt)) ? { works: met.foundAt, to: met.foundAt, tied } : { works: null, to, tied };
};

const certainty = ({ evidence }: ChannelVerdict): boolean | undefined =>
  evidence.type === 'ef' ? evidence.certain : evidence.type === 'rank' ? evidence.wonAt?.certain : undefined;

/** The ef nearest to `now` that works, in one direction as far as `last`. */
const nearest = async (
  works: (ef: number) => Promise<boolean>,
  now: number,
  sign: 1 | -1,
  last: number,
): Promise<number | null> => {
  for (let ef = now + sign; sign * (last - ef) >= 0; ef += sign) if (await works(ef)) return ef;
  return null;
};
