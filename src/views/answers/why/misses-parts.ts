import { t } from '../../../base/texts.ts';
import type { MissPart } from '../../../domain/miss-parts.ts';
import { bar } from '../../text/bars.ts';
import { count, percent } from '../../text/figures.ts';
import { blank, span, type Line } from '../../text/line.ts';
import { reasonText } from './misses-reason.ts';
import { sentence } from '../../text/sentences.ts';
import { table } from '../../text/table.ts';

const shownValues = 6;
const shownReasons = 3;

const reasonsText = ({ reasons, pairs }: MissPart): string =>
  reasons
    .slice(0, shownReasons)
    .map((one) => `${reasonText(one)} ${percent(one.pairs / pairs)}`)
    .join(' · ');

const partTable = (field: string, parts: readonly MissPart[], width: number, ascii: boolean): Line[] =>
  table<MissPart>(
    [
      { title: field, min: 8, max: 34, flex: 1, cell: ({ value }) => (value === '' ? t('none') : value) },
      { title: t('ads'), align: 'right', cell: ({ pairs }) => count(pairs) },
      { title: t('in the list'), align: 'right', cell: ({ share }) => percent(share, { decimals: 1 }) },
      {
        title: t('95 %'),
        align: 'right',
        drop: 1,
        cell: ({ ci95: { low, high } }) =>
          span(
            t('{low} to {high}', { low: percent(low, { decimals: 0 }), high: percent(high, { decimals: 0 }) }),
            'dim',
          ),
      },
      { title: '', drop: 2, cell: ({ share }) => span(bar(share, 1, 10, ascii), 'accent') },
      { title: t('lost'), flex: 2, min: 16, cell: (part) => span(reasonsText(part), 'dim') },
    ],
    parts.slice(0, shownValues),
    width,
  );

/** A table a field: segments, category, age, popularity; those with most misses first. */
export const partLines = (parts: readonly MissPart[], width: number, ascii: boolean): Line[] => {
  // An attribute of users may be called as a field of ads is.
  const firsts = parts.filter(
    (part, i) => parts.findIndex(({ by, field }) => by === part.by && field === part.field) === i,
  );
  return firsts.flatMap(({ by, field }): Line[] => {
    const own = parts.filter((part) => part.by === by && part.field === field);
    return [
      blank,
      ...partTable(field, own, width, ascii),
      ...(own.length > shownValues
        ? sentence(t('… and {n} more (--json has all)', { n: own.length - shownValues }), width, 'dim')
        : []),
    ];
  });
};
