import { t } from '../../../base/texts.ts';
import type { StabilityData } from '../../../answers/why.ts';
import { maxWeight, minWeight } from '../../../domain/query.ts';
import type { GroupStability } from '../../../engine/stability.ts';
import { slider } from '../../text/bars.ts';
import { figure } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';
import { weightText } from '../../text/weight.ts';
import { exactDiffers } from './exact-differs.ts';

const headline = ({ subject }: StabilityData): string => {
  if (subject.type === 'top')
    return t('The first {top} ads stay the same while any one weight moves within its interval.', {
      top: subject.top,
    });
  const { adId, inList } = subject;
  return inList
    ? t('{ad} stays in the list while any one weight moves within its interval.', { ad: adId })
    : t('{ad} stays out of the list while any one weight moves within its interval.', { ad: adId });
};

const interval = (g: GroupStability): string => {
  if (!g.present) return t('any weight: no input');
  if (g.outsideBelow === null && g.outsideAbove === null) return t('any weight');
  return t('{from} to {to}', { from: weightText(g.from, 'up'), to: weightText(g.to, 'down') });
};

/** The scale with the interval filled and the weight marked. */
const track = (g: GroupStability, ascii: boolean): string => {
  const width = 33;
  const at = (w: number): number => Math.round(((w - minWeight) / (maxWeight - minWeight)) * (width - 1));
  return [...slider(g.weight, null, minWeight, maxWeight, width, ascii)]
    .map((c, i) => (i >= at(g.from) && i <= at(g.to) && i !== at(g.weight) ? (ascii ? '#' : '█') : c))
    .join('');
};

export const stabilityView = (data: StabilityData, width: number, options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...(data.subject.type === 'top'
        ? []
        : [exactDiffers(data.subject.inList, data.subject)].flatMap((one) =>
            one === null ? [] : sentence(one, width, 'warn'),
          )),
      ...table(
        [
          { title: t('group'), cell: (g: GroupStability) => g.group },
          { title: t('weight'), align: 'right', cell: (g) => figure(g.weight, 2) },
          {
            title: t('{from} to {to}', { from: minWeight, to: maxWeight }),
            drop: 1,
            cell: (g) => span(track(g, options.ascii === true), 'accent'),
          },
          { title: t('stable within'), min: 10, flex: 1, cell: interval },
        ],
        data.groups,
        width,
      ),
      ...sentence(
        t('The list was run at every {step} of each weight and at both ends.', { step: figure(data.step, 3) }),
        width,
        'dim',
      ),
    ],
    width,
    height,
  );
