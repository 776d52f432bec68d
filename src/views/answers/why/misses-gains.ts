import type { MissesData } from '../../../answers/misses.ts';
import { t } from '../../../base/texts.ts';
import type { Ceiling, CurveName } from '../../../domain/misses.ts';
import { count, figure } from '../../text/figures.ts';
import { blank, span, type Line, type ViewOptions } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';
import { table, type Column } from '../../text/table.ts';
import { curvePlot } from '../recall/compare-all-plots.ts';

const names: Readonly<Record<CurveName, () => string>> = {
  list: () => t('the list as it is'),
  exact: () => t('exact search (ef → all)'),
  quotas: () => t('every quota doubled'),
  union: () => t('all channels together'),
  model: () => t('the model’s exact list'),
};

const signed = ({ low, high }: Ceiling['gainCi95']): string =>
  t('{low} to {high}', { low: figure(low, 4, true), high: figure(high, 4, true) });

const ceilings = ({ ceilings: rows, query }: MissesData, width: number): Line[] =>
  table<Ceiling>(
    [
      { title: '', cell: ({ name }) => names[name]() },
      { title: t('recall@{k}', { k: query.k }), align: 'right', cell: ({ recall }) => figure(recall) },
      { title: t('ads'), align: 'right', drop: 1, cell: ({ pairs }) => count(pairs) },
      {
        title: t('gain'),
        align: 'right',
        cell: ({ name, gain }) =>
          name === 'list' ? '' : span(figure(gain, 4, true), gain > 0 ? 'good' : gain < 0 ? 'bad' : 'dim'),
      },
      {
        title: t('95 %'),
        align: 'right',
        cell: ({ name, gainCi95 }) => (name === 'list' ? '' : span(signed(gainCi95), 'dim')),
      },
    ],
    rows,
    width,
  );

interface At {
  readonly name: CurveName;
  readonly recalls: readonly number[];
}

/** Recall against k: a row a list, as many cut-offs as there is room for, the longest among them. */
const curves = ({ curves: all }: MissesData, width: number): Line[] => {
  const ks = (all[0]?.points ?? []).map(({ k }) => k);
  const room = Math.max(1, Math.floor((width - 26) / 8));
  const shown = ks.map((k, i) => ({ k, i })).slice(-room);
  return table<At>(
    [
      { title: t('recall at k'), cell: ({ name }) => names[name]() },
      ...shown.map(({ k, i }): Column<At> => ({
        title: String(k),
        align: 'right',
        cell: ({ recalls }) => figure(recalls[i] ?? null),
      })),
    ],
    all.map(({ name, points }) => ({ name, recalls: points.map(({ recall }) => recall) })),
    width,
  );
};

/** Between the list and all channels together lies whatever any merge could gain. */
const plot = ({ curves: all }: MissesData, width: number, options: ViewOptions): Line[] => {
  const of = (name: CurveName): ReadonlyArray<{ k: number; recall: number }> =>
    all.find((curve) => curve.name === name)?.points ?? [];
  const ceiling = of('union');
  const [list, union] = options.ascii === true ? ['a', 'b'] : ['○', '●'];
  const lines = curvePlot(
    of('list').map(({ k, recall }, i) => ({ k, a: recall, b: ceiling[i]?.recall ?? recall })),
    width,
    options,
  );
  return lines.length === 0
    ? []
    : [
        blank,
        ...sentence(
          t('Recall against k: {list} the list, {union} all channels together, which no merge can exceed', {
            list,
            union,
          }),
          width,
          'dim',
        ),
        ...lines,
      ];
};

/** What is to be gained at all. */
export const gainLines = (data: MissesData, width: number, options: ViewOptions): Line[] => [
  blank,
  [span(t('What is to be gained at all'), 'bold')],
  ...ceilings(data, width),
  blank,
  ...curves(data, width),
  ...plot(data, width, options),
];
