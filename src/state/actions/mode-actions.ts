import { t } from '../../base/texts.ts';
import { modes, type Mode } from '../../domain/query.ts';
import type { ActionRecord } from './action.ts';
import { keepSelection } from '../answers.ts';
import { askLists } from '../ask.ts';
import { isShown } from '../layout.ts';
import { shownAds } from '../select.ts';
import { needsUser } from './needs.ts';
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

const titles: Readonly<Record<Mode, () => string>> = {
  model: () => t('List of the model: user tower and index'),
  i2i: () => t('List of item-to-item recall'),
  legacy: () => t('List of the legacy rules'),
  merged: () => t('List of all channels merged'),
};

const turn =
  (by: number) =>
  (state: AppState): Step =>
    showMode(state, modes[(modes.indexOf(state.mode) + by + modes.length) % modes.length] ?? state.mode);

/** Actions that choose the list: model, i2i, legacy, merged, in the order of the title. */
export const modeActions: readonly ActionRecord[] = [
  {
    id: 'next-list',
    title: () => t('Next list: model, i2i, legacy, merged'),
    short: () => t('list'),
    keys: ['l', 'right'],
    where: ['recall'],
    footer: 4,
    when: needsUser,
    run: turn(1),
  },
  {
    id: 'previous-list',
    title: () => t('Previous list'),
    keys: ['h', 'left'],
    where: ['recall'],
    when: needsUser,
    run: turn(-1),
  },
  {
    id: 'next-list-anywhere',
    title: () => t('Next list, from any pane'),
    keys: ['M'],
    where: ['main'],
    when: needsUser,
    run: turn(1),
  },
  ...modes.map((mode): ActionRecord => ({
    id: `mode-${mode}`,
    title: titles[mode],
    keys: [],
    where: ['main'],
    when: needsUser,
    run: (s) => showMode(s, mode),
  })),
];
