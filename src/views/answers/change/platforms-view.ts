import type { PlatformList, PlatformRow, PlatformsData } from '../../../answers/change.ts';
import { t } from '../../../base/texts.ts';
import { figure, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const top = 20;

/** Who carries the list, what each platform alone would give, and the first ads with their platform. */
export const platformsView = (
  { candidates, platforms }: PlatformsData,
  width: number,
  _options: ViewOptions = {},
  height?: number,
): Line[] => {
  if (platforms.length === 0)
    return sentence(t('No behaviour reaches the model, so no platform carries an ad.'), width, 'bold');
  const names = platforms.map((p) => p.platform);
  return fitLines(
    [
      ...sentence(
        t('{ads} by the platform that carries them (largest Shapley value).', { ads: plural(candidates.length, 'ad') }),
        width,
        'bold',
      ),
      ...table<PlatformList>(
        [
          { title: t('platform'), cell: (p) => p.platform, flex: 1, min: 8 },
          { title: t('behaviours'), align: 'right', cell: (p) => String(p.events) },
          { title: t('carries'), align: 'right', cell: (p) => String(p.carries) },
          { title: t('shared if alone'), align: 'right', cell: (p) => String(p.overlap.common) },
          { title: t('RBO'), align: 'right', cell: (p) => figure(p.overlap.rbo, 3) },
        ],
        platforms,
        width,
      ),
      blank,
      ...table<PlatformRow>(
        [
          { title: '#', align: 'right', cell: (r) => String(r.rank) },
          { title: t('ad'), cell: (r) => (r.title === '' ? r.adId : r.title), flex: 1, min: 10 },
          { title: t('carried by'), cell: (r) => span(r.carriedBy ?? '–', 'accent') },
          ...names.map((name, i) => ({
            title: name,
            align: 'right' as const,
            drop: i + 1,
            cell: (r: PlatformRow) => figure(r.phi[i] ?? null, 4, true),
          })),
        ],
        candidates.slice(0, top),
        width,
      ),
    ],
    width,
    height,
  );
};
