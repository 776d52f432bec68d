import type { BisectData } from '../../../answers/recall.ts';
import { t, tn } from '../../../base/texts.ts';
import { count, figure, plural } from '../../text/figures.ts';
import { blank, span, type Line } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { and, sentence } from '../../text/sentences.ts';

type Row = BisectData['rows'][number];

const shown = 20;

/** Each set of causes on its own, the next as an alternative. */
const causesText = (causes: NonNullable<Row['causes']>): string =>
  causes.map((set) => set.join(' + ')).reduce((all, next) => t('{causes} or {next}', { causes: all, next }));

const headline = ({ asked, changed, causes, rows }: BisectData): string => {
  const [only] = rows;
  if (changed === 0) return t('No list differs ({users} compared).', { users: plural(asked, 'user') });
  if (asked === 1 && only !== undefined) return t('{user}: {verdict}.', { user: only.userId, verdict: only.verdict });
  return tn(changed, '{changed} of {lists} differs. {causes}.', '{changed} of {lists} differ. {causes}.', {
    changed: count(changed),
    lists: plural(asked, 'list'),
    causes: causes.map(({ title, users }) => `${title}: ${count(users)}`).join('; '),
  });
};

/** What accounts for the difference of two workspaces' lists: the verdict, what differs at all, then user by user. */
export const bisectView = (data: BisectData, width: number): Line[] => [
  ...sentence(headline(data), width, 'bold'),
  ...sentence(
    data.differing.length === 0
      ? t('No artefact differs.')
      : t('Artefacts that differ: {artefacts}.', { artefacts: and(data.differing.map(({ title }) => title)) }),
    width,
  ),
  ...sentence(
    t('a = {a}, b = {b}; {recalls} run for {users}.', {
      a: data.a.dir,
      b: data.b.dir,
      recalls: plural(data.runs, 'recall'),
      users: plural(data.asked, 'user'),
    }),
    width,
    'dim',
  ),
  ...(data.rows.length === 0
    ? []
    : [
        blank,
        ...table<Row>(
          [
            { title: t('user'), min: 8, cell: (row) => row.userId },
            { title: t('RBO'), align: 'right', cell: (row) => figure(row.rbo, 3) },
            { title: t('in'), align: 'right', drop: 2, cell: (row) => count(row.entered) },
            { title: t('out'), align: 'right', drop: 3, cell: (row) => count(row.left) },
            { title: t('moved'), align: 'right', drop: 4, cell: (row) => count(row.moved) },
            { title: t('runs'), align: 'right', drop: 1, cell: (row) => count(row.runs) },
            {
              title: t('cause'),
              min: 12,
              flex: 1,
              cell: (row) =>
                row.cause === null
                  ? span(t('unknown: no swapped artefact explains it'), 'bad')
                  : causesText(row.causes),
            },
          ],
          data.rows.slice(0, shown),
          width,
        ),
      ]),
];
