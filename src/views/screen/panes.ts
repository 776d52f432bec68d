import type { AppState } from '../../state/state.ts';
import type { Pane } from '../../state/types.ts';
import { behaviourView } from './behaviour.ts';
import { detailView } from './detail.ts';
import type { PaneView } from './pane.ts';
import { recallView } from './recall.ts';
import { weightsView } from './weights.ts';

/** Each pane as it looks: a pane without one does not compile. */
const views: Readonly<Record<Pane, (state: AppState) => PaneView>> = {
  behaviour: () => behaviourView,
  recall: () => recallView,
  detail: detailView,
  weights: () => weightsView,
};

export const viewOf = (pane: Pane, state: AppState): PaneView => views[pane](state);
