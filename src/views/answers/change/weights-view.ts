import type { WeightRow, WeightsData } from '../../../answers/change.ts';
import { t } from '../../../base/texts.ts';
import { maxWeight, minWeight } from '../../../domain/query.ts';
import { slider } from '../../text/bars.ts';
import { age, figure } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { and, sentence } from '../../text/sentences.ts';

const headline = ({ weights }: WeightsData): string => {
  const changed = weights.filter((w) => w.weight !== w.trained).map((w) => `${w.group} ${figure(w.weight, 2)}`);
  return changed.length === 0
    ? t('Every group has its trained weight, 1.')
    : t('Changed: {groups}. The other groups have their trained weight.', { groups: and(changed) });
};

/** `events: view click, at most 6 within 40 d` */
const readsText = ({ source, kinds, maxItems, windowMs }: WeightRow): string => {
  const input = kinds.length === 0 ? source : `${source}: ${kinds.join(' ')}`;
  return windowMs === null
    ? t('{input}, at most {count}', { input, count: maxItems })
    : t('{input}, at most {count} within {window}', { input, count: maxItems, window: age(windowMs) });
};

/** A slider a group; `┊` marks the trained weight. */
export const weightsView = (data: WeightsData, width: number, options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: t('group'), cell: (w: WeightRow) => w.group },
          { title: t('weight'), align: 'right', cell: (w) => figure(w.weight, 2) },
          {
            title: t('{from} to {to}', { from: minWeight, to: maxWeight }),
            drop: 2,
            cell: (w) => span(slider(w.weight, w.trained, w.min, w.max, 25, options.ascii), 'accent'),
          },
          {
            title: t('change'),
            align: 'right',
            cell: (w) => (w.weight === w.trained ? '' : span(figure(w.weight - w.trained, 2, true), 'warn')),
          },
          {
            title: t('reads'),
            min: 10,
            flex: 1,
            drop: 1,
            cell: (w) => span(readsText(w), 'dim'),
          },
        ],
        data.weights,
        width,
      ),
    ],
    width,
    height,
  );
