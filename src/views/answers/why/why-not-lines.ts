import { t } from '../../../base/texts.ts';
import type { WhyNotData } from '../../../answers/why.ts';
import { markedAsDeleted } from '../../../domain/verdict.ts';
import type { ChannelVerdict, QueryChange, VerdictEvidence } from '../../../domain/verdict.ts';
import { growth } from '../../../engine/why-not/candidates.ts';
import { count, figure, plural, utc } from '../../text/figures.ts';
import { span, text, type Line, type Style } from '../../text/line.ts';
import type { Names } from '../../text/names.ts';
import { evidenceText } from '../../text/evidence.ts';
import { hanging, sentence } from '../../text/sentences.ts';

const tone = (verdict: string): Style =>
  verdict === 'selected' || verdict === 'recalled' ? 'good' : verdict === 'not-matched' ? 'dim' : 'warn';

/** What proves a channel's verdict, in words. */
export const verdictEvidence = (evidence: VerdictEvidence, names: Names): string => {
  switch (evidence.type) {
    case 'hit':
      return `emits it at rank ${evidence.hit.rank}: ${evidenceText(evidence.hit.evidence, names)}`;
    case 'no-match':
      return evidence.reason;
    case 'quota':
      return `matched at ${count(evidence.rank)}, quota ${count(evidence.quota)}${evidence.emitted === evidence.quota ? '' : ` (${count(evidence.emitted)} emitted after the refill)`}${evidence.cutoff === null ? '' : `; score ${figure(evidence.score)}, the last one in has ${figure(evidence.cutoff)}`}`;
    case 'rank':
      return `exact rank ${count(evidence.rank)} of a list of ${count(evidence.limit)}; score ${figure(evidence.score)}, cutoff ${figure(evidence.cutoff)}${evidence.ties > 0 ? `; ${plural(evidence.ties, 'ad')} with the same score` : ''}`;
    case 'no-vector':
      return evidence.reason;
    case 'stale':
      return `the vector in the index is old (cosine ${figure(evidence.cosine, 3)} to a fresh one): stored rank ${count(evidence.storedRank)}, fresh rank ${count(evidence.freshRank)}`;
    case 'ef':
      return `exact rank ${count(evidence.rank)}, score ${figure(evidence.score)} over the cutoff ${figure(evidence.cutoff)}; ef ${evidence.effectiveEf} never visited it. Certificate: ef ${evidence.foundAt} yes${evidence.notFoundAt === null ? '' : `, ${evidence.notFoundAt} no`}`;
    case 'no-ef':
      return `exact rank ${count(evidence.rank)}, score ${figure(evidence.score)} over the cutoff ${figure(evidence.cutoff)}; no ef up to ${count(evidence.triedEf)} finds it`;
  }
};

/** A change of the query, in words. */
export const changeText = (change: QueryChange): string => {
  switch (change.type) {
    case 'ef':
      return `ef ${change.from} → ${change.to}`;
    case 'k':
      return `k ${change.from} → ${change.to}`;
    case 'weight':
      return `weight of ${change.group} ${figure(change.from, 3)} → ${figure(change.to, 3)}`;
    case 'merge-quota':
      return `merge quota of ${change.channel} ${change.from} → ${change.to}`;
    case 'rule-quota':
      return `quota of ${change.channel} ${change.from} → ${change.to}`;
    case 'merge-order':
      return `${change.channel} earlier in the merge: place ${change.from + 1} → ${change.to + 1}`;
    case 'enable':
      return `enable ${change.channel}`;
    case 'include-event':
      return `include event ${change.eventId} again`;
    case 'as-of':
      return `as of ${utc(change.from)} → ${utc(change.to)}`;
    case 'eligibility':
      return 'without the eligibility filters';
    case 'priority-list':
      return `on the priority list at position ${change.position}`;
    case 'search':
      return `if she had searched "${change.query}"`;
    case 'reindex':
      return `index ${change.adId} again under its fresh vector (overlay in memory)`;
  }
};

const speaking = (data: WhyNotData): ChannelVerdict | undefined =>
  data.channels.find((c) => c.channel === data.channel);

