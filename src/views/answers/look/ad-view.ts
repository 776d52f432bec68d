import type { AdData, Neighbour } from '../../../answers/look.ts';
import { t } from '../../../base/texts.ts';
import { age, figure, instant, plural, price } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const headline = ({ ad, eligibility }: AdData): string => {
  const whom = eligibility.userId === null ? '' : ` for ${eligibility.userId}`;
  const state = eligibility.eligible ? 'eligible' : `not eligible (${eligibility.reason ?? 'filtered'})`;
  return `${ad.adId} ${ad.title}: ${state}${whom} at ${instant(eligibility.asOf)}${eligibility.userId === null ? ', targeting left out' : ''}.`;
};

const fields = ({ ad, vector }: AdData): ReadonlyArray<readonly [string, string]> => [
  ['category', ad.category === '' ? '–' : ad.category],
  ['brand', ad.brand === '' ? '–' : ad.brand],
  ['price', price(ad.price)],
  ['campaign', ad.campaign ?? '–'],
  [
    'active',
    `${ad.startAt === null ? 'always' : instant(ad.startAt)} to ${ad.endAt === null ? 'open' : instant(ad.endAt)}`,
  ],
  ['budget', ad.budgetLeft === null ? 'unlimited' : price(ad.budgetLeft)],
  [
    'targeting',
    ad.targeting === null
      ? 'everyone'
      : Object.entries(ad.targeting)
          .map(([k, v]) => `${k} ${v.join('|')}`)
          .join(' · '),
  ],
  [
    'vector',
    vector === null
      ? 'none'
      : `${vector.dim} dimensions, norm ${figure(vector.norm, 6)}${vector.ageMs === null ? '' : `, built ${age(vector.ageMs)} before as-of`}${vector.indexed ? '' : `, ${vector.deleted ? t('marked as deleted in the index') : t('not in the index')}`}`,
  ],
  ...(vector?.freshCosine === null || vector?.freshCosine === undefined
    ? []
    : [['fresh', `cosine ${figure(vector.freshCosine, 6)} with what the ad tower gives now`] as const]),
];

const near = (title: string, list: readonly Neighbour[], width: number): Line[] =>
  list.length === 0
    ? []
    : [
        blank,
        text(title, 'bold'),
        ...table(
          [
            { title: '', cell: (n: Neighbour) => figure(n.similarity) },
            { title: '', max: 14, cell: (n) => span(n.adId, 'dim') },
            { title: '', min: 10, flex: 1, cell: (n) => n.title },
            { title: '', drop: 1, max: 14, cell: (n) => span(n.campaign ?? '', 'dim') },
          ],
          list,
          width,
          { bare: true },
        ),
      ];

export const adView = (data: AdData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: '', cell: ([name]: readonly [string, string]) => span(name, 'dim') },
          { title: '', flex: 1, min: 10, cell: ([, value]) => value },
        ],
        fields(data),
        width,
        { bare: true },
      ),
      ...near('Nearest by vector', data.neighbours, width),
      ...near('Nearest by co-occurrence', data.i2i, width),
      ...near(`${plural(data.nearDuplicates.length, 'near-duplicate')} (cosine ≥ .95)`, data.nearDuplicates, width),
    ],
    width,
    height,
  );
