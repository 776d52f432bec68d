import { t } from '../../../base/texts.ts';
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

const named = (ids: readonly string[], all: number): string =>
  ids.length === 0 ? '' : ` (${ids.slice(0, 5).join(', ')}${all > Math.min(5, ids.length) ? ', …' : ''})`;

/** What no search returns for another reason than a want of links. */
const absent = ({ deleted, withoutNode }: CensusData, width: number): Line[] => [
  ...(deleted.nodes === 0
    ? []
    : sentence(
        t('{nodes} marked as deleted in the index{examples}: no search returns them.', {
          nodes: plural(deleted.nodes, 'node'),
          examples: named(deleted.adIds, deleted.nodes),
        }),
        width,
        'warn',
      )),
  ...(withoutNode.ads === 0
    ? []
    : sentence(
        t('{ads} without a node in the index{examples}: no search returns them.', {
          ads: plural(withoutNode.ads, 'ad'),
          examples: named(withoutNode.adIds, withoutNode.ads),
        }),
        width,
        'warn',
      )),
];

const headline = ({ ads, unreachable }: CensusData): string =>
  unreachable === 0
    ? `Every one of ${plural(ads, 'ad')} can be reached by some search.`
    : `${plural(unreachable, 'ad')} of ${count(ads)} (${percent(unreachable / ads)}) cannot be reached by any search, at any ef.`;

export const censusView = (data: CensusData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, data.unreachable === 0 ? 'bold' : 'warn'),
      ...absent(data, width),
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
