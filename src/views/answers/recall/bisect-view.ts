import type { BisectData } from '../../../answers/recall.ts';
import { count, figure, plural } from '../../text/figures.ts';
import { blank, span, type Line } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { and, sentence } from '../../text/sentences.ts';

type Row = BisectData['rows'][number];

const shown = 20;

const headline = ({ asked, changed, causes, rows }: BisectData): string => {
  const [only] = rows;
  if (changed === 0) return `No list differs for ${plural(asked, 'user')}.`;
  if (asked === 1 && only !== undefined) return `${only.userId}: ${only.verdict}.`;
  return `${count(changed)} of ${plural(asked, 'list')} differ. ${causes.map(({ title, users }) => `${title}: ${count(users)}`).join('; ')}.`;
};

/** What accounts for the difference of two workspaces' lists: the verdict, what differs at all, then user by user. */
export const bisectView = (data: BisectData, width: number): Line[] => [
  ...sentence(headline(data), width, 'bold'),
  ...sentence(
    data.differing.length === 0
      ? 'No artefact differs.'
      : `Artefacts that differ: ${and(data.differing.map(({ title }) => title))}.`,
    width,
  ),
  ...sentence(
    `a = ${data.a.dir}, b = ${data.b.dir}; ${plural(data.runs, 'recall')} run, ${plural(data.asked, 'user')} asked.`,
    width,
    'dim',
  ),
  ...(data.rows.length === 0
    ? []
    : [
        blank,
        ...table<Row>(
          [
            { title: 'user', min: 8, cell: (row) => row.userId },
            { title: 'RBO', align: 'right', cell: (row) => figure(row.rbo, 3) },
            { title: 'in', align: 'right', drop: 2, cell: (row) => count(row.entered) },
            { title: 'out', align: 'right', drop: 3, cell: (row) => count(row.left) },
            { title: 'moved', align: 'right', drop: 4, cell: (row) => count(row.moved) },
            { title: 'runs', align: 'right', drop: 1, cell: (row) => count(row.runs) },
            {
              title: 'accounts for it',
              min: 12,
              flex: 1,
              cell: (row) =>
                row.cause === null
                  ? span('nothing that could be swapped', 'bad')
                  : row.causes.map((set) => set.join(' + ')).join(' or '),
            },
          ],
          data.rows.slice(0, shown),
          width,
        ),
      ]),
];
