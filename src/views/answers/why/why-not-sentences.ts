import type { WhyNotData } from '../../../answers/why.ts';
import { t } from '../../../base/texts.ts';
import {
  markedAsDeleted,
  type ChannelVerdict,
  type QueryChange,
  type VerdictEvidence,
} from '../../../domain/verdict.ts';
import { evidenceText } from '../../text/evidence.ts';
import { count, figure, instant, plural, utc } from '../../text/figures.ts';
import type { Names } from '../../text/names.ts';
import { and } from '../../text/sentences.ts';

type EvidenceOf<T extends VerdictEvidence['type']> = Extract<VerdictEvidence, { type: T }>;

/** Facts of one verdict, in a row. */
const facts = (...list: ReadonlyArray<string | null>): string => list.filter((fact) => fact !== null).join('; ');

const quotaEvidence = ({ rank, quota, emitted, score, cutoff }: EvidenceOf<'quota'>): string =>
  facts(
    emitted === quota
      ? t('matched at {rank}, quota {quota}', { rank: count(rank), quota: count(quota) })
      : t('matched at {rank}, quota {quota} ({emitted} emitted after the refill)', {
          rank: count(rank),
          quota: count(quota),
          emitted: count(emitted),
        }),
    cutoff === null
      ? null
      : t('score {score}, last one emitted {cutoff}', { score: figure(score), cutoff: figure(cutoff) }),
  );

const exactRank = ({ rank, score, cutoff }: EvidenceOf<'ef' | 'no-ef'>): string =>
  t('exact rank {rank}, score {score}, the last ad of the list {cutoff}', {
    rank: count(rank),
    score: figure(score),
    cutoff: figure(cutoff),
  });

const efEvidence = (evidence: EvidenceOf<'ef'>): string => {
  const { effectiveEf, foundAt, notFoundAt } = evidence;
  const missed = facts(exactRank(evidence), t('the search never visited it at ef {ef}', { ef: effectiveEf }));
  return notFoundAt === null
    ? t('{missed}. Checked on the index: found at ef {found}', { missed, found: foundAt })
    : t('{missed}. Checked on the index: found at ef {found}, not at {notFound}', {
        missed,
        found: foundAt,
        notFound: notFoundAt,
      });
};

/** What proves a channel's verdict, in words. */
export const verdictEvidence = (evidence: VerdictEvidence, names: Names): string => {
  switch (evidence.type) {
    case 'hit':
      return t('emits it at rank {rank}: {evidence}', {
        rank: evidence.hit.rank,
        evidence: evidenceText(evidence.hit.evidence, names),
      });
    case 'no-match':
      return evidence.reason;
    case 'quota':
      return quotaEvidence(evidence);
    case 'rank':
      return facts(
        t('exact rank {rank}, the list holds {limit}', { rank: count(evidence.rank), limit: count(evidence.limit) }),
        t('score {score}, exact cutoff {cutoff}', { score: figure(evidence.score), cutoff: figure(evidence.cutoff) }),
        evidence.ties > 0 ? t('{ads} with the same score', { ads: plural(evidence.ties, 'ad') }) : null,
      );
    case 'no-vector':
      return evidence.reason;
    case 'stale':
      return facts(
        t('the vector in the index is old (cosine {cosine} to a fresh one)', { cosine: figure(evidence.cosine, 3) }),
        t('rank {stored} as stored, {fresh} with a fresh vector', {
          stored: count(evidence.storedRank),
          fresh: count(evidence.freshRank),
        }),
      );
    case 'ef':
      return efEvidence(evidence);
    case 'no-ef':
      return facts(exactRank(evidence), t('no ef up to {ef} finds it', { ef: count(evidence.triedEf) }));
  }
};

