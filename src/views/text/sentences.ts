import { t } from '../../base/texts.ts';
import { cellWidth, wrapCells } from './cells.ts';
import { span, text, type Line, type Style } from './line.ts';
import { age } from './figures.ts';

/** A sentence on as many lines as it needs. */
export const sentence = (content: string, width: number, style?: Style): Line[] =>
  wrapCells(content, width).map((line) => text(line, style));

/** A label, then a text whose further lines hang under its first. */
export const hanging = (
  label: string,
  content: string,
  width: number,
  styles: { readonly label?: Style; readonly text?: Style } = {},
): Line[] => {
  const indent = cellWidth(label) + 1;
  const lines = wrapCells(content, Math.max(10, width - indent));
  return lines.map((line, i): Line => [
    span(i === 0 ? `${label} ` : ' '.repeat(indent), styles.label),
    span(line, styles.text),
  ]);
};

/** `model 1 · keyword 4`: the channels that found an ad, with the rank each gave. */
export const hitsText = (hits: ReadonlyArray<{ readonly channel: string; readonly rank: number }>): string =>
  hits.map((h) => `${h.channel} ${h.rank}`).join(' · ');

const past: Readonly<Record<string, () => string>> = {
  click: () => t('clicked'),
  purchase: () => t('bought'),
  view: () => t('viewed'),
  cart: () => t('put in cart'),
  favourite: () => t('favoured'),
  share: () => t('shared'),
  search: () => t('searched'),
  redeem: () => t('redeemed'),
};

/** `purchase` → `bought`; a kind without a word of its own stays as it is. */
export const didIt = (kind: string): string => past[kind]?.() ?? kind;

/** `3 d ago` */
export const ago = (ms: number | null): string =>
  ms === null ? '–' : ms < 0 ? t('in {time}', { time: age(-ms) }) : t('{time} ago', { time: age(ms) });

/** `a, b and c` */
export const and = (items: readonly string[]): string =>
  items.length < 2
    ? items.join('')
    : t('{items} and {last}', { items: items.slice(0, -1).join(', '), last: items.at(-1) ?? '' });
