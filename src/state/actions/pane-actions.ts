import type { Action } from './action.ts';
import { openWeights } from '../ask.ts';
import { openTrials } from '../chosen-lists.ts';
import { cover, uncover } from '../detail.ts';
import { paneNames, type PaneName } from '../panes.ts';
import { only, andThen, type AppState, type Step } from '../state.ts';
import { canWeigh } from './weight-actions.ts';

const hasList = (state: AppState): true | string => (state.query === null ? 'there is no list yet' : true);

const openSession = (state: AppState): Step =>
  only(state.detail.kind === 'session' ? { ...state, focus: 'detail' } : cover(state, { kind: 'session', scroll: 0 }));

interface Opening {
  readonly title: string;
  readonly when?: Action['when'];
  readonly open: (state: AppState) => Step;
}

/** What focusing a pane opens first. */
const openings: Readonly<Record<PaneName, Opening>> = {
  behaviour: { title: 'The behaviour', open: (s) => only({ ...s, focus: 'behaviour' }) },
  recall: { title: 'The recalled list', open: (s) => only({ ...s, focus: 'recall' }) },
  detail: {
    title: 'The detail: overview, or the last answer',
    open: (s) => andThen(uncover(s), (next) => only({ ...next, focus: 'detail' })),
  },
  weights: {
    title: 'The weights',
    when: canWeigh,
    open: (s) => (s.weightsOpen ? only({ ...s, focus: 'weights' }) : openWeights(s)),
  },
  history: { title: 'The history: what was tried', when: hasList, open: openTrials },
  session: { title: 'The session: recording and player', open: openSession },
};

/** One key a pane, the number its title carries. */
export const paneActions: readonly Action[] = paneNames.map((name, i): Action => {
  const { title, when, open } = openings[name];
  return {
    id: `focus-${name}`,
    title,
    short: name,
    keys: [String(i + 1)],
    where: ['main'],
    ...(when === undefined ? {} : { when }),
    run: open,
  };
});
