import type { Evidence } from '../../domain/result.ts';
import { figure } from './figures.ts';
import type { Names } from './names.ts';

/** A channel's evidence in words: which query, which event, which count. */
export const evidenceText = (evidence: Evidence, names?: Names): string => {
  switch (evidence.type) {
    case 'ann':
      return `found by the index at ef ${evidence.ef}`;
    case 'exact-scan':
      return `found by the exact scan: ${evidence.reason}`;
    case 'past-item':
      return `seen together with ${names?.ad(evidence.adId) ?? evidence.adId} (similarity ${figure(evidence.similarity, 3)}, ${Math.round(evidence.share * 100)} % of its score)`;
    case 'matched-query':
      return `searched "${evidence.query}": matches ${evidence.terms.join(', ')} (bm25 ${evidence.bm25.toFixed(2)})`;
    case 'latest-browse':
      return `latest browse was in ${evidence.category}; ${evidence.count} behaviours with this ad there`;
    case 'category-count':
      return `${evidence.behaviours} behaviours in ${evidence.category}; ${evidence.count} with this ad`;
    case 'preset-position':
      return `number ${evidence.position} of the operator's list`;
    case 'popularity':
      return `${evidence.count} behaviours of all users`;
  }
};
