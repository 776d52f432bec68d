import { t } from '../../base/texts.ts';
import type { Evidence, EvidenceType } from '../../domain/channels.ts';
import type { Names } from './names.ts';
import { figure, plural } from './figures.ts';

type AdName = (adId: string) => string;

const words: { readonly [T in EvidenceType]: (evidence: Evidence<T>, adName: AdName) => string } = {
  ann: ({ ef }) => t('found by the index at ef {ef}', { ef }),
  'exact-scan': ({ reason }) => t('found by the exact scan: {reason}', { reason }),
  'past-item': ({ adId, similarity, weight, share }, adName) => {
    const said = { ad: adName(adId), similarity: figure(similarity, 3), percent: Math.round(share * 100) };
    return weight === 1
      ? t('seen together with {ad} (similarity {similarity}, {percent} % of its score)', said)
      : t('seen together with {ad} (similarity {similarity} × weight {weight}, {percent} % of its score)', {
          ...said,
          weight: figure(weight, 3),
        });
  },
  'matched-query': ({ query, terms, bm25, position = 1 }) => {
    const said = { query, terms: terms.join(', '), bm25: bm25.toFixed(2) };
    return position === 1
      ? t('searched "{query}": matches {terms} (bm25 {bm25})', said)
      : t(
          'searched "{query}": matches {terms} (bm25 {bm25} ÷ √{position} = {score}, as search {position} from the newest)',
          { ...said, position, score: (bm25 / Math.sqrt(position)).toFixed(2) },
        );
  },
  'latest-browse': ({ category, count }) =>
    t('latest browse was in {category}; {behaviours} with this ad there', {
      category,
      behaviours: plural(count, 'behaviour'),
    }),
  'category-count': ({ behaviours, category, count }) =>
    t('{behaviours} in {category}; {n} with this ad', {
      behaviours: plural(behaviours, 'behaviour'),
      category,
      n: count,
    }),
  'preset-position': ({ position }) => t("number {position} of the operator's list", { position }),
  popularity: ({ count }) => t('{behaviours} of all users', { behaviours: plural(count, 'behaviour') }),
};

/** A channel's evidence in words: which query, which event, which count. */
export const evidenceText = <T extends EvidenceType>(evidence: Evidence<T>, names?: Pick<Names, 'ad'>): string =>
  words[evidence.type](evidence, names?.ad ?? ((adId) => adId));
