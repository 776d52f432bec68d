import type { EventRow, EventsData } from '../../../answers/look.ts';
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
    ...(e.peerId === null ? [] : [`with ${e.peerId}`]),
  ].join(' ');

const headline = ({ user, total, asOf, byKind, friends }: EventsData): string => {
  const named = Object.entries(byKind).slice(0, 4);
  const others = total - named.reduce((sum, [, n]) => sum + n, 0);
  const kinds = [...named.map(([kind, n]) => `${n} ${kind}`), ...(others > 0 ? [`${others} of other kinds`] : [])];
  if (total === 0) return `${user.userId} did nothing before ${instant(asOf)}; ${plural(friends, 'friend')}.`;
  return `${user.userId}: ${plural(total, 'event')} before ${instant(asOf)} (${and(kinds)}), ${plural(friends, 'friend')}.`;
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
      { title: 'time (UTC)', cell: timeOf(events) },
      { title: 'kind', max: 12, cell: (e) => e.kind },
      { title: 'what', min: 12, flex: 1, cell: (e) => (e.excluded ? span(`${what(e)} (excluded)`, 'warn') : what(e)) },
      {
        title: 'group',
        max: 12,
        drop: 1,
        cell: (e) => (e.group === null ? span(options.ascii === true ? '-' : '–', 'dim') : e.groups.join(' ')),
      },
      { title: 'age', align: 'right', drop: 3, cell: (e) => span(ago(e.ageMs), 'dim') },
      { title: 'event', max: 14, drop: 2, cell: (e) => span(e.eventId, 'dim') },
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
      [span(sparkline(data.perDay, options.ascii), 'accent'), span(` ${data.perDay.length} days`, 'dim')],
      ...(data.events.length === 0 ? [] : [blank, ...timeline(data.events, width, options)]),
      ...(hidden > 0 ? [text(`… ${hidden} older`, 'dim')] : []),
      ...(data.engaged.length === 0
        ? []
        : [
            blank,
            text(`Afterwards (${data.engaged.length})`, 'bold'),
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
