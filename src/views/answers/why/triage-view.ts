import type { TriageData } from '../../../answers/triage.ts';
import { t } from '../../../base/texts.ts';
import { bar } from '../../text/bars.ts';
import { count, percent, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';
import { table } from '../../text/table.ts';

type Group = TriageData['groups'][number];

const headline = ({ rows, recalled, expected, failed }: TriageData): string => {
  const first = t('{pairs}: {recalled} in the list, {lost} not.', {
    pairs: plural(rows, 'pair'),
    recalled: count(recalled),
    lost: count(rows - recalled),
  });
  if (expected === 0) return first;
  return failed === 0
    ? `${first} ${t('All {expected} expectations hold.', { expected: count(expected) })}`
    : `${first} ${t('{failed} of {expected} expectations FAIL.', { failed: count(failed), expected: count(expected) })}`;
};

const fileText = ({ out, kept }: TriageData): string =>
  kept === 0
    ? t('The rows are in {file}.', { file: out ?? '' })
    : t('The rows are in {file}; {kept} of them were there already.', { file: out ?? '', kept: count(kept) });

const repairsText = ({ repairs }: Group): string =>
  Object.entries(repairs)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, n]) => `${kind} ${count(n)}`)
    .join(' · ');

const groups = (data: TriageData, width: number, ascii: boolean): Line[] => {
  const most = Math.max(1, ...data.groups.map(({ rows }) => rows));
  return table(
    [
      { title: t('cause'), cell: (g: Group) => span(g.group, g.group === 'recalled' ? 'good' : undefined) },
      { title: t('pairs'), align: 'right', cell: (g) => count(g.rows) },
      { title: '', align: 'right', drop: 2, cell: (g) => percent(g.rows / Math.max(1, data.rows)) },
      { title: '', min: 4, max: 20, drop: 3, cell: (g) => span(bar(g.rows, most, 20, ascii), 'accent') },
      ...(data.expected === 0
        ? []
        : [
            {
              title: t('failed'),
              align: 'right' as const,
              cell: (g: Group) => span(count(g.failed), g.failed > 0 ? 'bad' : 'dim'),
            },
          ]),
      ...(data.repairs ? [{ title: t('repairs'), min: 8, flex: 1, drop: 1, cell: repairsText }] : []),
      {
        title: t('example'),
        min: 10,
        flex: 1,
        drop: 4,
        cell: ({ example }) =>
          span(t('line {line}: {user} {ad}', { line: example.line, user: example.userId, ad: example.adId }), 'dim'),
      },
    ],
    data.groups,
    width,
  );
};

/** What the pairs come to: expectations, then the causes, most pairs first. */
export const triageView = (data: TriageData, width: number, options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...(data.out === null ? [] : sentence(fileText(data), width, 'dim')),
      ...(data.unreadable === 0
        ? []
        : sentence(
            t('{lines} cannot be read; their rows say why.', { lines: plural(data.unreadable, 'line') }),
            width,
            'warn',
          )),
      blank,
      ...groups(data, width, options.ascii === true),
    ],
    width,
    height,
  );
