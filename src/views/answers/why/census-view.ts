import type { CensusData, CensusRow } from '../../../answers/why.ts';
import { t, tn } from '../../../base/texts.ts';
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
            { title: t('ads'), align: 'right', cell: (r: CensusRow) => count(r.unreachable) },
            { title, min: 8, flex: 1, cell: (r) => r.name },
          ],
          rows.slice(0, 20),
          width,
        ),
      ];

const named = (ids: readonly string[], all: number): string =>
  ids.length === 0 ? '' : ` (${ids.slice(0, 5).join(', ')}${all > Math.min(5, ids.length) ? ', …' : ''})`;

/** Ads that no search returns, whatever the links: deleted ones, and ones without a node. */
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
    ? tn(ads, 'A search can reach the only ad.', 'A search can reach each of the {ads} ads.', { ads: count(ads) })
    : t('No search reaches {unreachable} of {ads} ({share}), at any ef.', {
        unreachable: count(unreachable),
        ads: plural(ads, 'ad'),
        share: percent(unreachable / ads),
      });

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
            text(t('Examples'), 'bold'),
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
