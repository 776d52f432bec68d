import { t } from '../../base/texts.ts';
import type { ActionRecord } from './action.ts';
import { followDetail } from '../ask.ts';
import { filterIssue } from '../filtering.ts';
import { inputOf, type TextInput } from '../prompt/input.ts';
import { moveRowTo } from '../chosen-lists.ts';
import { listOfDetail, shownIndexes } from '../detail-list.ts';
import { moveMatch } from '../moves.ts';
import { currentAds, shownEvents } from '../select.ts';
import { needsList } from './needs.ts';
import { only, type AppState, type Step } from '../state.ts';
import type { Prompt, ListName } from '../types.ts';

/** The list that has the keys; null where what has them is none. */
const listWithKeys = (state: Pick<AppState, 'focus' | 'detail'>): ListName | null => {
  if (state.focus === 'behaviour' || state.focus === 'recall') return state.focus;
  return state.focus === 'detail' ? (listOfDetail(state)?.kind ?? null) : null;
};

/** The list a filter typed now narrows. */
export const listInFocus = (state: Pick<AppState, 'focus' | 'detail'>): ListName => listWithKeys(state) ?? 'recall';

/** What is selected in the list, and the rows it shows, by id; a list in the detail's place tells its rows apart by index. */
const selectedIn = (
  state: AppState,
  list: ListName,
): { readonly id: string | null; readonly ids: readonly string[] } => {
  if (list === 'behaviour') return { id: state.selectedEvent, ids: shownEvents(state).map((e) => e.eventId) };
  if (list === 'recall') return { id: state.selectedAd, ids: currentAds(state).map((ad) => ad.adId) };
  return { id: String(listOfDetail(state)?.row ?? 0), ids: shownIndexes(state).map(String) };
};

const select = (state: AppState, list: ListName, id: string | null): Step => {
  if (list === 'behaviour') return only({ ...state, selectedEvent: id });
  if (list === 'recall') return followDetail({ ...state, selectedAd: id });
  const inDetail = listOfDetail(state);
  return inDetail === null || id === null ? only(state) : moveRowTo(state, inDetail, Number(id));
};

/** What is selected is among the rows shown, where there are any: `held` if it is, else as it was, else the first. */
const onShown = (state: AppState, list: ListName, held: string | null): Step => {
  const { id: before, ids } = selectedIn(state, list);
  const to = [held, before].find((id) => id !== null && ids.includes(id)) ?? ids[0] ?? before;
  return to === before ? only(state) : select(state, list, to);
};

/** Narrows a list; an empty text shows all of it again. */
export const setFilter = (state: AppState, list: ListName, text: string, held: string | null = null): Step => {
  const filters = Object.fromEntries([
    ...Object.entries(state.filters).filter(([name]) => name !== list),
    ...(text.trim() === '' ? [] : [[list, text]]),
  ]);
  return onShown({ ...state, filters }, list, held);
};

/** The list narrows as one types, by what can be read; what cannot yet is said. */
export const typedFilter = (state: AppState, prompt: Prompt, input: TextInput): Step => {
  const list = listInFocus(state);
  const issue = filterIssue(list, input.value);
  return setFilter(
    { ...state, prompt: { ...prompt, input, error: issue === null ? null : { ...issue, length: 1 } } },
    list,
    input.value,
    prompt.held ?? null,
  );
};

/** Esc: the whole list again; in the line, with what was selected before it. */
export const dropFilter = (state: AppState): Step =>
  setFilter({ ...state, prompt: null }, listInFocus(state), '', state.prompt?.held ?? null);

/** A filter stands on the list that has the keys. */
export const hasFilter = (state: AppState): boolean => {
  const list = listWithKeys(state);
  return list !== null && state.filters[list] !== undefined;
};

const openFilter = (state: AppState): Step => {
  const focused: AppState = listWithKeys(state) === null ? { ...state, focus: 'recall' } : state;
  const list = listInFocus(focused);
  const input = inputOf(state.filters[list] ?? '');
  const held = selectedIn(focused, list).id;
  return only({
    ...focused,
    message: null,
    prompt: {
      kind: 'filter',
      input,
      error: null,
      picks: [],
      picked: -1,
      recalled: null,
      menu: null,
      search: null,
      held,
    },
  });
};

export const filterActions: readonly ActionRecord[] = [
  {
    id: 'next-match',
    title: () => t('Next match of the filter'),
    keys: ['n'],
    where: ['recall', 'behaviour', 'detail'],
    active: hasFilter,
    run: (s) => moveMatch(s, 1),
  },
  {
    id: 'previous-match',
    title: () => t('Previous match of the filter'),
    keys: ['N'],
    where: ['recall', 'behaviour', 'detail'],
    active: hasFilter,
    run: (s) => moveMatch(s, -1),
  },
  {
    id: 'filter',
    title: () => t("Filter this list: words, 'exact, !not, cat:音箱 engaged:yes price:<100"),
    short: () => t('filter'),
    keys: ['/'],
    where: ['main'],
    footer: 41,
    when: needsList,
    run: openFilter,
  },
];
