import type { HypotheticalEvent } from '../domain/events.ts';
import { byCodeUnit } from '../base/order.ts';
import { changeQuery } from './changes.ts';
import { only, type AppState, type Step } from './state.ts';

/** The selected behaviour out of the query, or back into it. It keeps its slot: nothing older moves up. */
export const toggleEvent = (state: AppState): Step => {
  const { query, behaviour } = state;
  const eventId = state.selectedEvent ?? behaviour?.data.events[0]?.eventId;
  if (query === null || eventId === undefined) return only(state);
  const out = query.excludedEvents;
  const excludedEvents = out.includes(eventId)
    ? out.filter((id) => id !== eventId)
    : [...out, eventId].sort(byCodeUnit);
  return changeQuery({ ...state, selectedEvent: eventId }, { ...query, excludedEvents });
};

/** A behaviour that never happened, just before as-of. */
export const addEvent = (state: AppState, event: Omit<HypotheticalEvent, 'at'>): Step => {
  const { query } = state;
  return query === null
    ? only(state)
    : changeQuery(state, { ...query, extraEvents: [...query.extraEvents, { ...event, at: query.asOf - 1 }] });
};

export const hasWhatIf = ({ query }: AppState): boolean =>
  query !== null && query.excludedEvents.length + query.extraEvents.length > 0;

/** The behaviour as it was. */
export const clearWhatIf = (state: AppState): Step =>
  state.query === null || !hasWhatIf(state)
    ? only(state)
    : changeQuery(state, { ...state.query, excludedEvents: [], extraEvents: [] });
