import { modelCan } from '../../console/abilities.ts';
import type { Action } from './action.ts';
import { openWeights } from '../ask.ts';
import { moveChannel, nudgeKnob, pin, redo, resetWeights, restoreKnob, setKnob, undo } from '../changes.ts';
import { chosenKnob } from '../sliders.ts';
import { openPrompt } from '../prompt/open.ts';
import { factsOf } from '../select.ts';
import { only, type AppState, type Step } from '../state.ts';

const slides: ReadonlyArray<readonly [string, string, readonly string[], 'step' | 'leap', 1 | -1, number?]> = [
  ['heavier', 'Weight + 0.05; quota + 1', ['l', 'right'], 'step', 1, 2],
  ['lighter', 'Weight − 0.05; quota − 1', ['h', 'left'], 'step', -1, 1],
  ['much-heavier', 'Weight + 0.25; quota + 10', ['L', 'shift-right'], 'leap', 1],
  ['much-lighter', 'Weight − 0.25; quota − 10', ['H', 'shift-left'], 'leap', -1],
];

/** true, or why there are no sliders. */
export const canWeigh = (state: AppState): true | string => {
  if (state.query === null) return 'there is no list yet';
  if (state.workspace?.model === null && state.mode === 'model')
    return 'this workspace has no model, so there is nothing to weigh';
  return state.mode === 'model' ? modelCan(factsOf(state), 'weights', 'groups') : true;
};

/** A knob is a weight where it has no place in the order of the merge. */
const canTurn = (state: AppState): true | string =>
  chosenKnob(state)?.place == null ? modelCan(factsOf(state), 'weights') : true;
const canRemove = (state: AppState): true | string =>
  chosenKnob(state)?.place == null ? modelCan(factsOf(state), 'groups') : true;

const toggle = (state: AppState): Step =>
  state.weightsOpen ? only({ ...state, weightsOpen: false, focus: 'recall' }) : openWeights(state);

const canSort = (state: AppState): true | string =>
  chosenKnob(state)?.place == null ? 'a weight has no order: choose a quota (modes legacy and merged)' : true;

/** Turning a knob and watching the list move. */
export const weightActions: readonly Action[] = [
  {
    id: 'weights',
    title: 'Weights, and in modes legacy and merged quotas: a slider for each',
    short: 'weights',
    keys: ['w'],
    where: ['main'],
    footer: 20,
    when: canWeigh,
    run: toggle,
  },
  ...slides.map(([id, title, keys, by, sign, footer]): Action => ({
    id,
    title,
    short: id,
    keys,
    where: ['weights'],
    ...(footer === undefined ? {} : { footer }),
    when: canTurn,
    run: (s) => nudgeKnob(s, by, sign),
  })),
  {
    id: 'weight-off',
    title: '0: the group or channel removed',
    short: 'off',
    keys: ['0'],
    where: ['weights'],
    footer: 3,
    when: canRemove,
    run: (s) => setKnob(s, 0),
  },
  {
    id: 'weight-trained',
    title: 'Weight 1, as trained; a quota as pinned',
    short: 'trained',
    keys: ['1'],
    where: ['weights'],
    footer: 4,
    run: restoreKnob,
  },
  {
    id: 'weight-exact',
    title: 'Type an exact value',
    short: 'exact',
    keys: ['='],
    where: ['weights'],
    footer: 5,
    when: canTurn,
    run: (s) => openPrompt(s, 'weight'),
  },
  {
    id: 'earlier',
    title: 'The channel earlier in the order',
    short: 'earlier',
    keys: ['K'],
    where: ['weights'],
    footer: 7,
    when: canSort,
    run: (s) => moveChannel(s, -1),
  },
  {
    id: 'later',
    title: 'The channel later in the order',
    short: 'later',
    keys: ['J'],
    where: ['weights'],
    footer: 8,
    when: canSort,
    run: (s) => moveChannel(s, 1),
  },
  {
    id: 'weights-reset',
    title: 'All weights as trained, quotas and order as opened',
    short: 'reset',
    keys: ['r'],
    where: ['weights'],
    footer: 6,
    run: resetWeights,
  },
  {
    id: 'undo',
    title: 'Undo the last change of the query',
    short: 'undo',
    keys: ['u'],
    where: ['main'],
    footer: 30,
    when: (s) => (s.changes.past.length === 0 ? 'nothing to undo' : true),
    run: undo,
  },
  {
    id: 'redo',
    title: 'Redo',
    short: 'redo',
    keys: ['U'],
    where: ['main'],
    footer: 31,
    when: (s) => (s.changes.future.length === 0 ? 'nothing to redo' : true),
    run: redo,
  },
  {
    id: 'pin',
    title: 'Pin this list as the baseline of movement',
    short: 'pin',
    keys: ['m'],
    where: ['main'],
    when: (s) => (s.query === null ? 'there is no list yet' : true),
    run: pin,
  },
];