/** A change of the query, in words. */
export const changeText = (change: QueryChange): string => {
  switch (change.type) {
    case 'ef':
      return t('ef {from} → {to}', { from: change.from, to: change.to });
    case 'k':
      return t('k {from} → {to}', { from: change.from, to: change.to });
    case 'weight':
      return t('weight of {group} {from} → {to}', {
        group: change.group,
        from: figure(change.from, 3),
        to: figure(change.to, 3),
      });
    case 'merge-quota':
      return t('merge quota of {channel} {from} → {to}', {
        channel: change.channel,
        from: change.from,
        to: change.to,
      });
    case 'rule-quota':
      return t('quota of {channel} {from} → {to}', { channel: change.channel, from: change.from, to: change.to });
    case 'merge-order':
      return t('{channel} earlier in the merge: position {from} → {to}', {
        channel: change.channel,
        from: change.from + 1,
        to: change.to + 1,
      });
    case 'enable':
      return t('enable {channel}', { channel: change.channel });
    case 'include-event':
      return t('include event {event} again', { event: change.eventId });
    case 'as-of':
      return t('as of {from} → {to}', { from: utc(change.from), to: instant(change.to) });
    case 'eligibility':
      return t('without the eligibility filters');
    case 'priority-list':
      return t('put it on the priority list at position {position}', { position: change.position });
    case 'search':
      return t('add a search for "{query}"', { query: change.query });
    case 'reindex':
      return t('index {ad} again with its fresh vector (overlay in memory)', { ad: change.adId });
  }
};

const speaking = (data: WhyNotData): ChannelVerdict | undefined =>
  data.channels.find((c) => c.channel === data.channel);

const isDeleted = (channel: ChannelVerdict | undefined): boolean =>
  channel?.evidence.type === 'no-vector' && channel.evidence.reason === markedAsDeleted;

/** The headline of an ad below the cutoff: by how much, in score and in ranks. */
const belowCutoff = (by: string, channel: ChannelVerdict | undefined): string => {
  if (channel?.evidence.type === 'rank' && channel.evidence.step !== undefined)
    return t(
      'NOT RECALLED: the index cannot distinguish its score from that of the last ad of the list{by}. Distances are float32, in steps of {step}.',
      { by, step: channel.evidence.step.toPrecision(2) },
    );
  if (channel?.margin === 0 && channel.rankMargin === 0)
    return t('NOT RECALLED: it lost the tie with the last ad of the list{by}, which is as near.', { by });
  const margin = [
    ...(channel?.margin == null ? [] : [figure(channel.margin)]),
    ...(channel?.rankMargin == null ? [] : [plural(channel.rankMargin, 'rank')]),
  ];
  return margin.length === 0
    ? t('NOT RECALLED: its score is below the cutoff{by}.', { by })
    : t('NOT RECALLED: its score is below the cutoff{by}, by {margin}.', { by, margin: and(margin) });
};

/** The headline as a sentence; `{by}` is the channel in brackets, or nothing. */
export const verdictSentence = (data: WhyNotData): string => {
  const by = data.channel === null ? '' : ` (${data.channel})`;
  switch (data.verdict) {
    case 'recalled':
      return t('RECALLED at rank {rank}: it is in this list.', { rank: data.rank ?? 0 });
    case 'unknown-ad':
      return data.suggestions.length === 0
        ? t('UNKNOWN: no ad has this id.')
        : t('UNKNOWN: no ad has this id. Nearest: {ads}.', { ads: data.suggestions.join(', ') });
    case 'ineligible':
      return data.reason === null
        ? t('NOT RECALLED: not eligible. No channel may emit it.')
        : t('NOT RECALLED: not eligible ({reason}). No channel may emit it.', { reason: data.reason });
    case 'merged-out':
      return t('NOT RECALLED: a channel selected it, the merge displaced it{by}.', { by });
    case 'ann-missed':
      return t('NOT RECALLED: the index missed it{by}. Its score is high enough; the search never reached it.', { by });
    case 'unreachable':
      return t('NOT RECALLED: the index cannot reach it{by}, at any ef.', { by });
    case 'below-cutoff':
      return belowCutoff(by, speaking(data));
    case 'quota':
      return t('NOT RECALLED: it matched, but the quota was full{by}.', { by });
    case 'not-indexed':
      return isDeleted(speaking(data))
        ? t('NOT RECALLED: it is marked as deleted in the index{by}.', { by })
        : t('NOT RECALLED: it has no vector in the index{by}.', { by });
    case 'stale-vector':
      return t('NOT RECALLED: its vector in the index is stale{by}. A fresh vector would be recalled.', { by });
    case 'not-matched':
      return t('NOT RECALLED: no channel matches it.');
    case 'selected':
      return t('A channel selects it{by}.', { by });
  }
};

