import type { BlastData, TitledShift } from '../../../answers/change.ts';
import { count, figure, percent, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const changeText = ({ change }: BlastData): string =>
  change.length === 0
    ? 'The change is none: both queries give the same settings.'
    : `The change: ${change.map(({ path, a, b }) => (a === null ? `${path} ${String(b ?? '')}` : `${path} ${String(a)} → ${String(b ?? 'none')}`)).join(' · ')}.`;

const headline = (d: BlastData): string =>
  `${percent(d.shareChanged)} of ${plural(d.users, 'user')} get another list (${percent(d.shareSetChanged)} other ads): mean RBO ${figure(d.meanRbo, 3)}, Jaccard ${figure(d.meanJaccard, 3)}; ${plural(d.entered, 'place')} change hands.`;

const recallText = ({ recall }: BlastData): string => {
  if (recall === null) return 'Nobody engaged with anything after as-of: recall cannot be measured.';
  const {
    bootstrap: { meanA, meanB, delta, deltaCi },
    test,
  } = recall;
  return `Recall of engaged ads over ${plural(recall.users, 'user')}: ${figure(meanA)} before, ${figure(meanB)} after, ${figure(delta, 4, true)} (95 % ${figure(deltaCi.low, 4, true)} to ${figure(deltaCi.high, 4, true)}), p ${test.p < 0.001 ? '< .001' : figure(test.p, 3)} (paired sign-flip, ${test.method}).`;
};

const shifts = (title: string, rows: readonly TitledShift[], width: number): Line[] =>
  rows.length === 0
    ? []
    : [
        blank,
        [span(title, 'bold')],
        ...table<TitledShift>(
          [
            { title: 'net', align: 'right', cell: (s) => span(figure(s.net, 0, true), s.net > 0 ? 'good' : 'bad') },
            { title: 'ad', cell: (s) => (s.title === '' ? s.adId : s.title), flex: 1, min: 10 },
            { title: 'id', cell: (s) => span(s.adId, 'dim'), drop: 2 },
            { title: 'in', align: 'right', cell: (s) => count(s.gained), drop: 1 },
            { title: 'out', align: 'right', cell: (s) => count(s.lost), drop: 1 },
          ],
          rows,
          width,
        ),
      ];

export const blastView = (data: BlastData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(changeText(data), width, 'dim'),
      ...sentence(headline(data), width, 'bold'),
      ...sentence(recallText(data), width),
      ...(data.failed === 0
        ? []
        : sentence(`${plural(data.failed, 'user')} could not be answered: the user vector vanishes.`, width, 'warn')),
      ...(data.sampled < data.of
        ? sentence(`${count(data.sampled)} of ${count(data.of)} users drawn with seed ${data.seed}.`, width, 'dim')
        : []),
      ...shifts('Gain most impressions', data.gains, width),
      ...shifts('Lose most impressions', data.losses, width),
    ],
    width,
    height,
  );
