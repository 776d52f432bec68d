import { t } from '../../base/texts.ts';
import { count } from '../text/figures.ts';
import { span, type Line } from '../text/line.ts';
import { sentence } from '../text/sentences.ts';

/** `12 of 100 /cat:音箱` at the right of a list's frame. */
export const filterNote = (shown: number, all: number, filter: string): Line => [
  span(t('{n} of {total}', { n: count(shown), total: count(all) }), 'warn'),
  span(` /${filter}`),
];

/** No row of `rows`, such as `100 ads`, is left by the filter. */
export const noMatch = (rows: string, filter: string, width: number): Line[] =>
  sentence(t('No match for /{filter} in {rows}. / changes the filter, Esc clears it.', { filter, rows }), width);
