import type { WhyNotData } from '../../../answers/why.ts';
import { figure, plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import type { Names } from '../../text/names.ts';
import { changeText, noRepair, verdictEvidence, verdictSentence } from './why-not-lines.ts';
import { table } from '../../text/table.ts';
import { namesFrom } from '../../text/names.ts';
import { sentence } from '../../text/sentences.ts';

type Channel = WhyNotData['channels'][number];

const settled = ({ verdict, reason }: WhyNotData, ascii: boolean): Line[] => {
  const yes = ascii ? '*' : '✓';
  if (verdict === 'unknown-ad') return [];
  return verdict === 'ineligible'
    ? [[span(`${yes} known ad   `, 'good'), span(`${ascii ? 'x' : '✗'} not eligible: ${reason ?? ''}`, 'bad')]]
    : [[span(`${yes} known ad   ${yes} eligible`, 'good')]];
};

const margin = (c: Channel): string =>
  [
    ...(c.margin === null ? [] : [figure(c.margin)]),
    ...(c.rankMargin === null ? [] : [plural(c.rankMargin, 'rank')]),
  ].join(', ');

const channels = (list: readonly Channel[], names: Names, width: number): Line[] =>
  list.length === 0
    ? []
    : table(
        [
          { title: 'channel', cell: (c: Channel) => span(c.channel, c.takesPart ? undefined : 'dim') },
          {
            title: 'verdict',
            cell: (c) =>
              span(c.verdict, c.verdict === 'selected' ? 'good' : c.verdict === 'not-matched' ? 'dim' : 'warn'),
          },
          { title: 'missing', cell: margin },
          {
            title: 'proof',
            min: 20,
            flex: 1,
            cell: (c) => `${verdictEvidence(c.evidence, names)}${c.takesPart ? '' : ' (takes no part in this mode)'}`,
          },
        ],
        list,
        width,
      );

const repair = (data: WhyNotData, width: number): Line[] => {
  if (data.verdict === 'recalled' || data.verdict === 'unknown-ad') return [];
  if (data.repair === null) return sentence(noRepair(data), width, 'warn');
  const { change, effect, command } = data.repair;
  return [
    ...sentence(
      `Repair (run, works): ${changeText(change)}, then rank ${effect.rank}, ${plural(effect.displaced.length, 'ad')} displaced.`,
      width,
      'good',
    ),
    text(`  ${command}`, 'accent'),
  ];
};

/** The verdict first, then each channel with what proves it, the crowd, and the repair with its command. */
export const whyNotView = (data: WhyNotData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const names = namesFrom(data.titles);
  const { crowding } = data;
  return fitLines(
    [
      ...sentence(`${data.adId}${data.title === null ? '' : ` ${data.title}`}`, width),
      ...sentence(verdictSentence(data), width, 'bold'),
      ...settled(data, options.ascii === true),
      ...channels(data.channels, names, width),
      ...(crowding === null || crowding.slots === 0
        ? []
        : sentence(
            `${plural(crowding.slots, 'slot')} above it ${crowding.slots === 1 ? 'is' : 'are'} held by near-identical creatives${crowding.campaign === null ? '' : ` of campaign ${crowding.campaign}`} (cosine from ${figure(crowding.cosine, 2)}).`,
            width,
            'warn',
          )),
      ...data.displacedBy
        .slice(0, 5)
        .flatMap((d) => sentence(`displaced by #${d.rank} ${names.ad(d.adId)} (${d.via})`, width, 'dim')),
      blank,
      ...repair(data, width),
    ],
    width,
    height,
  );
};
