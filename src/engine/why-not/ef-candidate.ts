import type { ChannelVerdict, Searched } from '../../domain/verdict.ts';
import { modelHits } from '../channels/model.ts';
import type { EngineCore } from '../core.ts';
import { nativeLists } from '../counterfactual/user-lists.ts';
import { throwIfAborted } from '../interrupt.ts';
import type { RepairCandidate, RepairQuestion } from './candidate.ts';
import { logShare } from './candidates.ts';

/** So many smaller efs are run at most, nearest first; and so many larger ones where ads tie. */
const most = { smaller: 512, larger: 64 };

interface EfSearch {
  readonly candidates: readonly RepairCandidate[];
  readonly tried: number;
  readonly searched: Searched['ef'];
}

/** The verdict's own finding about larger efs: one that works, or that none does. */
const shownBy = ({ evidence }: ChannelVerdict): { readonly works: number | null; readonly to: number } | null => {
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
  const shown = shownBy(verdict);
  const tie = verdict.evidence.type === 'rank' && (verdict.evidence.ties > 0 || shown !== null);
  const up = await nearest(works, now, 1, tie ? Math.min(now + most.larger, Math.max(now, index.size)) : now);
  const larger = up ?? (shown?.works !== null && shown?.works !== undefined && shown.works > now ? shown.works : null);
  const lowest = Math.max(least, now - most.smaller);
  const smaller = verdict.verdict === 'unreachable' ? null : await nearest(works, now, -1, lowest);
  const searched = {
    from: smaller ?? (verdict.verdict === 'unreachable' ? now : lowest),
    to: larger ?? Math.max(now, shown?.to ?? now, tie ? Math.min(now + most.larger, index.size) : now),
    every: !(larger !== null && up === null && certainty(verdict) === false),
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
