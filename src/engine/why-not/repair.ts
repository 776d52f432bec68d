import type { DropReason } from '../../domain/ads.ts';
import { isSolo } from '../../domain/channels.ts';
import type { ChannelName } from '../../domain/channels.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { RecallResult } from '../../domain/result.ts';
import type { Repair, Searched } from '../../domain/verdict.ts';
import { RecallError } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import { throwIfAborted } from '../interrupt.ts';
import { growth, longerList, nearestOf, plainCandidates } from './candidates.ts';
import type { RepairCandidate, RepairQuestion } from './candidate.ts';
import { efCandidates } from './ef-candidate.ts';
import { freshVector, recallReindexed } from './overlay.ts';
import { quotaCandidates } from './quota-candidates.ts';
import { smallestList } from './smallest-list.ts';
import { weightCandidate } from './weight-candidate.ts';

export interface RepairOutcome {
  readonly repair: Repair | null;
  /** Its verdict is what the repair repairs. */
  readonly channel: ChannelName | null;
  readonly tried: number;
  /** null: nothing was looked for. */
  readonly searched: Searched | null;
}

/** A list longer than this is no repair that anybody serves; over a million ads each takes seconds to search. */
const longestList = 20_000;

const nothing: Searched = { k: null, ef: null, weights: null, quotas: [] };

/**
 * The cheapest single change that brings the ad into the list. Every candidate is run as a query, cheapest
 * first, and only one that was seen to work is returned. Cost = share of the change's range: |Δw| ÷ 4; for
 * k, ef and quotas the share on a log scale up to 10·k (ef: all ads); fixed for changes of kind. Where nothing
 * within these ranges works, a list of up to 20,000 ads still: above 1 on the same scale.
 */
export const findRepair = async (engine: Engine, question: RepairQuestion): Promise<RepairOutcome> => {
  const again = await reindexRepair(engine, question);
  if (again.repair !== null) return again;
  const { query } = question;
  const [lists, efs, quotas] = [
    await listCandidate(engine, question, growth * query.k),
    await efCandidates(engine.core, question),
    quotaCandidates(question),
  ];
  const candidates = [
    ...plainCandidates(engine.core.deps, question),
    ...[...efs.candidates, ...quotas.candidates].filter(({ cost }) => cost <= 1),
    ...lists.candidates,
  ];
  const plain = await cheapest(engine, candidates, question);
  const weighted = await weightCandidate(engine.core, question, plain.repair?.cost ?? 1);
  const byWeight =
    weighted.candidate === null ? null : await verify(engine, weighted.candidate, question.ordinal, question.before);
  const tried = again.tried + lists.tried + efs.tried + quotas.tried + plain.tried + weighted.tried;
  const searched = {
    k: lists.searched,
    ef: efs.searched,
    weights: weighted.searched,
    quotas: quotas.searched,
  };
  if (byWeight !== null) return { repair: byWeight, channel: 'model', tried, searched };
  if (plain.repair !== null || longestList <= growth * query.k) return { ...plain, tried, searched };
  const longest = await listCandidate(engine, question, longestList);
  const last = await cheapest(engine, longest.candidates, question);
  return {
    ...last,
    tried: tried + longest.tried + last.tried,
    searched: { ...searched, k: longest.searched ?? lists.searched },
  };
};

/**
 * The shortest list up to `most` that holds the ad. A list more than `growth` times as long is another kind of answer: it
 * costs more than 1, and is looked for only where one channel makes the list and knows the ad's rank.
 */
const listCandidate = async (
  { core }: Engine,
  question: RepairQuestion,
  most: number,
): Promise<{
  readonly candidates: readonly RepairCandidate[];
  readonly tried: number;
  readonly searched: Searched['k'];
}> => {
  const { query, verdicts } = question;
  const nearest = nearestOf(verdicts);
  const bound = Math.min(core.deps.catalog.adCount, growth * query.k);
  const beyond = most > growth * query.k;
  if (nearest === undefined || (beyond && !(isSolo(query.mode) && Number.isFinite(nearest.rank))))
    return { candidates: [], tried: 0, searched: null };
  const to = Math.min(core.deps.catalog.adCount, most);
  const { list, tried } = await smallestList(core, question, nearest.rank, to);
  return {
    candidates: list === null ? [] : [longerList(query, list, bound, nearest.channel)],
    tried,
    searched: to <= query.k ? null : { from: query.k + 1, to: list?.k ?? to, runs: tried },
  };
};

