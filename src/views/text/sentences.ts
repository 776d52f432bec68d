import type { ChannelHit, Evidence } from '../../domain/result.ts';
import { age, figure, plural } from './figures.ts';
import { wrapCells } from './cells.ts';
import { text, type Line, type Style } from './line.ts';

/** A sentence on as many lines as it needs. */
export const sentence = (content: string, width: number, style?: Style): Line[] =>
  wrapCells(content, width).map((l) => text(l, style));

/** `model 1 · keyword 4` */
export const hitsText = (hits: readonly ChannelHit[]): string => hits.map((h) => `${h.channel} ${h.rank}`).join(' · ');

/** What a channel points at, in words. */
export const evidenceText = (evidence: Evidence): string => {
  switch (evidence.type) {
    case 'ann':
      return `index at ef ${evidence.ef}`;
    case 'exact-scan':
      return `exact scan: ${evidence.reason}`;
    case 'past-item':
      return `bought or seen with ${evidence.adId} (${evidence.eventId}), similarity ${figure(evidence.similarity)}`;
    case 'matched-query':
      return `searched “${evidence.query}” (${evidence.eventId}), words ${evidence.terms.join(' ')}, bm25 ${evidence.bm25.toFixed(2)}`;
    case 'latest-browse':
      return `latest browse in ${evidence.category} (${evidence.eventId}), ${plural(evidence.count, 'behaviour')} on the ad`;
    case 'category-count':
      return `${plural(evidence.behaviours, 'behaviour')} in ${evidence.category}, ${evidence.count} on the ad`;
    case 'preset-position':
      return `position ${evidence.position} of the operator’s list`;
    case 'popularity':
      return `${plural(evidence.count, 'behaviour')} on the ad`;
  }
};

const past: Readonly<Record<string, string>> = {
  click: 'clicked',
  purchase: 'bought',
  view: 'viewed',
  cart: 'put in cart',
  favourite: 'favoured',
  share: 'shared',
  search: 'searched',
  redeem: 'redeemed',
};

/** `purchase` → `bought`; a kind without a word of its own stays as it is. */
export const didIt = (kind: string): string => past[kind] ?? kind;

/** `3 d ago` */
export const ago = (ms: number | null): string => (ms === null ? '–' : ms < 0 ? `in ${age(-ms)}` : `${age(ms)} ago`);

/** `a, b and c` */
export const and = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
