import type { Action } from './action.ts';
import { emptyInput } from '../prompt/input.ts';
import { panesOf } from '../layout.ts';
import { move, moveHelp, moveUser, type Motion } from '../moves.ts';
import { only, type AppState, type Step } from '../state.ts';

const motions: ReadonlyArray<readonly [Motion, string, readonly string[]]> = [
  ['down', 'Down', ['j', 'down']],
  ['up', 'Up', ['k', 'up']],
  ['page-down', 'A page down', ['pgdn', 'ctrl-f']],
  ['page-up', 'A page up', ['pgup', 'ctrl-b']],
  ['top', 'To the first', ['g', 'home']],
  ['bottom', 'To the last', ['G', 'end']],
];

const cycle = (state: AppState, by: number): Step => {
  const panes = panesOf(state);
  const at = panes.indexOf(state.focus);
  return only({ ...state, focus: panes[(at + by + panes.length) % panes.length] ?? 'recall' });
};

/** Esc takes back what narrows the help, then closes it. */
const closeHelp = (state: AppState): Step =>
  only({
    ...state,
    help: state.help === null || state.help.filter.value === '' ? null : { scroll: 0, filter: emptyInput },
  });

/** Moving about: the same keys in every list. */
export const navigationActions: readonly Action[] = [
  ...motions.map(([motion, title, keys]): Action => ({
    id: `move-${motion}`,
    title,
    keys,
    where: ['main'],
    run: (s) => move(s, motion),
  })),
  ...motions.map(([motion, title, keys]): Action => ({
    id: `help-${motion}`,
    title,
    keys: keys.filter((k) => k.length > 1),
    where: ['help'],
    run: (s) => moveHelp(s, motion),
  })),
  ...motions
    .filter(([motion]) => motion !== 'top' && motion !== 'bottom')
    .map(([motion, title, keys]): Action => ({
      id: `user-${motion}`,
      title,
      keys: keys.filter((k) => k.length > 1),
      where: ['finder'],
      run: (s) => moveUser(s, motion),
    })),
  {
    id: 'close-help',
    title: 'Show all again; close the help',
    short: 'close',
    keys: ['esc', 'enter'],
    where: ['help'],
    footer: 1,
    run: closeHelp,
  },
  {
    id: 'next-pane',
    title: 'Next pane',
    short: 'pane',
    keys: ['tab'],
    where: ['main'],
    footer: 40,
    run: (s) => cycle(s, 1),
  },
  { id: 'previous-pane', title: 'Previous pane', keys: ['shift-tab'], where: ['main'], run: (s) => cycle(s, -1) },
  {
    id: 'zoom',
    title: 'Give this pane the whole screen, and back',
    short: 'zoom',
    keys: ['+'],
    where: ['main'],
    run: (s) => only({ ...s, zoom: !s.zoom }),
  },
];
