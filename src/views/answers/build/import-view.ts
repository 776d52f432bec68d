import type { ImportData } from '../../../answers/build.ts';
import { t } from '../../../base/texts.ts';
import { mappingText } from './mapping-text.ts';
import { count, plural } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { and, sentence } from '../../text/sentences.ts';

interface FileRow {
  readonly file: string;
  readonly read: number;
  readonly kept: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly firstLines: Readonly<Record<string, number>>;
  readonly emptied: Readonly<Record<string, number>>;
}

const rejectedOf = (row: FileRow): number => Object.values(row.rejected).reduce((a, b) => a + b, 0);

const headline = ({ name, counts, rows }: ImportData): string => {
  const rejected = rows.reduce((sum, row) => sum + rejectedOf(row), 0);
  const parts = [
    plural(counts.users, 'user'),
    plural(counts.ads, 'ad'),
    plural(counts.events, 'event'),
    ...(counts.friends === 0 ? [] : [plural(counts.friends, 'friend link')]),
  ];
  const places = { workspace: name, rows: and(parts) };
  return rejected === 0
    ? t('Imported {workspace}: {rows}; no row rejected.', places)
    : t('Imported {workspace}: {rows}; {rejected} rejected (see rejects.jsonl).', {
        ...places,
        rejected: plural(rejected, 'row'),
      });
};

const reasons = (rows: readonly FileRow[], width: number): Line[] => {
  const all = rows.flatMap((row) =>
    Object.entries(row.rejected).map(([reason, n]) => ({
      file: row.file,
      reason,
      n,
      line: row.firstLines[reason] ?? null,
    })),
  );
  return all.length === 0
    ? []
    : [
        blank,
        ...table(
          [
            { title: t('rejected'), align: 'right', cell: (r: (typeof all)[number]) => span(count(r.n), 'warn') },
            { title: t('reason'), min: 10, flex: 1, cell: (r) => r.reason },
            { title: t('file'), max: 30, cell: (r) => r.file },
            { title: t('first line'), align: 'right', cell: (r) => (r.line === null ? '' : count(r.line)) },
          ],
          all,
          width,
        ),
      ];
};

/** Cells of optional columns that count as empty. */
const emptiedCells = (rows: readonly FileRow[], width: number): Line[] => {
  const all = rows.flatMap(({ file, emptied }) => Object.entries(emptied).map(([cell, n]) => ({ file, cell, n })));
  if (all.length === 0) return [];
  const columns = [
    { title: t('emptied'), align: 'right' as const, cell: (r: (typeof all)[number]) => span(count(r.n), 'warn') },
    { title: t('column: reason'), min: 10, flex: 1, cell: (r: (typeof all)[number]) => r.cell },
    { title: t('file'), max: 30, cell: (r: (typeof all)[number]) => r.file },
  ];
  return [blank, ...table(columns, all, width)];
};

export const importView = (data: ImportData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: t('file'), min: 8, flex: 1, cell: (r: FileRow) => r.file },
          { title: t('rows read'), align: 'right', cell: (r) => count(r.read) },
          { title: t('kept'), align: 'right', cell: (r) => count(r.kept) },
          {
            title: t('rejected'),
            align: 'right',
            cell: (r) => (rejectedOf(r) === 0 ? '' : span(count(rejectedOf(r)), 'warn')),
          },
        ],
        data.rows,
        width,
      ),
      ...reasons(data.rows, width),
      ...emptiedCells(data.rows, width),
      blank,
      ...sentence(
        data.syntheticTimes
          ? `${mappingText(data)} ${t('The order of events is real, their times are synthetic.')}`
          : mappingText(data),
        width,
      ),
      ...data.decisions.flatMap((d) => sentence(d, width, 'dim')),
      blank,
      text(t('Next: {command}', { command: data.next }), 'accent'),
    ],
    width,
    height,
  );
