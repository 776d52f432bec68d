import type { ImportData } from '../../../answers/build.ts';
import { count, instant, plural } from '../../text/figures.ts';
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
  return `Imported ${name}: ${and(parts)}; ${rejected === 0 ? 'no row rejected' : `${plural(rejected, 'row')} rejected, kept apart in rejects.jsonl`}.`;
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
            { title: 'rejected', align: 'right', cell: (r: (typeof all)[number]) => span(count(r.n), 'warn') },
            { title: 'reason', min: 10, flex: 1, cell: (r) => r.reason },
            { title: 'file', max: 30, cell: (r) => r.file },
            { title: 'first line', align: 'right', cell: (r) => (r.line === null ? '' : count(r.line)) },
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
    { title: 'left empty', align: 'right' as const, cell: (r: (typeof all)[number]) => span(count(r.n), 'warn') },
    { title: 'column: reason', min: 10, flex: 1, cell: (r: (typeof all)[number]) => r.cell },
    { title: 'file', max: 30, cell: (r: (typeof all)[number]) => r.file },
  ];
  return [blank, ...table(columns, all, width)];
};

export const importView = (data: ImportData, width: number, _options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: 'file', min: 8, flex: 1, cell: (r: FileRow) => r.file },
          { title: 'rows read', align: 'right', cell: (r) => count(r.read) },
          { title: 'kept', align: 'right', cell: (r) => count(r.kept) },
          {
            title: 'rejected',
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
        `Groups: ${data.groups.map((g) => `${g.group}${g.kinds.length === 0 ? '' : ` (${g.kinds.join(' ')})`}`).join(', ')}. Engagement: ${and(data.engagementKinds)}. As of ${data.asOf === null ? 'each user’s last event' : instant(data.asOf)}.${data.syntheticTimes ? ' The order is real, the times are not.' : ''}`,
        width,
      ),
      ...data.decisions.flatMap((d) => sentence(d, width, 'dim')),
      blank,
      text(`Next: ${data.next}`, 'accent'),
    ],
    width,
    height,
  );
