import type { CensusData, CensusRow } from '../../../answers/why.ts';
import { count, percent, plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const counted = (title: string, rows: readonly CensusRow[], width: number): Line[] =>
  rows.length === 0
    ? []
    : [
        blank,
        ...table(
          [
            { title: 'ads', align: 'right', cell: (r: CensusRow) => count(r.unreachable) },
            { title, min: 8, flex: 1, cell: (r) => r.name },
          ],
          rows.slice(0, 20),
          width,
        ),
      ];

const headline = ({ ads, unreachable }: CensusData): string =>
  unreachable === 0
    ? `Every one of ${plural(ads, 'ad')} can be reached by some search.`
    : `${plural(unreachable, 'ad')} of ${count(ads)} (${percent(unreachable / ads)}) cannot be reached by any search, at any ef.`;

export const censusView = (data: CensusData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, data.unreachable === 0 ? 'bold' : 'warn'),
      ...counted('campaign', data.byCampaign, width),
      ...counted('category', data.byCategory, width),
      ...(data.examples.length === 0
        ? []
        : [
            blank,
            text('Examples', 'bold'),
            ...table(
              [
                { title: '', max: 14, cell: (e: CensusData['examples'][number]) => span(e.adId, 'dim') },
                { title: '', min: 10, flex: 1, cell: (e) => e.title },
              ],
              data.examples,
              width,
              { bare: true },
            ),
          ]),
    ],
    width,
    height,
  );
