import { t } from '../../base/texts.ts';
import type { EventRow, EventsData } from '../../answers/look.ts';
import { shownEvents } from '../../state/select.ts';
import { paneTitle } from '../../state/panes.ts';
import type { AppState } from '../../state/state.ts';
import { fitCells, truncateCells } from '../text/cells.ts';
import { count, plural, utcShort } from '../text/figures.ts';
import { fitLine, span, text, type Line } from '../text/line.ts';
import { selectedLine, windowStart } from './box.ts';
import { readingOf, still, type PaneView } from './pane.ts';
import { sentence } from '../text/sentences.ts';
import { sparkline, squeeze } from '../text/sparkline.ts';
import { filterNote, noMatch } from './filter.ts';
import { stripLines, type StripRead } from './strip.ts';

/** What the behaviour was about: the words, the ad's title, or the other user. */
const subject = (event: EventRow): string => event.query ?? event.title ?? event.adId ?? event.peerId ?? '';

/** A what-if of the query (domain/events). */
const isHypothetical = ({ eventId }: EventRow): boolean => eventId.startsWith('what-if:');

const eventLine = (event: EventRow, width: number, chosen: boolean): Line => {
  const kind = truncateCells(event.kind, 9).padEnd(9);
  const mark = event.excluded ? '✗' : chosen ? '▸' : isHypothetical(event) ? '+' : ' ';
  const line: Line = [
    span(`${mark}${isHypothetical(event) ? fitCells(t('what if'), 11) : utcShort(event.at)} `, 'dim'),
    span(kind, event.kind === 'search' ? 'accent' : undefined),
    span(` ${subject(event)}`, event.excluded ? 'dim' : undefined),
  ];
  return chosen ? selectedLine(line, width) : fitLine(line, width);
};

/** Rows below which the list of behaviours needs the room itself. */
const leastForStrip = 12;
const leastForSpark = 14;

const profile = (state: Pick<AppState, 'behaviour'>, width: number): Line[] => {
  const { behaviour } = state;
  if (behaviour === null) return [];
  const attributes = Object.entries(behaviour.data.user.attributes)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ');
  const friends = behaviour.data.friends > 0 ? plural(behaviour.data.friends, 'friend') : '';
  const said = [attributes, friends].filter((part) => part !== '').join(' · ');
  return said === '' ? [] : sentence(said, width, 'dim').slice(0, 2);
};

const spark = (state: Pick<AppState, 'behaviour'>, width: number, ascii: boolean): Line[] => {
  const { behaviour } = state;
  if (behaviour === null || behaviour.data.perDay.length === 0) return [];
  const days = squeeze(behaviour.data.perDay, Math.max(1, width - 10));
  return [
    [span(` ${sparkline(days, ascii)}`, 'accent'), span(`  ${plural(behaviour.data.perDay.length, 'day')}`, 'dim')],
  ];
};

/** What the pane is laid out from: of the query only its as-of, which a slider does not move. */
const readOf = ({ behaviour, selectedEvent, focus, eventTimes, filters, query, workspace }: AppState) => ({
  behaviour,
  selectedEvent,
  focused: focus === 'behaviour',
  eventTimes,
  filters,
  asOf: query?.asOf ?? null,
  calendar: workspace?.calendar ?? noCalendar,
});
type Read = ReturnType<typeof readOf>;
const noCalendar: StripRead['calendar'] = [];

/** Profile, the timeline newest first, and a sparkline of the last days. */
const listed = (state: Read, width: number, height: number, ascii: boolean): Line[] => {
  const { behaviour, selectedEvent } = state;
  if (behaviour === null) return [text(t('reading behaviours…'), 'dim')];
  const head = profile(state, width);
  const foot =
    state.eventTimes.length > 0 && height >= leastForSpark
      ? spark(state, width, ascii)
      : state.eventTimes.length > 0
        ? []
        : spark(state, width, ascii);
  if (behaviour.data.events.length === 0)
    return [
      ...head,
      ...sentence(
        t(
          "The user has no behaviour before as-of. Only channels that need none can answer: popular, priority, and the model's context and trend.",
        ),
        width,
      ),
    ];
  const room = Math.max(1, height - head.length - foot.length);
  const events = shownEvents(state);
  if (events.length === 0)
    return [
      ...head,
      ...noMatch(plural(behaviour.data.events.length, 'behaviour'), state.filters.behaviour ?? '', width),
    ];
  const row = Math.max(
    0,
    events.findIndex((e) => e.eventId === selectedEvent),
  );
  const from = windowStart(row, events.length, room);
  const chosen = state.focused ? events[row]?.eventId : selectedEvent;
  const rows = events.slice(from, from + room).map((e) => eventLine(e, width, e.eventId === chosen));
  return [...head, ...rows, ...Array.from({ length: room - rows.length }, (): Line => []), ...foot];
};

/** The same, and where as-of stands in all that the user did. */
const behaviourLines = (read: Read, width: number, height: number, ascii: boolean): Line[] => {
  const strip = height >= leastForStrip ? stripLines(read, width, ascii) : [];
  return [...listed(read, width, height - strip.length, ascii), ...strip];
};

/** `12 of 87` while a filter stands; the newest of a long history are listed. */
const behaviourNote = (state: AppState): Line =>
  state.filters.behaviour === undefined
    ? newestNote(state.behaviour?.data)
    : filterNote(shownEvents(state).length, state.behaviour?.data.events.length ?? 0, state.filters.behaviour);

const isWindow = (data: Pick<EventsData, 'events' | 'total'> | undefined): boolean =>
  data !== undefined && data.events.length < data.total;

const newestNote = (data: Pick<EventsData, 'events' | 'total'> | undefined): Line =>
  data === undefined || !isWindow(data)
    ? []
    : [span(t('{n} of {total}', { n: count(data.events.length), total: count(data.total) }), 'dim')];

const behaviourTitle = ({ behaviour }: AppState): Line => [
  span(paneTitle('behaviour'), 'bold'),
  span(behaviour === null || isWindow(behaviour.data) ? '' : ` ${behaviour.data.total}`, 'dim'),
];

export const behaviourView: PaneView = {
  title: behaviourTitle,
  note: behaviourNote,
  content: readingOf(readOf, (read, width, height, ascii) => still(behaviourLines(read, width, height, ascii))),
};
