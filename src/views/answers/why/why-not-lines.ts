import type { WhyNotData } from '../../../answers/why.ts';
import { t, tn } from '../../../base/texts.ts';
import type { ChannelVerdict } from '../../../domain/verdict.ts';
import { count, figure } from '../../text/figures.ts';
import { span, text, type Line, type Style } from '../../text/line.ts';
import type { Names } from '../../text/names.ts';
import { hanging, sentence } from '../../text/sentences.ts';
import { channelProof, noRepair, repairSentence, verdictSentence } from './why-not-sentences.ts';

const tone = (verdict: string): Style =>
  verdict === 'selected' || verdict === 'recalled' ? 'good' : verdict === 'not-matched' ? 'dim' : 'warn';

const channelLines = (c: ChannelVerdict, names: Names, width: number): Line[] => {
  const label = `  ${c.channel.padEnd(18)}${c.verdict.padEnd(13)}`;
  const proof = channelProof(c, names);
  return hanging(
    label,
    c.margin === null || c.margin === 0 ? proof : t('{proof} · missing {margin}', { proof, margin: figure(c.margin) }),
    width,
    { label: tone(c.verdict), ...(c.takesPart ? {} : { text: 'dim' }) },
  );
};

const repairLines = (data: WhyNotData, width: number): Line[] => {
  const { repair } = data;
  if (data.verdict === 'recalled' || data.verdict === 'unknown-ad') return [];
  if (repair === null) return sentence(noRepair(data), width, 'warn');
  return [
    ...sentence(repairSentence(repair), width, 'good'),
    // A reindexed ad is no change of the query: there is nothing for a key to apply.
    ...(repair.change.type === 'reindex'
      ? sentence(t('To keep it: {command}', { command: repair.command }), width, 'dim')
      : [text(t('a applies it · p shows the search path · c looks for other changes'), 'dim')]),
  ];
};

/** Near-identical creatives above the ad, as a warning; nothing where there are none. */
export const crowdingLines = ({ crowding }: WhyNotData, width: number): Line[] => {
  if (crowding === null || crowding.slots === 0) return [];
  const places = { slots: count(crowding.slots), cosine: figure(crowding.cosine, 2) };
  const { campaign, slots } = crowding;
  const content =
    campaign === null
      ? tn(
          slots,
          'Crowding: a near-identical creative holds 1 slot above it (cosine ≥ {cosine}).',
          'Crowding: near-identical creatives hold {slots} slots above it (cosine ≥ {cosine}).',
          places,
        )
      : tn(
          slots,
          'Crowding: a near-identical creative of campaign {campaign} holds 1 slot above it (cosine ≥ {cosine}).',
          'Crowding: near-identical creatives of campaign {campaign} hold {slots} slots above it (cosine ≥ {cosine}).',
          { ...places, campaign },
        );
  return sentence(content, width, 'warn');
};

/** Known and eligible, or the rule that says no. */
export const passedLine = ({ verdict, reason }: WhyNotData, ascii: boolean): Line[] => {
  const yes = ascii ? '*' : '✓';
  const no = ascii ? 'x' : '✗';
  if (verdict === 'unknown-ad') return [];
  return verdict === 'ineligible'
    ? [
        [
          span(`${yes} ${t('known ad')}   `, 'good'),
          span(`${no} ${t('not eligible: {reason}', { reason: reason ?? '' })}`, 'bad'),
        ],
      ]
    : [[span(`${yes} ${t('known ad')}   ${yes} ${t('eligible')}`, 'good')]];
};

/** Why not that ad: the verdict first, then the repair, then each channel with what proves it. */
export const whyNotLines = (data: WhyNotData, names: Names, width: number): Line[] => [
  ...sentence(verdictSentence(data), width, 'bold'),
  ...repairLines(data, width),
  [],
  ...passedLine(data, false),
  ...data.channels.flatMap((c) => channelLines(c, names, width)),
  ...crowdingLines(data, width),
  ...data.displacedBy
    .slice(0, 5)
    .flatMap((d) =>
      hanging(`  ${t('displaced by')}`, `#${d.rank} ${names.ad(d.adId)} (${d.via})`, width, { label: 'dim' }),
    ),
];
