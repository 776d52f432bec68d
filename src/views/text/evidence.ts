import { fields, list, number, text } from '../../state/read.ts';
import type { Names } from './names.ts';
import { figure } from './figures.ts';

/** A channel's evidence in words: which query, which event, which count. */
export const evidenceText = (evidence: unknown, names?: Names): string => {
  const e = fields(evidence);
  switch (e['type']) {
    case 'ann':
      return `found by the index at ef ${number(e['ef'])}`;
    case 'exact-scan':
      return `found by the exact scan: ${text(e['reason'])}`;
    case 'past-item':
      return `seen together with ${names?.ad(text(e['adId'])) ?? text(e['adId'])} (similarity ${figure(number(e['similarity']), 3)}, ${Math.round(number(e['share']) * 100)} % of its score)`;
    case 'matched-query':
      return `searched "${text(e['query'])}": matches ${list(e['terms'])
        .map((t) => text(t))
        .join(', ')} (bm25 ${number(e['bm25']).toFixed(2)})`;
    case 'latest-browse':
      return `latest browse was in ${text(e['category'])}; ${number(e['count'])} behaviours with this ad there`;
    case 'category-count':
      return `${number(e['behaviours'])} behaviours in ${text(e['category'])}; ${number(e['count'])} with this ad`;
    case 'preset-position':
      return `number ${number(e['position'])} of the operator's list`;
    case 'popularity':
      return `${number(e['count'])} behaviours of all users`;
    default:
      return '';
  }
};