/** Runs the candidates by cost until one works. */
const cheapest = async (
  engine: Engine,
  candidates: readonly RepairCandidate[],
  { ordinal, before, signal }: RepairQuestion,
): Promise<Omit<RepairOutcome, 'searched'>> => {
  let tried = 0;
  for (const candidate of [...candidates].sort((a, b) => a.cost - b.cost)) {
    throwIfAborted(signal);
    tried += 1;
    const repair = await verify(engine, candidate, ordinal, before);
    if (repair !== null) return { repair, channel: candidate.channel, tried };
  }
  return { repair: null, channel: null, tried };
};

/** A fault of the artefacts is mended first, and takes nothing of any range: cost 0. Run as an overlay in memory. */
const reindexRepair = async (
  { core }: Engine,
  { query, ordinal, verdicts, before }: RepairQuestion,
): Promise<RepairOutcome> => {
  const none: RepairOutcome = { repair: null, channel: null, tried: 0, searched: nothing };
  const verdict = verdicts.find((one) => one.channel === 'model' && one.takesPart);
  if (verdict?.verdict !== 'stale-vector' && verdict?.verdict !== 'not-indexed') return none;
  const wanted = verdict.evidence.type === 'stale' ? verdict.evidence.against : 'ad-tower';
  const fresh = await freshVector(core, ordinal, wanted);
  if (fresh === null) return none;
  const vector = wanted === 'ad-tower' && (await core.deps.adEncoder()) !== null ? 'ad-tower' : 'vectors-file';
  const result = await recallReindexed(core, query, ordinal, fresh);
  const change = { type: 'reindex', adId: core.deps.catalog.idOf(ordinal), vector } as const;
  return {
    tried: 1,
    searched: nothing,
    channel: 'model',
    repair: seenToWork({ change, cost: 0, query, channel: 'model' }, ordinal, before, result),
  };
};

/** Runs the change; null unless the ad is in the list it gives. A change that the model cannot follow is no repair. */
const verify = async (
  engine: Engine,
  candidate: RepairCandidate,
  ordinal: number,
  before: RecallResult,
): Promise<Repair | null> => {
  try {
    return seenToWork(candidate, ordinal, before, await engine.recall(candidate.query));
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported') return null;
    throw error;
  }
};

const seenToWork = (
  { change, cost, query, smallest }: RepairCandidate,
  ordinal: number,
  before: RecallResult,
  { candidates }: RecallResult,
): Repair | null => {
  const found = candidates.find((candidate) => candidate.ordinal === ordinal);
  if (found === undefined) return null;
  const was = new Set(before.candidates.map((candidate) => candidate.adId));
  const is = new Set(candidates.map((candidate) => candidate.adId));
  return {
    change,
    cost,
    query,
    verified: true,
    ...(smallest === undefined ? {} : { smallest }),
    effect: {
      rank: found.rank,
      displaced: [...was].filter((id) => !is.has(id)),
      entered: [...is].filter((id) => !was.has(id)),
    },
  };
};

/** An ad dropped before any channel: another instant where dates are the reason, or no filters at all. */
export const ineligibleRepairs = async (
  engine: Engine,
  query: RecallQuery,
  ordinal: number,
  reason: DropReason,
  before: RecallResult,
): Promise<RepairOutcome> => {
  const [ad] = engine.core.deps.catalog.ads([ordinal]);
  const asOf =
    reason === 'not-started'
      ? ad?.startAt
      : reason === 'ended' && ad?.endAt !== null && ad?.endAt !== undefined
        ? ad.endAt - 1
        : null;
  const candidates: RepairCandidate[] = [
    ...(asOf === null || asOf === undefined
      ? []
      : [
          {
            change: { type: 'as-of', from: query.asOf, to: asOf } as const,
            cost: 0.5,
            query: { ...query, asOf },
            channel: null,
          },
        ]),
    { change: { type: 'eligibility', to: false }, cost: 0.75, query: { ...query, eligibility: false }, channel: null },
  ];
  let tried = 0;
  for (const candidate of candidates) {
    tried += 1;
    // An as-of before a hypothetical event is no query at all.
    if (candidate.query.extraEvents.some((event) => event.at >= candidate.query.asOf)) continue;
    const repair = await verify(engine, candidate, ordinal, before);
    if (repair !== null) return { repair, channel: null, tried, searched: nothing };
  }
  return { repair: null, channel: null, tried, searched: nothing };
};
