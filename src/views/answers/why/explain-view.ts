import type { ExplainData, ExplainListData } from '../../../answers/why.ts';
import { t } from '../../../base/texts.ts';
import type { BatchRow } from '../../../domain/explanation.ts';
import { figure, plural } from '../../text/figures.ts';
import { fitLines, span, type Line, type Style, type ViewOptions } from '../../text/line.ts';
import { placedOtherwise } from './model-score.ts';
import { explainLines } from './explain-lines.ts';
import { table } from '../../text/table.ts';
import { namesFrom } from '../../text/names.ts';
import { sentence } from '../../text/sentences.ts';

/** One ad: sentence, signed bars that sum to the score, evidence of each channel, nearest behaviours. */
export const explainView = (data: ExplainData, width: number, options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(`${data.adId} ${data.title}`, width),
      ...explainLines(data, namesFrom(data.titles), width, options.ascii === true),
    ],
    width,
    height,
  );

interface ListRow extends BatchRow {
  readonly rank: number | null;
  readonly title: string;
}

/** Strong values stand out by their figure first, by colour second. */
const tone = (phi: number): Style | undefined => (phi === 0 ? 'dim' : phi < 0 ? 'bad' : undefined);

export const explainListView = (
  data: ExplainListData,
  width: number,
  options: ViewOptions = {},
  height?: number,
): Line[] =>
  fitLines(
    [
      ...sentence(
        t('{ads} by feature group; baseline + groups = model score, to {residual}.', {
          ads: plural(data.rows.length, 'ad'),
          residual: Math.max(0, ...data.rows.map((r) => Math.abs(r.residual))).toExponential(0),
        }),
        width,
        'bold',
      ),
      ...placedOtherwise(options.query, width),
      ...table(
        [
          { title: '#', align: 'right', cell: (r: ListRow) => (r.rank === null ? '–' : String(r.rank)) },
          { title: t('title'), min: 12, flex: 1, cell: (r) => (r.title === '' ? r.adId : r.title) },
          { title: t('model score'), align: 'right', cell: (r) => figure(r.score) },
          { title: t('base'), align: 'right', drop: 2, cell: (r) => span(figure(r.baseline, 3), 'dim') },
          ...data.groups.map((g, i) => ({
            title: g.group,
            align: 'right' as const,
            drop: 1,
            cell: (r: ListRow) => {
              const phi = r.phi[i] ?? 0;
              return span(figure(phi, 3, true), tone(phi));
            },
          })),
        ],
        data.rows,
        width,
      ),
    ],
    width,
    height,
  );
