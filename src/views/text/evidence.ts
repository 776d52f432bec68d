import type { Evidence, EvidenceType } from '../../domain/channels.ts';
import type { Names } from './names.ts';
import { figure, plural } from './figures.ts';

type AdName = (adId: string) => string;

const words: { readonly [T in EvidenceType]: (evidence: Evidence<T>, adName: AdName) => string } = {
  ann: ({ ef }) => `found by the index at ef ${ef}`,
  'exact-scan': ({ reason }) => `found by the exact scan: ${reason}`,
  'past-item': ({ adId, similarity, share }, adName) =>
    `seen together with ${adName(adId)} (similarity ${figure(similarity, 3)}, ${Math.round(share * 100)} % of its score)`,
  'matched-query': ({ query, terms, bm25 }) =>
    `searched "${query}": matches ${terms.join(', ')} (bm25 ${bm25.toFixed(2)})`,
  'latest-browse': ({ category, count }) =>
    `latest browse was in ${category}; ${plural(count, 'behaviour')} with this ad there`,
  'category-count': ({ behaviours, category, count }) =>
    `${plural(behaviours, 'behaviour')} in ${category}; ${count} with this ad`,
  'preset-position': ({ position }) => `number ${position} of the operator's list`,
  popularity: ({ count }) => `${plural(count, 'behaviour')} of all users`,
};

/** A channel's evidence in words: which query, which event, which count. */
export const evidenceText = <T extends EvidenceType>(evidence: Evidence<T>, names?: Pick<Names, 'ad'>): string =>
  words[evidence.type](evidence, names?.ad ?? ((adId) => adId));
