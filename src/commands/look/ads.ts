import type { AdRow } from '../../answers/look.ts';
import type { Ad } from '../../domain/ads.ts';
import type { AdCatalog, TextIndex } from '../../engine/ports/ports.ts';
import { numberArg, textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';

export const adRow = ({ adId, title, category, brand, price, campaign }: Ad): AdRow => ({
  adId,
  title,
  category,
  brand,
  price,
  campaign,
});

/** The ad of that very id first, then those whose words match best, then those that contain the text. */
export const findAds = (catalog: AdCatalog, text: TextIndex, match: string, limit: number): Ad[] => {
  const exact = catalog.ordinalOf(match);
  const words = text.search(match, limit).map((hit) => hit.ordinal);
  const contained = catalog.listAds({ match, limit }).map((ad) => ad.ordinal);
  const ordinals = [...new Set([...(exact === null ? [] : [exact]), ...words, ...contained])];
  return catalog.ads(ordinals.slice(0, limit));
};

export const adsCommand: Command<'ads'> = {
  id: 'ads',
  title: 'Find ads',
  doc: 'Lists ads by id or by words of the title, category or brand, best match first. Exit 1 when nothing matches.',
  family: 'look',
  needs: 'workspace',
  args: [
    { name: 'match', type: 'string', position: 0, doc: 'An id, a part of one, or words.' },
    { name: 'limit', type: 'int', default: 50, unit: 'ads', doc: 'At most this many.' },
    { name: 'offset', type: 'int', default: 0, unit: 'ads', doc: 'Skip this many (without a match).' },
  ],
  examples: ['ads 音箱', 'ads ad-13377'],
  run: async (context, args) => {
    const { catalog, text } = await context.workspace();
    const match = textArg(args, 'match');
    const limit = Math.max(0, numberArg(args, 'limit') ?? 50);
    const found =
      match === undefined
        ? catalog.listAds({ limit, offset: Math.max(0, numberArg(args, 'offset') ?? 0) })
        : findAds(catalog, text, match, limit);
    return {
      schema: 'ads',
      data: { ads: found.map(adRow), total: catalog.adCount, match: match ?? null },
      ...(found.length === 0 ? { exitCode: 1 as const } : {}),
    };
  },
};
