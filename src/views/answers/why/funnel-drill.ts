import type { FunnelData, FunnelUser } from '../../../answers/funnel.ts';
import { t } from '../../../base/texts.ts';
import { count, figure, plural } from '../../text/figures.ts';
import { blank, span, text, type Line } from '../../text/line.ts';
import { lossText } from '../../text/losses.ts';
import { hanging } from '../../text/sentences.ts';
import { table } from '../../text/table.ts';

/** The users of one reason, nearest first, each with the line of their why-not. */
export const drillLines = (data: FunnelData, width: number): Line[] => {
  const { drill, subject, titles } = data;
  if (drill === null) return [];
  const [first] = drill.rows;
  const several = subject.ads > 1;
  return [
    blank,
    text(
      t('{users} lost for this reason: {reason}', { users: plural(drill.users, 'user'), reason: drill.reason }),
      'bold',
    ),
    ...table<FunnelUser>(
      [
        { title: t('user'), min: 8, max: 24, cell: (row) => row.userId },
        ...(several
          ? [
              {
                title: t('ad'),
                flex: 1,
                min: 10,
                cell: (row: FunnelUser) => `${row.adId} ${titles[row.adId] ?? ''}`.trim(),
              },
            ]
          : []),
        { title: t('reason'), drop: 2, cell: (row) => lossText(row) },
        { title: t('channel'), drop: 1, cell: (row) => row.channel ?? '–' },
        {
          title: t('ranks missing'),
          align: 'right',
          cell: (row) => (row.rankMargin === null ? '–' : count(row.rankMargin)),
        },
        { title: t('score missing'), align: 'right', drop: 1, cell: (row) => figure(row.margin) },
        { title: t('ef needed'), align: 'right', drop: 3, cell: (row) => (row.ef === null ? '–' : count(row.ef)) },
        { title: '', drop: 4, cell: (row) => span(row.command, 'dim') },
      ],
      drill.rows,
      width,
    ),
    ...(drill.users > drill.rows.length
      ? [text(t('… {count} more', { count: count(drill.users - drill.rows.length) }), 'dim')]
      : []),
    ...(first === undefined ? [] : hanging(t('Why not, for the first:'), first.command, width, { label: 'dim' })),
  ];
};
