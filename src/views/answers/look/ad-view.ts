import type { AdData, Neighbour } from '../../../answers/look.ts';
import { t, tn } from '../../../base/texts.ts';
import { age, figure, instant, price } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const headline = ({ ad, eligibility }: AdData): string => {
  const places = { ad: `${ad.adId} ${ad.title}`, time: instant(eligibility.asOf) };
  const { userId, reason } = eligibility;
  if (userId === null)
    return eligibility.eligible
      ? t('{ad}: eligible at {time} (targeting not checked).', places)
      : t('{ad}: not eligible ({reason}) at {time} (targeting not checked).', {
          ...places,
          reason: reason ?? t('filtered'),
        });
  return eligibility.eligible
    ? t('{ad}: eligible for {user} at {time}.', { ...places, user: userId })
    : t('{ad}: not eligible ({reason}) for {user} at {time}.', {
        ...places,
        user: userId,
        reason: reason ?? t('filtered'),
      });
};

const fields = ({ ad, vector }: AdData): ReadonlyArray<readonly [string, string]> => [
  [t('category'), ad.category === '' ? '–' : ad.category],
  [t('brand'), ad.brand === '' ? '–' : ad.brand],
  [t('price'), price(ad.price)],
  [t('campaign'), ad.campaign ?? '–'],
  [
    t('active'),
    t('{from} to {to}', {
      from: ad.startAt === null ? t('always') : instant(ad.startAt),
      to: ad.endAt === null ? t('open') : instant(ad.endAt),
    }),
  ],
  [t('budget'), ad.budgetLeft === null ? t('unlimited') : price(ad.budgetLeft)],
  [
    t('targeting'),
    ad.targeting === null
      ? t('every user')
      : Object.entries(ad.targeting)
          .map(([k, v]) => `${k} ${v.join('|')}`)
          .join(' · '),
  ],
  [
    t('vector'),
    vector === null
      ? t('none')
      : [
          t('{n} dimensions', { n: vector.dim }),
          t('norm {norm}', { norm: figure(vector.norm, 6) }),
          ...(vector.ageMs === null ? [] : [t('built {age} before as-of', { age: age(vector.ageMs) })]),
          ...(vector.indexed ? [] : [vector.deleted ? t('marked as deleted in the index') : t('not in the index')]),
        ].join(', '),
  ],
  ...(vector?.freshCosine === null || vector?.freshCosine === undefined
    ? []
    : [
        [
          t('fresh'),
          t('cosine {cosine} to the vector that the ad tower gives now', { cosine: figure(vector.freshCosine, 6) }),
        ] as const,
      ]),
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
      ...near(t('Nearest by vector'), data.neighbours, width),
      ...near(t('Nearest by co-occurrence'), data.i2i, width),
      ...near(
        tn(data.nearDuplicates.length, '{n} near-duplicate (cosine ≥ .95)', '{n} near-duplicates (cosine ≥ .95)'),
        data.nearDuplicates,
        width,
      ),
    ],
    width,
    height,
  );
