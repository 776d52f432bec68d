import type { Action } from './actions.ts';
import { nudgeWeight, pin, redo, resetWeights, setWeight, undo } from './changes.ts';
import { openPrompt } from './prompt.ts';
import { only, type AppState, type Step } from './state.ts';

const slides: ReadonlyArray<readonly [string, string, readonly string[], number, number?]> = [
  ['heavier', 'Weight + 0.05', ['l', 'right'], 0.05, 2],
  ['lighter', 'Weight − 0.05', ['h', 'left'], -0.05, 1],
  ['much-heavier', 'Weight + 0.25', ['L', 'shift-right'], 0.25],
  ['much-lighter', 'Weight − 0.25', ['H', 'shift-left'], -0.25],
];

const canWeigh = (state: AppState): true | string => {
  if (state.query === null) return 'there is no list yet';
  if (state.workspace?.model === null) return 'this workspace has no model, so there is nothing to weigh';
  return true;
};

const toggle = (state: AppState): Step => {
  const open = !state.weightsOpen;
  return only({ ...state, weightsOpen: open, focus: open ? 'weights' : 'recall', detail: open ? { kind: 'overview', scroll: 0 } : state.detail });
};

/** Turning a knob and watching the list move. */
export const weightActions: readonly Action[] = [
  { id: 'weights', title: 'Weights: one slider per group', short: 'weights', keys: ['w'], where: ['main'], footer: 20, when: canWeigh, run: toggle },
  ...slides.map(([id, title, keys, by, footer]): Action => ({ id, title, short: id, keys, where: ['weights'], ...(footer === undefined ? {} : { footer }), run: (s) => nudgeWeight(s, by) })),
  { id: 'weight-off', title: 'Weight 0: the group removed', short: 'off', keys: ['0'], where: ['weights'], footer: 3, run: (s) => setWeight(s, 0) },
  { id: 'weight-trained', title: 'Weight 1: as trained', short: 'trained', keys: ['1'], where: ['weights'], footer: 4, run: (s) => setWeight(s, 1) },
  { id: 'weight-exact', title: 'Type an exact weight', short: 'exact', keys: ['='], where: ['weights'], footer: 5, run: (s) => openPrompt(s, 'weight') },
  { id: 'weights-reset', title: 'All weights as trained', short: 'reset', keys: ['r'], where: ['weights'], footer: 6, run: resetWeights },
  { id: 'undo', title: 'Undo the last change of the query', short: 'undo', keys: ['u'], where: ['main'], footer: 30, when: (s) => (s.changes.past.length === 0 ? 'nothing to undo' : true), run: undo },
  { id: 'redo', title: 'Redo', short: 'redo', keys: ['U'], where: ['main'], footer: 31, when: (s) => (s.changes.future.length === 0 ? 'nothing to redo' : true), run: redo },
  { id: 'pin', title: 'Pin this list as the baseline of movement', short: 'pin', keys: ['m'], where: ['main'], when: (s) => (s.query === null ? 'there is no list yet' : true), run: pin },
];
