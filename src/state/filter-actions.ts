import type { Action } from './actions.ts';
import { followDetail } from './ask.ts';
import { filterIssue } from './filtering.ts';
import { inputOf, type TextInput } from './input.ts';
import { moveMatch } from './moves.ts';
import { currentAds, shownEvents } from './shown.ts';
import { only, type AppState, type ListName, type Prompt, type Step } from './state.ts';

/** The list that has the keys; the recalled list where none has. */
export const listInFocus = ({ focus }: Pick<AppState, 'focus'>): ListName => (focus === 'behaviour' ? 'behaviour' : 'recall');

/** What is selected is among the rows shown, where there are any: `held` if it is, else as it was, else the first. */
const onShown = (state: AppState, list: ListName, held: string | null): Step => {
  const ids = list === 'behaviour' ? shownEvents(state).map((e) => e.eventId) : currentAds(state).map((ad) => ad.adId);
  const before = list === 'behaviour' ? state.selectedEvent : state.selectedAd;
  const to = [held, before].find((id) => id !== null && ids.includes(id)) ?? ids[0] ?? before;
  if (to === before) return only(state);
  return list === 'behaviour' ? only({ ...state, selectedEvent: to }) : followDetail({ ...state, selectedAd: to });
};

/** Narrows a list; an empty text shows all of it again. */
export const setFilter = (state: AppState, list: ListName, text: string, held: string | null = null): Step => {
  const filters = Object.fromEntries([...Object.entries(state.filters).filter(([name]) => name !== list), ...(text.trim() === '' ? [] : [[list, text]])]);
  return onShown({ ...state, filters }, list, held);
};

/** The list narrows as one types, by what can be read; what cannot yet is said. */
export const typedFilter = (state: AppState, prompt: Prompt, input: TextInput): Step => {
  const list = listInFocus(state);
  const issue = filterIssue(list, input.value);
  return setFilter({ ...state, prompt: { ...prompt, input, error: issue === null ? null : { ...issue, length: 1 } } }, list, input.value, prompt.held ?? null);
};

/** Esc: the whole list again; in the line, with what was selected before it. */
export const dropFilter = (state: AppState): Step => setFilter({ ...state, prompt: null }, listInFocus(state), '', state.prompt?.held ?? null);

export const hasFilter = (state: AppState): boolean => state.filters[listInFocus(state)] !== undefined;

const openFilter = (state: AppState): Step => {
  const focused: AppState = state.focus === 'behaviour' ? state : { ...state, focus: 'recall' };
  const list = listInFocus(focused);
  const input = inputOf(state.filters[list] ?? '');
  const held = list === 'behaviour' ? state.selectedEvent : state.selectedAd;
  return only({ ...focused, message: null, prompt: { kind: 'filter', input, error: null, picks: [], picked: -1, recalled: null, menu: null, search: null, held } });
};

const listed = (state: AppState): true | string => (state.query === null ? 'there is no list yet' : true);

export const filterActions: readonly Action[] = [
  { id: 'next-match', title: 'The next match, while a filter stands (else why not); from the last to the first', keys: ['n'], where: ['recall', 'behaviour'], active: hasFilter, run: (s) => moveMatch(s, 1) },
  { id: 'previous-match', title: 'The match before', keys: ['N'], where: ['recall', 'behaviour'], active: hasFilter, run: (s) => moveMatch(s, -1) },
  { id: 'filter', title: 'Filter this list: words, \'exact, !not, cat:音箱 engaged:yes price:<100', short: 'filter', keys: ['/'], where: ['main'], footer: 41, when: listed, run: openFilter },
];
