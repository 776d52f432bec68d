import type { AudienceData } from '../../../answers/why.ts';
import { t, tn } from '../../../base/texts.ts';
import type { AudienceMember, ChannelReach, SegmentReach } from '../../../engine/audience.ts';
import { bar } from '../../text/bars.ts';
import { count, percent, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const shown = 20;

const headline = (data: AudienceData): string => {
  const { adId, title, reached, users, share, sample, failed } = data;
  const figures = {
    ad: `${adId} ${title}`,
    reached: count(reached),
    users: plural(users, 'user'),
    share: percent(share),
  };
  const recalled =
    sample.users < sample.of
      ? t('{ad}: recalled for {reached} of {users} (a sample of {all}, seed {seed}), {share}.', {
          ...figures,
          all: count(sample.of),
          seed: sample.seed,
        })
      : t('{ad}: recalled for {reached} of {users}, {share}.', figures);
  if (failed === 0) return recalled;
  return `${recalled} ${tn(failed, '{n} query failed.', '{queries} queries failed.', { queries: count(failed) })}`;
};

const segments = (rows: readonly SegmentReach[], width: number, ascii: boolean): Line[] => {
  const most = Math.max(0, ...rows.map((r) => r.share));
  return rows.length === 0
    ? []
    : [
        blank,
        ...table(
          [
            { title: t('segment'), min: 8, max: 30, cell: (r: SegmentReach) => `${r.field} ${r.value}` },
            { title: t('users'), align: 'right', cell: (r) => count(r.users) },
            { title: t('reached'), align: 'right', cell: (r) => count(r.reached) },
            { title: t('share'), align: 'right', cell: (r) => percent(r.share) },
            { title: '', drop: 1, cell: (r) => span(bar(r.share, most, 24, ascii), 'accent') },
          ],
          rows,
          width,
        ),
      ];
};

export const audienceView = (data: AudienceData, width: number, options: ViewOptions = {}, height?: number): Line[] =>
  fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...table(
        [
          { title: t('channel'), cell: (c: ChannelReach) => c.channel },
          { title: t('found for'), align: 'right', cell: (c) => count(c.found) },
          { title: t('placed for'), align: 'right', cell: (c) => count(c.placed) },
        ],
        data.channels,
        width,
      ),
      ...segments(data.segments, width, options.ascii === true),
      ...(data.members.length === 0
        ? []
        : [
            blank,
            ...table(
              [
                { title: t('rank'), align: 'right', cell: (m: AudienceMember) => String(m.rank) },
                { title: t('user'), min: 8, flex: 1, cell: (m) => m.userId },
                { title: t('via'), cell: (m) => m.via },
              ],
              data.members.slice(0, shown),
              width,
            ),
          ]),
      ...(data.members.length > shown
        ? [[span(t('… {count} more', { count: count(data.members.length - shown) }), 'dim')]]
        : []),
    ],
    width,
    height,
  );
