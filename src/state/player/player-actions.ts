import { t } from '../../base/texts.ts';
import type { ActionRecord } from '../actions/action.ts';
import { runToCursor, runToDivergence, stepBack, stepOn, takeQuery } from './player.ts';
import type { AppState } from '../state.ts';

const isOpen = ({ player }: AppState): true | string =>
  player === null || player.data === null ? t('needs an open session (:replay FILE)') : true;
const playing = ({ player, detail }: AppState): boolean => player !== null && detail.kind === 'session';
const hasQuery = (state: AppState): true | string =>
  state.player?.query === null ? t('needs a step that was run') : isOpen(state);

/** The keys of the player in the detail's place, s b c as in a debugger. */
export const playerActions: readonly ActionRecord[] = [
  {
    id: 'play-step',
    title: () => t('Run the next step'),
    short: () => t('step'),
    keys: ['s', 'right', ' '],
    where: ['detail'],
    footer: 1,
    active: playing,
    when: isOpen,
    run: stepOn,
  },
  {
    id: 'play-back',
    title: () => t('Back to the previous step'),
    short: () => t('back'),
    keys: ['b', 'left'],
    where: ['detail'],
    footer: 2,
    active: playing,
    when: isOpen,
    run: stepBack,
  },
  {
    id: 'play-to',
    title: () => t('Run all steps up to the cursor'),
    short: () => t('run to here'),
    keys: ['enter'],
    where: ['detail'],
    footer: 3,
    active: playing,
    when: isOpen,
    run: runToCursor,
  },
  {
    id: 'play-divergence',
    title: () => t('Run to the first step that failed, and show why'),
    short: () => t('to failure'),
    keys: ['c'],
    where: ['detail'],
    footer: 4,
    active: playing,
    when: isOpen,
    run: runToDivergence,
  },
  {
    id: 'play-take',
    title: () => t('Use the query of this step'),
    short: () => t('use query'),
    keys: ['o'],
    where: ['detail'],
    footer: 5,
    active: playing,
    when: hasQuery,
    run: takeQuery,
  },
];
