import type { AudienceData } from '../../../answers/why.ts';
import type { AudienceMember, ChannelReach, SegmentReach } from '../../../engine/audience.ts';
import { bar } from '../../text/bars.ts';
import { count, percent, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { table } from '../../text/table.ts';
import { sentence } from '../../text/sentences.ts';

const shown = 20;

const headline = (data: AudienceData): string => {
  const { adId, title, reached, users, share, sample, failed } = data;
  const drawn = sample.users < sample.of ? ` (a sample of ${count(sample.of)}, seed ${sample.seed})` : '';
  return `${adId} ${title}: recalled for ${count(reached)} of ${plural(users, 'user')}${drawn}, ${percent(share)}.${failed === 0 ? '' : ` ${plural(failed, 'query', 'queries')} could not be answered.`}`;
};

const segments = (rows: readonly SegmentReach[], width: number, ascii: boolean): Line[] => {
  const most = Math.max(0, ...rows.map((r) => r.share));
  return rows.length === 0
    ? []
    : [
        blank,
        ...table(
          [
            { title: 'segment', min: 8, max: 30, cell: (r: SegmentReach) => `${r.field} ${r.value}` },
            { title: 'users', align: 'right', cell: (r) => count(r.users) },
            { title: 'reached', align: 'right', cell: (r) => count(r.reached) },
            { title: 'share', align: 'right', cell: (r) => percent(r.share) },
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
          { title: 'channel', cell: (c: ChannelReach) => c.channel },
          { title: 'found for', align: 'right', cell: (c) => count(c.found) },
          { title: 'placed for', align: 'right', cell: (c) => count(c.placed) },
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
                { title: 'rank', align: 'right', cell: (m: AudienceMember) => String(m.rank) },
                { title: 'user', min: 8, flex: 1, cell: (m) => m.userId },
                { title: 'via', cell: (m) => m.via },
              ],
              data.members.slice(0, shown),
              width,
            ),
          ]),
      ...(data.members.length > shown ? [[span(`… ${count(data.members.length - shown)} more`, 'dim')]] : []),
    ],
    width,
    height,
  );
