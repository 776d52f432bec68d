import { t } from '../../../base/texts.ts';
import type { ScoresData } from '../../../answers/why.ts';
import type { ScoreBin } from '../../../engine/list-shape.ts';
import { bar } from '../../text/bars.ts';
import { count, figure } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const headline = ({ eligible, k, cutoff, highest, lowest }: ScoresData): string =>
  eligible === 0
    ? t('No ad of the index is eligible: there is no score.')
    : cutoff === null
      ? `Fewer than ${k} of the ${count(eligible)} eligible ads: all of them are in the list.`
      : `Of ${count(eligible)} eligible ads the best ${k} score ${figure(cutoff)} or more; the best has ${figure(highest)}, the last ${figure(lowest)}.`;

/** Bars by the logarithm of the count: a list of a hundred would vanish beside a million. The list's own ads are marked in words. */
export const scoresView = (data: ScoresData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const ascii = options.ascii === true;
  const most = Math.max(...data.bins.map((b) => Math.log1p(b.ads)));
  const listed = (b: ScoreBin): string => {
    if (b.inList === 0) return '';
    return b.inList === b.ads
      ? 'in the list'
      : `${ascii ? '<' : '◂'} cutoff ${figure(data.cutoff)}: ${count(b.inList)} in the list`;
  };
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: 'score from', align: 'right', cell: (b: ScoreBin) => figure(b.from) },
          { title: 'ads', align: 'right', cell: (b) => count(b.ads) },
          {
            title: 'ads (log)',
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