/** A channel's proof, and that the channel is not part of this mode where it is not. */
export const channelProof = (c: ChannelVerdict, names: Names): string => {
  const evidence = verdictEvidence(c.evidence, names);
  return c.takesPart ? evidence : t('{evidence} (not used in this mode)', { evidence });
};

const range = ({ from, to }: { readonly from: number; readonly to: number }): { from: string; to: string } => ({
  from: count(from),
  to: count(to),
});

/** The bounds of what was run, one for each way. */
const bounds = ({ k, ef, weights, quotas }: NonNullable<WhyNotData['searched']>): string[] => [
  ...(k === null
    ? []
    : [t('{lists} of k {from} to {to}', { lists: plural(k.runs, 'list'), from: count(k.from), to: count(k.to) })]),
  ...(ef === null
    ? []
    : [ef.every ? t('every ef from {from} to {to}', range(ef)) : t('efs from {from} to {to}', range(ef))]),
  ...(weights === null
    ? []
    : [
        weights.every
          ? t('each weight by up to {to}, in thousandths', { to: weights.to })
          : t('each weight by up to {to} in steps of an eighth, within ±{within} in thousandths', {
              to: weights.to,
              within: weights.within,
            }),
      ]),
  ...quotas.map(({ channel, from, to }) =>
    t('quota of {channel} {from} to {to}', { channel, from: count(from), to: count(to) }),
  ),
];

/** What was tried in vain, and how far. */
export const noRepair = ({ tried, searched }: Pick<WhyNotData, 'tried' | 'searched'>): string =>
  tried === 0 || searched === null
    ? t('No repair: no change of the query applies.')
    : t('No repair found: no single change that was run brings it in ({changes}: {bounds}).', {
        changes: plural(tried, 'change'),
        bounds: bounds(searched).join(' · '),
      });

type WorkingRepair = NonNullable<WhyNotData['repair']>;

/** Above ef and in a merge an ad comes and goes with k: which lengths were run, where a shorter list may hold it too. */
export const smallestFound = ({ change, smallest }: Pick<WorkingRepair, 'change' | 'smallest'>): string => {
  if (change.type !== 'k' || smallest === undefined || smallest.certain) return '';
  const { from, to } = smallest.ran;
  const open = { first: count(change.from + 1), last: count(from - 1) };
  if (from === to) return t('The smallest k found: of {first} to {last} not all were run.', open);
  return t('The smallest k found: from {from} on each shorter list fails, of {first} to {last} not all were run.', {
    ...open,
    from: count(from),
  });
};

/** A repair that was run, and its effect. */
export const repairSentence = ({ change, effect, smallest }: WorkingRepair): string => {
  const places = { change: changeText(change), rank: effect.rank };
  const works =
    effect.displaced.length === 0
      ? t('Repair (run, works): {change}, then rank {rank}.', places)
      : t('Repair (run, works): {change}, then rank {rank}, displaces {ads}.', {
          ...places,
          ads: plural(effect.displaced.length, 'ad'),
        });
  return [works, smallestFound({ change, ...(smallest === undefined ? {} : { smallest }) })]
    .filter((words) => words !== '')
    .join(' ');
};
