import type { StabilityData } from '../../../answers/why.ts';
import { maxWeight, minWeight } from '../../../domain/query.ts';
import type { GroupStability } from '../../../engine/stability.ts';
import { slider } from '../../text/bars.ts';
import { figure } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const headline = ({ subject }: StabilityData): string =>
  subject.type === 'ad'
    ? `${subject.adId} stays ${subject.inList ? 'in' : 'out of'} the list while each weight, alone, keeps within its interval.`
    : `The set of the first ${subject.top} does not change while each weight, alone, keeps within its interval.`;

const interval = (g: GroupStability): string => {
  if (!g.present) return 'any weight: nothing to read';
  if (g.outsideBelow === null && g.outsideAbove === null) return 'any weight';
  return `${figure(g.from, 4)} to ${figure(g.to, 4)}`;
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
      ...table(
        [
          { title: 'group', cell: (g: GroupStability) => g.group },
          { title: 'weight', align: 'right', cell: (g) => figure(g.weight, 2) },
          {
            title: `${minWeight} to ${maxWeight}`,
            drop: 1,
            cell: (g) => span(track(g, options.ascii === true), 'accent'),
          },
          { title: 'stable within', min: 10, flex: 1, cell: interval },
        ],
        data.groups,
        width,
      ),
    ],
    width,
    height,
  );
