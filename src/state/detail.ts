import { followDetail } from './ask.ts';
import { layoutOf } from './layout.ts';
import { isDetailStale } from './select.ts';
import { only, type AppState, type Step } from './state.ts';
import type { AnswerDetail, Detail } from './types.ts';

export const overview: Detail = { kind: 'overview', scroll: 0 };

/** All else stands in the detail's place, over what was shown there. */
const covers = ({ kind }: Detail): boolean => kind !== 'overview' && kind !== 'answer';

export const isCovered = ({ detail }: Pick<AppState, 'detail'>): boolean => covers(detail);

/** Puts `detail` over what is shown, with the keys; with one pane at a time it comes to the front. */
export const cover = (state: AppState, detail: Detail): AppState => ({
  ...state,
  detail,
  coveredDetail: isCovered(state) ? state.coveredDetail : state.detail,
  focus: 'detail',
  message: null,
  zoom: state.zoom && layoutOf(state).kind !== 'tabs',
});

/** What was covered again, asked anew where the selection or the query has moved on since. */
export const uncover = (state: AppState): Step => {
  if (!isCovered(state)) return only(state);
  const shown: AppState = { ...state, detail: state.coveredDetail ?? overview, coveredDetail: null };
  const { detail } = shown;
  const moved =
    detail.kind === 'answer' && detail.follows && (isDetailStale(shown) || detail.args['ad'] !== state.selectedAd);
  return moved ? followDetail(shown) : only(shown);
};

/** Changes the answer of the detail pane, covered or not. */
export const withAnswer = (state: AppState, change: (answer: AnswerDetail) => AnswerDetail): AppState => {
  if (state.detail.kind === 'answer') return { ...state, detail: change(state.detail) };
  return state.coveredDetail?.kind === 'answer' ? { ...state, coveredDetail: change(state.coveredDetail) } : state;
};
