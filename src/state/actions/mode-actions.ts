import { modes, type Mode } from '../../domain/query.ts';
import type { Action } from './action.ts';
import { keepSelection } from '../answers.ts';
import { askLists } from '../ask.ts';
import { isShown } from '../layout.ts';
import { shownAds } from '../select.ts';
import type { AppState, Step } from '../state.ts';

/** Shows the list of a mode: at once when it is known, else when it comes. Keys stay where they are as long as the list is seen. */
export const showMode = (state: AppState, mode: Mode): Step => {
  const lastSelected =
    state.selectedAd === null ? state.lastSelected : { ...state.lastSelected, [state.mode]: state.selectedAd };
  const query = state.query === null ? null : { ...state.query, mode };
  const seen = state.focus === 'weights' || isShown(state, 'recall');
  const next: AppState = { ...state, mode, query, lastSelected, listErrors: {}, focus: seen ? state.focus : 'recall' };
  const list = next.lists[mode];
  return askLists(
    list === undefined
      ? next
      : { ...next, selectedAd: keepSelection(next, shownAds(next, list)) ?? keepSelection(next, list.data.candidates) },
  );
};

const titles: Readonly<Record<Mode, string>> = {
  model: 'List of the model: two towers and the index',
  i2i: 'List of item to item',
  legacy: 'List of the legacy rules',
  merged: 'List of all channels merged',
};

const turn =
  (by: number) =>
  (state: AppState): Step =>
    showMode(state, modes[(modes.indexOf(state.mode) + by + modes.length) % modes.length] ?? state.mode);

const hasUser = (state: AppState): true | string => (state.userId === null ? 'open a user first' : true);

/** Which list is shown: model, i2i, legacy, merged, in the order of the title. */
export const modeActions: readonly Action[] = [
  {
    id: 'next-list',
    title: 'The next list: model, i2i, legacy, merged',
    short: 'list',
    keys: ['l', 'right'],
    where: ['recall'],
    footer: 4,
    when: hasUser,
    run: turn(1),
  },
  {
    id: 'previous-list',
    title: 'The list before',
    keys: ['h', 'left'],
    where: ['recall'],
    when: hasUser,
    run: turn(-1),
  },
  {
    id: 'next-list-anywhere',
    title: 'The next list, from any pane',
    keys: ['M'],
    where: ['main'],
    when: hasUser,
    run: turn(1),
  },
  ...modes.map((mode): Action => ({
    id: `mode-${mode}`,
    title: titles[mode],
    keys: [],
    where: ['main'],
    when: hasUser,
    run: (s) => showMode(s, mode),
  })),
];
