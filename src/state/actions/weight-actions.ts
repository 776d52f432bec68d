import { t } from '../../base/texts.ts';
import { modelCan } from '../../console/abilities.ts';
import type { ActionRecord, Words } from './action.ts';
import { openWeights } from '../ask.ts';
import { moveChannel, nudgeKnob, pin, redo, resetWeights, restoreKnob, setKnob, undo } from '../changes.ts';
import { chosenKnob } from '../sliders.ts';
import { openPrompt } from '../prompt/open.ts';
import { factsOf } from '../select.ts';
import { needsList } from './needs.ts';
import { only, type AppState, type Step } from '../state.ts';
import { lacksModel } from '../../console/needs.ts';

interface Slide {
  readonly id: string;
  readonly title: Words;
  readonly keys: readonly string[];
  readonly by: 'step' | 'leap';
  readonly sign: 1 | -1;
  readonly footer?: number;
}

const slides: readonly Slide[] = [
  {
    id: 'heavier',
    title: () => t('Weight + 0.05; quota + 1'),
    keys: ['l', 'right'],
    by: 'step',
    sign: 1,
    footer: 2,
  },
  {
    id: 'lighter',
    title: () => t('Weight − 0.05; quota − 1'),
    keys: ['h', 'left'],
    by: 'step',
    sign: -1,
    footer: 1,
  },
  {
    id: 'much-heavier',
    title: () => t('Weight + 0.25; quota + 10'),
    keys: ['L', 'shift-right'],
    by: 'leap',
    sign: 1,
  },
  {
    id: 'much-lighter',
    title: () => t('Weight − 0.25; quota − 10'),
    keys: ['H', 'shift-left'],
    by: 'leap',
    sign: -1,
  },
];

/** What a slide adds to the selected slider: `−.05`, `+1`. */
const amount =
  ({ by, sign }: Slide) =>
  (state: AppState): string => {
    const knob = chosenKnob(state);
    return knob === null ? '' : (sign < 0 ? '−' : '+') + String(knob[by]).replace(/^0/, '');
  };

/** true, or why there are no sliders. */
export const canWeigh = (state: AppState): true | string => {
  if (state.query === null) return needsList(state);
  if (state.workspace?.model === null && state.mode === 'model') return lacksModel();
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
  chosenKnob(state)?.place == null ? t('needs a selected quota (modes legacy and merged)') : true;

/** Actions of the sliders, undo and the pinned list. */
export const weightActions: readonly ActionRecord[] = [
  {
    id: 'weights',
    title: () => t('Sliders of the weights, and of the quotas in modes legacy and merged'),
    short: () => t('weights'),
    keysOf: 'weights',
    where: ['main'],
    footer: 20,
    when: canWeigh,
    run: toggle,
  },
  ...slides.map((slide): ActionRecord => ({
    id: slide.id,
    title: slide.title,
    short: amount(slide),
    keys: slide.keys,
    where: ['weights'],
    ...(slide.footer === undefined ? {} : { footer: slide.footer }),
    when: canTurn,
    run: (s) => nudgeKnob(s, slide.by, slide.sign),
  })),
  {
    id: 'weight-off',
    title: () => t('Set to 0: remove the group or channel'),
    short: () => t('off'),
    keys: ['0'],
    where: ['weights'],
    footer: 3,
    when: canRemove,
    run: (s) => setKnob(s, 0),
  },
  {
    id: 'weight-trained',
    title: () => t('Set the weight to 1, as trained; the quota as pinned'),
    short: () => t('trained'),
    keys: ['1'],
    where: ['weights'],
    footer: 4,
    run: restoreKnob,
  },
  {
    id: 'weight-exact',
    title: () => t('Enter an exact value'),
    short: () => t('exact'),
    keys: ['='],
    where: ['weights'],
    footer: 5,
    when: canTurn,
    run: (s) => openPrompt(s, 'weight'),
  },
  {
    id: 'earlier',
    title: () => t('Move the channel earlier in the order'),
    short: () => t('earlier'),
    keys: ['K'],
    where: ['weights'],
    footer: 7,
    when: canSort,
    run: (s) => moveChannel(s, -1),
  },
  {
    id: 'later',
    title: () => t('Move the channel later in the order'),
    short: () => t('later'),
    keys: ['J'],
    where: ['weights'],
    footer: 8,
    when: canSort,
    run: (s) => moveChannel(s, 1),
  },
  {
    id: 'weights-reset',
    title: () => t('Reset: weights as trained, quotas and order as opened'),
    short: () => t('reset'),
    keys: ['r'],
    where: ['weights'],
    footer: 6,
    run: resetWeights,
  },
  {
    id: 'undo',
    title: () => t('Undo the last change of the query'),
    short: () => t('undo'),
    keys: ['u'],
    where: ['main'],
    footer: 30,
    when: (s) => (s.changes.past.length === 0 ? t('needs a change to undo') : true),
    run: undo,
  },
  {
    id: 'redo',
    title: () => t('Redo the last undone change'),
    short: () => t('redo'),
    keys: ['U'],
    where: ['main'],
    footer: 31,
    when: (s) => (s.changes.future.length === 0 ? t('needs an undone change') : true),
    run: redo,
  },
  {
    id: 'pin',
    title: () => t('Pin this list as the baseline of movement'),
    short: () => t('pin'),
    keys: ['m'],
    where: ['main'],
    when: needsList,
    run: pin,
  },
];
