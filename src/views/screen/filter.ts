import { count, plural } from '../text/figures.ts';
import { span, type Line } from '../text/line.ts';
import { sentence } from '../text/sentences.ts';

/** `12 of 100 /cat:音箱` at the right of a list's frame. */
export const filterNote = (shown: number, all: number, filter: string): Line => [
  span(`${count(shown)} of ${count(all)}`, 'warn'),
  span(` /${filter}`),
];

export const noMatch = (all: number, what: string, filter: string, width: number): Line[] =>
  sentence(`None of ${plural(all, what)} match /${filter}: / changes the filter, Esc clears it.`, width);
