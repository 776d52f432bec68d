import type { EfCurve, EfPoint } from '../../../engine/list-shape.ts';
import { t } from '../../../base/texts.ts';
import { bar } from '../../text/bars.ts';
import { figure, percent } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const headline = ({ k, ef, points }: EfCurve): string => {
  const own = points.find((p) => p.ef === ef);
  const full = points.find((p) => p.recall === 1);
  const now = t('At ef {ef} the index finds {share} of the exact {k} best.', {
    ef,
    share: percent(own?.recall ?? 0),
    k,
  });
  if (own?.recall === 1) return now;
  const all =
    full === undefined
      ? t('No ef up to {most} finds all of them: some may be unreachable (see census).', {
          most: points.at(-1)?.ef ?? ef,
        })
      : t('At ef {ef} it finds all of them.', { ef: full.ef });
  return `${now} ${all}`;
};

export const efCurveView = (data: EfCurve, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const ascii = options.ascii === true;
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: '', cell: (p: EfPoint) => (p.ef === data.ef ? (ascii ? '>' : '▸') : ' ') },
          { title: t('ef'), align: 'right', cell: (p) => String(p.ef) },
          { title: t('recall@{k}', { k: data.k }), align: 'right', cell: (p) => figure(p.recall, 3) },
          {
            title: t('0 to 1'),
            min: 6,
            max: 40,
            flex: 1,
            drop: 1,
            cell: (p) => span(bar(p.recall, 1, Math.max(6, Math.min(40, width - 34)), ascii), 'accent'),
          },
          { title: t('ms a search'), align: 'right', cell: (p) => figure(p.ms, 3) },
        ],
        data.points,
        width,
      ),
    ],
    width,
    height,
  );
};
