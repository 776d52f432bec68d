import type { Action } from '../actions/action.ts';
import { runToCursor, runToDivergence, stepBack, stepOn, takeQuery } from './player.ts';
import type { AppState } from '../state.ts';

const isOpen = ({ player }: AppState): true | string =>
  player === null || player.data === null ? 'no session is played: :replay FILE opens one' : true;
const playing = ({ player, detail }: AppState): boolean => player !== null && detail.kind === 'session';
const hasQuery = (state: AppState): true | string =>
  state.player?.query === null ? 'run a step first: it has a query then' : isOpen(state);

/** The keys of the player, which stands in the detail's place: as a debugger's, s b c. */
export const playerActions: readonly Action[] = [
  {
    id: 'play-step',
    title: 'Run the next step',
    short: 'step',
    keys: ['s', 'right', ' '],
    where: ['detail'],
    footer: 1,
    active: playing,
    when: isOpen,
    run: stepOn,
  },
  {
    id: 'play-back',
    title: 'Back to the step before',
    short: 'back',
    keys: ['b', 'left'],
    where: ['detail'],
    footer: 2,
    active: playing,
    when: isOpen,
    run: stepBack,
  },
  {
    id: 'play-to',
    title: 'Run every step up to the cursor',
    short: 'run to here',
    keys: ['enter'],
    where: ['detail'],
    footer: 3,
    active: playing,
    when: isOpen,
    run: runToCursor,
  },
  {
    id: 'play-divergence',
    title: 'Run to the first step that does not hold, and why',
    short: 'to divergence',
    keys: ['c'],
    where: ['detail'],
    footer: 4,
    active: playing,
    when: isOpen,
    run: runToDivergence,
  },
  {
    id: 'play-take',
    title: 'This step’s query onto the screen',
    short: 'take query',
    keys: ['o'],
    where: ['detail'],
    footer: 5,
    active: playing,
    when: hasQuery,
    run: takeQuery,
  },
];
