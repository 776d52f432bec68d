import type { ScoresData } from '../../../answers/why.ts';
import { t, tn } from '../../../base/texts.ts';
import type { ScoreBin } from '../../../engine/list-shape.ts';
import { bar } from '../../text/bars.ts';
import { count, figure, plural } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const headline = ({ eligible, k, cutoff, highest, lowest }: ScoresData): string =>
  eligible === 0
    ? t('No ad of the index is eligible: there is no score.')
    : cutoff === null
      ? tn(
          eligible,
          'The only eligible ad is in the list: k is {k}.',
          'All {ads} eligible ads are in the list: k is {k}.',
          { ads: count(eligible), k },
        )
      : lowest === highest
        ? t('All {ads} score {cutoff}: the {k} of the list come first by ad id.', {
            k,
            ads: plural(eligible, 'eligible ad'),
            cutoff: figure(cutoff),
          })
        : t('The best {k} of {ads} score {cutoff} or more. All scores lie between {lowest} and {highest}.', {
            k,
            ads: plural(eligible, 'eligible ad'),
            cutoff: figure(cutoff),
            highest: figure(highest),
            lowest: figure(lowest),
          });

/** Bars by the logarithm of the count: a list of a hundred would vanish beside a million. The list's own ads are marked in words. */
export const scoresView = (data: ScoresData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const ascii = options.ascii === true;
  const most = Math.max(...data.bins.map((b) => Math.log1p(b.ads)));
  const listed = (b: ScoreBin): string => {
    if (b.inList === 0) return '';
    return b.inList === b.ads
      ? t('in the list')
      : t('{mark} exact cutoff {cutoff}: {ads} in the list', {
          mark: ascii ? '<' : '◂',
          cutoff: figure(data.cutoff),
          ads: count(b.inList),
        });
  };
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: t('score from'), align: 'right', cell: (b: ScoreBin) => figure(b.from) },
          { title: t('ads'), align: 'right', cell: (b) => count(b.ads) },
          {
            title: t('ads (log)'),
            min: 6,
            max: 40,
            flex: 1,
            cell: (b) =>
              span(
                bar(Math.log1p(b.ads), most, Math.max(6, Math.min(40, width - 56)), ascii),
                b.inList > 0 ? 'accent' : 'dim',
              ),
          },
          { title: '', min: 11, flex: 1, drop: 1, cell: listed },
        ],
        data.bins,
        width,
      ),
    ],
    width,
    height,
  );
};
