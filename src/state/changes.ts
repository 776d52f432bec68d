import { t } from '../base/texts.ts';
import type { RecallQuery } from '../domain/query.ts';
import { requery } from './ask.ts';
import { chosenKnob, withKnob, withOrder } from './sliders.ts';
import { currentList, sameQuery } from './select.ts';
import { only, type AppState, type Step } from './state.ts';
import { withTrial } from './trials.ts';
import { byCodeUnit } from '../base/order.ts';
import type { HypotheticalEvent } from '../domain/events.ts';

const keptSteps = 500;

/** The current query goes to the ones undo gives back. */
export const remembered = ({ changes, query }: AppState): AppState['changes'] =>
  query === null ? changes : { past: [...changes.past, query].slice(-keptSteps), future: [] };

/**
 * Another query; undo gives back this one. The mode is how one looks, not a change. `knob`: further changes by the
 * same one are one trial. `isNew`: false where it is one that was tried before.
 */
export const changeQuery = (
  state: AppState,
  query: RecallQuery,
  { knob = null, isNew = true }: { readonly knob?: string | null; readonly isNew?: boolean } = {},
): Step =>
  state.query === null
    ? only(state)
    : requery(
        {
          ...state,
          changes: remembered(state),
          trials: isNew ? withTrial(state, query, knob) : state.trials,
          message: null,
        },
        query,
      );

export const undo = (state: AppState): Step => {
  const { past, future } = state.changes;
  const query = past.at(-1);
  if (query === undefined || state.query === null) return only(state);
  const changes = { past: past.slice(0, -1), future: [state.query, ...future] };
  return requery({ ...state, changes }, { ...query, mode: state.mode });
};

export const redo = (state: AppState): Step => {
  const { past, future } = state.changes;
  const query = future[0];
  if (query === undefined || state.query === null) return only(state);
  const changes = { past: [...past, state.query], future: future.slice(1) };
  return requery({ ...state, changes }, { ...query, mode: state.mode });
};

/** What movement is measured against from now on: the list as it stands. */
export const pin = (state: AppState): Step =>
  only({
    ...state,
    baseline: currentList(state),
    message: { text: t('list pinned: movement is measured against it'), tone: 'plain' },
  });

/** The value of the slider that has the keys. */
export const setKnob = (state: AppState, value: number): Step => {
  const { query, mode } = state;
  const knob = chosenKnob(state);
  if (query === null || knob === null) return only(state);
  const next = withKnob(query, mode, knob, value);
  return sameQuery(next, query) ? only(state) : changeQuery(state, next, { knob: knob.id });
};

export const nudgeKnob = (state: AppState, by: 'step' | 'leap', sign: 1 | -1): Step => {
  const knob = chosenKnob(state);
  return knob === null ? only(state) : setKnob(state, knob.value + sign * knob[by]);
};

/** A weight as trained; a quota as it is in the pinned list. */
export const restoreKnob = (state: AppState): Step => {
  const knob = chosenKnob(state);
  return knob === null ? only(state) : setKnob(state, knob.place === null ? 1 : knob.pinned);
};

/** The chosen channel earlier (−1) or later (1) in the order of the merge. */
export const moveChannel = (state: AppState, by: number): Step => {
  const knob = chosenKnob(state);
  const next = state.query === null || knob === null ? null : withOrder(state.query, state.mode, knob, by);
  return next === null || knob === null
    ? only(state)
    : changeQuery({ ...state, selectedSlider: knob.id }, next, { knob: `order:${knob.id}` });
};

/** All weights as trained; quotas and order as the user was opened with. */
export const resetWeights = (state: AppState): Step => {
  const { query, openedQuery } = state;
  if (query === null) return only(state);
  const weights = Object.fromEntries(Object.keys(query.weights).map((group) => [group, 1]));
  const { rules, merge } = openedQuery ?? query;
  const next = { ...query, weights, rules: { ...query.rules, order: rules.order, quota: rules.quota }, merge };
  return sameQuery(next, query) ? only(state) : changeQuery(state, next);
};

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
