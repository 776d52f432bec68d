import type { WeightRow, WeightsData } from '../../../answers/change.ts';
import { slider } from '../../text/bars.ts';
import { age, figure } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { and, sentence } from '../../text/sentences.ts';

const headline = ({ weights }: WeightsData): string => {
  const changed = weights.filter((w) => w.weight !== w.trained).map((w) => `${w.group} ${figure(w.weight, 2)}`);
  return changed.length === 0
    ? 'Every group has its trained weight, 1.'
    : `Changed: ${and(changed)}; the rest as trained.`;
};

/** A slider a group; `┊` marks the trained weight. */
export const weightsView = (data: WeightsData, width: number, options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: 'group', cell: (w: WeightRow) => w.group },
          { title: 'weight', align: 'right', cell: (w) => figure(w.weight, 2) },
          {
            title: '0 to 4',
            drop: 2,
            cell: (w) => span(slider(w.weight, w.trained, w.min, w.max, 25, options.ascii), 'accent'),
          },
          {
            title: 'change',
            align: 'right',
            cell: (w) => (w.weight === w.trained ? '' : span(figure(w.weight - w.trained, 2, true), 'warn')),
          },
          {
            title: 'reads',
            min: 10,
            flex: 1,
            drop: 1,
            cell: (w) =>
              span(
                `${w.source}${w.kinds.length === 0 ? '' : `: ${w.kinds.join(' ')}`}, at most ${w.maxItems}${w.windowMs === null ? '' : ` within ${age(w.windowMs)}`}`,
                'dim',
              ),
          },
        ],
        data.weights,
        width,
      ),
    ],
    width,
    height,
  );
