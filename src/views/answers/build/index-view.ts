import type { IndexData } from '../../../answers/build.ts';
import { t } from '../../../base/texts.ts';
import { count, instant, plural } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

interface Row {
  readonly what: string;
  readonly file: string;
  readonly details: string;
  readonly sha256: string;
}

const rowsOf = ({ vectors, index, i2i, only = null }: IndexData): Row[] => [
  ...(vectors === null || only !== null
    ? []
    : [
        {
          what: t('vectors'),
          file: vectors.file,
          details: `${count(vectors.count)} × ${vectors.dim}`,
          sha256: vectors.sha256,
        },
      ]),
  ...(index === null || only !== null
    ? []
    : [
        {
          what: t('index'),
          file: index.file ?? '–',
          details: [
            ...(index.m === null ? [] : [t('M {m}', { m: index.m })]),
            ...(index.efConstruction === null ? [] : [t('ef {ef}', { ef: index.efConstruction })]),
            ...(index.seed === null ? [] : [t('seed {seed}', { seed: index.seed })]),
          ].join(', '),
          sha256: index.sha256 ?? '',
        },
      ]),
  ...(i2i === null
    ? []
    : [
        {
          what: t('item to item'),
          file: i2i.file,
          details: i2i.builtUntil === null ? '' : t('until {time}', { time: instant(i2i.builtUntil) }),
          sha256: i2i.sha256,
        },
      ]),
];

const indexed = (nodes: number, ads: number): string =>
  nodes === ads
    ? t('Indexed {ads}.', { ads: plural(ads, 'ad') })
    : t('Indexed {indexed} of {ads}: the others have no vector, or are excluded.', {
        indexed: count(nodes),
        ads: plural(ads, 'ad'),
      });

export const indexView = (data: IndexData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(
        (data.only ?? null) !== null
          ? t('Built the item-to-item neighbours of {ads}. Vectors and index are unchanged.', {
              ads: plural(data.ads, 'ad'),
            })
          : data.index === null
            ? t('No index: there is no model. Built the item-to-item neighbours of {ads}.', {
                ads: plural(data.ads, 'ad'),
              })
            : indexed(data.index.count, data.ads),
        width,
        'bold',
      ),
      ...table(
        [
          { title: t('built'), cell: (r: Row) => r.what },
          { title: t('file'), cell: (r) => r.file },
          { title: '', min: 8, flex: 1, cell: (r) => r.details },
          { title: t('sha256'), drop: 1, cell: (r) => span(r.sha256.slice(0, 12), 'dim') },
        ],
        rowsOf(data),
        width,
      ),
    ],
    width,
    height,
  );
