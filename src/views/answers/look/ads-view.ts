import type { AdRow, AdsData } from '../../../answers/look.ts';
import { t } from '../../../base/texts.ts';
import { count, plural, price } from '../../text/figures.ts';
import { fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const headline = ({ ads, total, match }: AdsData): string => {
  if (match === null) return t('{ads} of {total}.', { ads: plural(ads.length, 'ad'), total: count(total) });
  return ads.length === 0
    ? t('No ad matches “{match}”.', { match })
    : t('{ads} of {total} for “{match}”, best match first.', {
        ads: plural(ads.length, 'ad'),
        total: count(total),
        match,
      });
};

export const adsView = (data: AdsData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...(data.ads.length === 0
        ? []
        : table(
            [
              { title: t('ad'), min: 8, cell: (a: AdRow) => a.adId },
              { title: t('title'), min: 12, flex: 3, cell: (a) => a.title },
              { title: t('category'), min: 8, flex: 2, drop: 1, cell: (a) => span(a.category, 'dim') },
              { title: t('brand'), max: 16, drop: 2, cell: (a) => a.brand },
              { title: t('price'), align: 'right', drop: 3, cell: (a) => price(a.price) },
              { title: t('campaign'), max: 14, drop: 4, cell: (a) => a.campaign ?? '' },
            ],
            data.ads,
            width,
          )),
    ],
    width,
    height,
  );
