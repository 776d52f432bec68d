import type { ChannelHit } from '../../domain/result.ts';
import { age } from './figures.ts';
import { wrapCells } from './cells.ts';
import { text, type Line, type Style } from './line.ts';

/** A sentence on as many lines as it needs. */
export const sentence = (content: string, width: number, style?: Style): Line[] =>
  wrapCells(content, width).map((l) => text(l, style));

/** `model 1 · keyword 4` */
export const hitsText = (hits: readonly ChannelHit[]): string => hits.map((h) => `${h.channel} ${h.rank}`).join(' · ');

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