/** The headline as a sentence. */
export const verdictSentence = (data: WhyNotData): string => {
  const channel = speaking(data);
  const by = data.channel === null ? '' : ` (${data.channel})`;
  switch (data.verdict) {
    case 'recalled':
      return `RECALLED at rank ${data.rank ?? 0}: it is in this list.`;
    case 'unknown-ad':
      return `UNKNOWN: no ad has this id.${data.suggestions.length === 0 ? '' : ` Nearest: ${data.suggestions.join(', ')}.`}`;
    case 'ineligible':
      return `NOT RECALLED: not eligible, by ${data.reason ?? 'a filter'}. No channel may emit it.`;
    case 'merged-out':
      return `NOT RECALLED: a channel selected it, the merge displaced it${by}.`;
    case 'ann-missed':
      return `NOT RECALLED: the index missed it${by}. It is good enough; the search never came to it.`;
    case 'unreachable':
      return `NOT RECALLED: the index cannot reach it${by}, at any ef.`;
    case 'below-cutoff':
      if (channel?.evidence.type === 'rank' && channel.evidence.step !== undefined)
        return t(
          'NOT RECALLED: the index cannot tell its score from that of the last ad of the list{by}: its distances are float32, in steps of {step}.',
          { by, step: channel.evidence.step.toPrecision(2) },
        );
      if (channel?.margin === 0 && channel.rankMargin === 0)
        return t('NOT RECALLED: it is as near as the last ad of the list{by}, and lost the tie.', { by });
      return `NOT RECALLED: its score is below the cutoff${by}${channel?.margin == null ? '' : `, by ${figure(channel.margin)}`}${channel?.rankMargin == null ? '' : ` and ${plural(channel.rankMargin, 'rank')}`}.`;
    case 'quota':
      return `NOT RECALLED: matched, but the quota was full${by}.`;
    case 'not-indexed':
      return channel?.evidence.type === 'no-vector' && channel.evidence.reason === markedAsDeleted
        ? t('NOT RECALLED: it is marked as deleted in the index{by}.', { by })
        : `NOT RECALLED: it has no vector in the index${by}.`;
    case 'stale-vector':
      return `NOT RECALLED: its vector in the index is stale${by}; a fresh one would be recalled.`;
    case 'not-matched':
      return 'NOT RECALLED: nothing leads any channel to it.';
    case 'selected':
      return `A channel selects it${by}.`;
  }
};

const channelLines = (c: ChannelVerdict, names: Names, width: number): Line[] => {
  const label = `  ${c.channel.padEnd(18)}${c.verdict.padEnd(13)}`;
  const margin = c.margin === null || c.margin === 0 ? '' : ` · missing ${figure(c.margin)}`;
  return hanging(
    label,
    `${verdictEvidence(c.evidence, names)}${margin}${c.takesPart ? '' : ' · takes no part in this mode'}`,
    width,
    { label: tone(c.verdict), ...(c.takesPart ? {} : { text: 'dim' as const }) },
  );
};

/** What was tried in vain, and how far. */
export const noRepair = ({ tried }: Pick<WhyNotData, 'tried'>): string =>
  tried === 0
    ? 'No change was run that could bring it in.'
    : `No single change within bounds brings it in (${plural(tried, 'change')} run: quotas and merged lists up to ${growth} times as long).`;

const repairLines = (data: WhyNotData, width: number): Line[] => {
  const { repair } = data;
  if (data.verdict === 'recalled' || data.verdict === 'unknown-ad') return [];
  if (repair === null) return sentence(noRepair(data), width, 'warn');
  const { rank, displaced } = repair.effect;
  return [
    ...sentence(
      `Repair (run, works): ${changeText(repair.change)} → rank ${rank}${displaced.length === 0 ? '' : `, displaces ${plural(displaced.length, 'ad')}`}.`,
      width,
      'good',
    ),
    // A reindexed ad is no change of the query: there is nothing for a key to apply.
    ...(repair.change.type === 'reindex'
      ? sentence(`To keep it: ${repair.command}`, width, 'dim')
      : [text('a applies it · p shows the search path · c looks for other changes', 'dim')]),
  ];
};

/** Why not that ad: the verdict first, then the repair, then each channel with what proves it. */
export const whyNotLines = (data: WhyNotData, names: Names, width: number): Line[] => {
  const passed =
    data.verdict === 'unknown-ad'
      ? []
      : data.verdict === 'ineligible'
        ? [[span('✓ known ad    '), span(`✗ not eligible: ${data.reason ?? ''}`, 'bad')]]
        : [[span('✓ known ad    ✓ eligible', 'good')]];
  return [
    ...sentence(verdictSentence(data), width, 'bold'),
    ...repairLines(data, width),
    [],
    ...passed,
    ...data.channels.flatMap((c) => channelLines(c, names, width)),
    ...(data.crowding === null || data.crowding.slots === 0
      ? []
      : sentence(
          `Crowding: ${plural(data.crowding.slots, 'slot')} above it ${data.crowding.slots === 1 ? 'is' : 'are'} held by near-identical creatives${data.crowding.campaign === null ? '' : ` of campaign ${data.crowding.campaign}`} (cosine ≥ ${figure(data.crowding.cosine, 2)}).`,
          width,
          'warn',
        )),
    ...data.displacedBy
      .slice(0, 5)
      .flatMap((d) => hanging('  displaced by', `#${d.rank} ${names.ad(d.adId)} (${d.via})`, width, { label: 'dim' })),
  ];
};
