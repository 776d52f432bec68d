import type { EventRow, EventsData } from '../../../answers/look.ts';
import { t } from '../../../base/texts.ts';
import { instant, plural, utc, utcShort } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { sparkline } from '../../text/sparkline.ts';
import { table } from '../../text/table.ts';
import { attributesText } from './users-view.ts';
import { ago, and, didIt, sentence } from '../../text/sentences.ts';

const what = (e: Pick<EventRow, 'query' | 'title' | 'adId' | 'peerId'>): string =>
  [
    ...(e.query === null ? [] : [`“${e.query}”`]),
    ...(e.adId === null ? [] : [e.title ?? e.adId]),
    ...(e.peerId === null ? [] : [t('with {user}', { user: e.peerId })]),
  ].join(' ');

const headline = ({ user, total, asOf, byKind, friends }: EventsData): string => {
  const named = Object.entries(byKind).slice(0, 4);
  const others = total - named.reduce((sum, [, n]) => sum + n, 0);
  const kinds = [
    ...named.map(([kind, n]) => `${n} ${kind}`),
    ...(others > 0 ? [t('{count} of other kinds', { count: others })] : []),
  ];
  const places = { user: user.userId, asOf: instant(asOf), friends: plural(friends, 'friend') };
  return total === 0
    ? t('{user}: no event before {asOf}, {friends}.', places)
    : t('{user}: {events} before {asOf} ({kinds}), {friends}.', {
        ...places,
        events: plural(total, 'event'),
        kinds: and(kinds),
      });
};

/** Times without the year where all are of one. */
const timeOf = (events: readonly EventRow[]): ((event: EventRow) => string) => {
  const years = new Set(events.map((e) => utc(e.at).slice(0, 4)));
  return years.size > 1 ? (e) => utc(e.at) : (e) => utcShort(e.at);
};

/** The timeline: newest first, with the group that reads each event; a knocked-out event says so. */
export const timeline = (events: readonly EventRow[], width: number, options: ViewOptions = {}): Line[] =>
  table(
    [
      { title: t('time (UTC)'), cell: timeOf(events) },
      { title: t('kind'), max: 12, cell: (e) => e.kind },
      {
        title: t('object'),
        min: 12,
        flex: 1,
        cell: (e) => (e.excluded ? span(t('{event} (knocked out)', { event: what(e) }), 'warn') : what(e)),
      },
      {
        title: t('group'),
        max: 12,
        drop: 1,
        cell: (e) => (e.group === null ? span(options.ascii === true ? '-' : '–', 'dim') : e.groups.join(' ')),
      },
      { title: t('age'), align: 'right', drop: 3, cell: (e) => span(ago(e.ageMs), 'dim') },
      { title: t('event'), max: 14, drop: 2, cell: (e) => span(e.eventId, 'dim') },
    ],
    events,
    width,
  );

/** Profile, 30 days at a glance, timeline, and what came after as-of. */
export const eventsView = (data: EventsData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const attributes = attributesText(data.user.attributes);
  const hidden = data.total - data.events.length;
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...(attributes === '' ? [] : sentence(attributes, width, 'dim')),
      [span(sparkline(data.perDay, options.ascii), 'accent'), span(` ${plural(data.perDay.length, 'day')}`, 'dim')],
      ...(data.events.length === 0 ? [] : [blank, ...timeline(data.events, width, options)]),
      ...(hidden > 0 ? [text(t('… {count} older', { count: hidden }), 'dim')] : []),
      ...(data.engaged.length === 0
        ? []
        : [
            blank,
            text(t('Engaged with after as-of ({count})', { count: data.engaged.length }), 'bold'),
            ...table(
              [
                { title: '', cell: (e: EventsData['engaged'][number]) => utcShort(e.at) },
                { title: '', cell: (e) => span(didIt(e.kind), 'good') },
                { title: '', min: 10, flex: 1, cell: (e) => e.title ?? e.adId },
                { title: '', drop: 1, cell: (e) => span(e.adId, 'dim') },
              ],
              data.engaged,
              width,
              { bare: true },
            ),
          ]),
    ],
    width,
    height,
  );
};
