import { t } from '../../base/texts.ts';
import type { ActionRecord } from './action.ts';
import { emptyInput } from '../prompt/input.ts';
import { panesOf } from '../layout.ts';
import { move, moveHelp, moveUser, type Motion } from '../moves.ts';
import { only, type AppState, type Step } from '../state.ts';

const motions: ReadonlyArray<readonly [Motion, () => string, readonly string[]]> = [
  ['down', () => t('Down'), ['j', 'down']],
  ['up', () => t('Up'), ['k', 'up']],
  ['page-down', () => t('Page down'), ['pgdn', 'ctrl-f']],
  ['page-up', () => t('Page up'), ['pgup', 'ctrl-b']],
  ['top', () => t('First row'), ['g', 'home']],
  ['bottom', () => t('Last row'), ['G', 'end']],
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
export const navigationActions: readonly ActionRecord[] = [
  ...motions.map(([motion, title, keys]): ActionRecord => ({
    id: `move-${motion}`,
    title,
    keys,
    where: ['main'],
    run: (s) => move(s, motion),
  })),
  ...motions.map(([motion, title, keys]): ActionRecord => ({
    id: `help-${motion}`,
    title,
    keys: keys.filter((k) => k.length > 1),
    where: ['help'],
    run: (s) => moveHelp(s, motion),
  })),
  ...motions
    .filter(([motion]) => motion !== 'top' && motion !== 'bottom')
    .map(([motion, title, keys]): ActionRecord => ({
      id: `user-${motion}`,
      title,
      keys: keys.filter((k) => k.length > 1),
      where: ['finder'],
      run: (s) => moveUser(s, motion),
    })),
  {
    id: 'close-help',
    title: () => t('Show all again, or close the help'),
    short: () => t('close'),
    keys: ['esc', 'enter'],
    where: ['help'],
    footer: 1,
    run: closeHelp,
  },
  {
    id: 'next-pane',
    title: () => t('Next pane'),
    short: () => t('pane'),
    keys: ['tab'],
    where: ['main'],
    footer: 40,
    run: (s) => cycle(s, 1),
  },
  {
    id: 'previous-pane',
    title: () => t('Previous pane'),
    keys: ['shift-tab'],
    where: ['main'],
    run: (s) => cycle(s, -1),
  },
  {
    id: 'zoom',
    title: () => t('Zoom this pane to the whole screen, or back'),
    short: () => t('zoom'),
    keys: ['+'],
    where: ['main'],
    run: (s) => only({ ...s, zoom: !s.zoom }),
  },
];
