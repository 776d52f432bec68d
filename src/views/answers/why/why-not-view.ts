import type { WhyNotData } from '../../../answers/why.ts';
import { t } from '../../../base/texts.ts';
import { figure, plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import type { Names } from '../../text/names.ts';
import { crowdingLines, passedLine } from './why-not-lines.ts';
import { channelProof, noRepair, repairSentence, verdictSentence } from './why-not-sentences.ts';
import { table } from '../../text/table.ts';
import { namesFrom } from '../../text/names.ts';
import { sentence } from '../../text/sentences.ts';

type Channel = WhyNotData['channels'][number];

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
          { title: t('channel'), cell: (c: Channel) => span(c.channel, c.takesPart ? undefined : 'dim') },
          {
            title: t('verdict'),
            cell: (c) =>
              span(c.verdict, c.verdict === 'selected' ? 'good' : c.verdict === 'not-matched' ? 'dim' : 'warn'),
          },
          { title: t('missing'), cell: margin },
          {
            title: t('proof'),
            min: 20,
            flex: 1,
            cell: (c) => channelProof(c, names),
          },
        ],
        list,
        width,
      );

const repair = (data: WhyNotData, width: number): Line[] => {
  if (data.verdict === 'recalled' || data.verdict === 'unknown-ad') return [];
  if (data.repair === null) return sentence(noRepair(data), width, 'warn');
  return [...sentence(repairSentence(data.repair), width, 'good'), text(`  ${data.repair.command}`, 'accent')];
};

/** The verdict first, then each channel with what proves it, the crowd, and the repair with its command. */
export const whyNotView = (data: WhyNotData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const names = namesFrom(data.titles);
  return fitLines(
    [
      ...sentence(`${data.adId}${data.title === null ? '' : ` ${data.title}`}`, width),
      ...sentence(verdictSentence(data), width, 'bold'),
      ...passedLine(data, options.ascii === true),
      ...channels(data.channels, names, width),
      ...crowdingLines(data, width),
      ...data.displacedBy
        .slice(0, 5)
        .flatMap((d) =>
          sentence(
            t('displaced by #{rank} {ad} ({channel})', { rank: d.rank, ad: names.ad(d.adId), channel: d.via }),
            width,
            'dim',
          ),
        ),
      blank,
      ...repair(data, width),
    ],
    width,
    height,
  );
};
