import type { IndexData } from '../../../answers/build.ts';
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
          what: 'vectors',
          file: vectors.file,
          details: `${count(vectors.count)} × ${vectors.dim}`,
          sha256: vectors.sha256,
        },
      ]),
  ...(index === null || only !== null
    ? []
    : [
        {
          what: 'index',
          file: index.file ?? '–',
          details: [
            ...(index.m === null ? [] : [`M ${index.m}`]),
            ...(index.efConstruction === null ? [] : [`ef ${index.efConstruction}`]),
            ...(index.seed === null ? [] : [`seed ${index.seed}`]),
          ].join(', '),
          sha256: index.sha256 ?? '',
        },
      ]),
  ...(i2i === null
    ? []
    : [
        {
          what: 'item to item',
          file: i2i.file,
          details: i2i.builtUntil === null ? '' : `until ${instant(i2i.builtUntil)}`,
          sha256: i2i.sha256,
        },
      ]),
];

const indexed = (nodes: number, ads: number): string =>
  nodes === ads
    ? `Indexed ${plural(ads, 'ad')}.`
    : `Indexed ${count(nodes)} of ${plural(ads, 'ad')}: the others have no vector, or were left out.`;

export const indexView = (data: IndexData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(
        (data.only ?? null) !== null
          ? `Built the item-to-item neighbours of ${plural(data.ads, 'ad')}; vectors and index are as they were.`
          : data.index === null
            ? `No model, so no index: item-to-item neighbours of ${plural(data.ads, 'ad')} only.`
            : indexed(data.index.count, data.ads),
        width,
        'bold',
      ),
      ...table(
        [
          { title: 'built', cell: (r: Row) => r.what },
          { title: 'file', cell: (r) => r.file },
          { title: '', min: 8, flex: 1, cell: (r) => r.details },
          { title: 'sha256', drop: 1, cell: (r) => span(r.sha256.slice(0, 12), 'dim') },
        ],
        rowsOf(data),
        width,
      ),
    ],
    width,
    height,
  );
