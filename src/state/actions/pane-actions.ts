import type { ActionRecord } from './action.ts';
import { openWeights } from '../ask.ts';
import { openTrials } from '../chosen-lists.ts';
import { cover, uncover } from '../detail.ts';
import { isRectangle, panes } from '../panes.ts';
import { needsList } from './needs.ts';
import { only, andThen, type AppState, type Step } from '../state.ts';
import type { Pane, PaneName, TextPane } from '../types.ts';
import { canWeigh } from './weight-actions.ts';

/** A pane of text in the detail's place. */
const openText =
  (kind: TextPane) =>
  (state: AppState): Step =>
    only(state.detail.kind === kind ? { ...state, focus: 'detail' } : cover(state, { kind, scroll: 0 }));

interface Opening {
  readonly when?: ActionRecord['when'];
  readonly open: (state: AppState) => Step;
}

const focusOn =
  (focus: Pane) =>
  (state: AppState): Step =>
    only({ ...state, focus });

/** Panes with a rectangle that need more than the focus. */
const rectangleOpenings: Readonly<Partial<Record<Pane, Opening>>> = {
  detail: { open: (s) => andThen(uncover(s), focusOn('detail')) },
  weights: { when: canWeigh, open: (s) => (s.weightsOpen ? focusOn('weights')(s) : openWeights(s)) },
};

const openingOf = (name: PaneName): Opening => {
  if (isRectangle(name)) return rectangleOpenings[name] ?? { open: focusOn(name) };
  return name === 'tried' ? { when: needsList, open: openTrials } : { open: openText(name) };
};

/** One key a pane, the number its title carries. */
export const paneActions: readonly ActionRecord[] = panes.map(({ name, title, label, key }): ActionRecord => {
  const { when, open } = openingOf(name);
  return {
    id: `focus-${name}`,
    title,
    short: label,
    keys: [key],
    where: ['main'],
    ...(when === undefined ? {} : { when }),
    run: open,
  };
});
