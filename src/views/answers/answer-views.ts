import type { Answers, Result, ResultOf, Schema } from '../../answers/answers.ts';
import { blank, type Line, type ViewOptions } from '../text/line.ts';
import { approximationLines } from './approximations.ts';
import { doctorView } from './build/doctor-view.ts';
import { importView } from './build/import-view.ts';
import { indexView } from './build/index-view.ts';
import { initView } from './build/init-view.ts';
import { trainView } from './build/train-view.ts';
import { blastView } from './change/blast-view.ts';
import { platformsView } from './change/platforms-view.ts';
import { presetsView } from './change/presets-view.ts';
import { scrubView } from './change/scrub-view.ts';
import { timelineView } from './change/timeline-view.ts';
import { tuneView } from './change/tune-view.ts';
import { weightsView } from './change/weights-view.ts';
import { whatIfView } from './change/what-if-view.ts';
import { commandsView } from './help/commands-view.ts';
import { completionView } from './help/completion-view.ts';
import { configView } from './help/config-view.ts';
import { adView } from './look/ad-view.ts';
import { adsView } from './look/ads-view.ts';
import { eventsView } from './look/events-view.ts';
import { inputsView } from './look/inputs-view.ts';
import { usersView } from './look/users-view.ts';
import { bisectView } from './recall/bisect-view.ts';
import { compareAllView } from './recall/compare-all-view.ts';
import { compareView } from './recall/compare-view.ts';
import { gateView } from './recall/gate-view.ts';
import { recallView } from './recall/recall-view.ts';
import { servedView, servedAllView } from './recall/served-view.ts';
import { branchView } from './session/branch-view.ts';
import { execView } from './session/exec-view.ts';
import { expectView } from './session/expect-view.ts';
import { minimiseView } from './session/minimise-view.ts';
import { noteView } from './session/note-view.ts';
import { playView } from './session/play-view.ts';
import { recordView } from './session/record-view.ts';
import { reportView } from './session/report-view.ts';
import { replayView } from './session/replay-view.ts';
import { reviewView } from './session/review-view.ts';
import { sessionsView } from './session/sessions-view.ts';
import { demoView } from './start/demo-view.ts';
import { audienceView } from './why/audience-view.ts';
import { censusView } from './why/census-view.ts';
import { contrastView } from './why/contrast-view.ts';
import { counterfactualView } from './why/counterfactual-view.ts';
import { efCurveView } from './why/ef-curve-view.ts';
import { missesView } from './why/misses-view.ts';
import { explainView, explainListView } from './why/explain-view.ts';
import { funnelView } from './why/funnel-view.ts';
import { scoresView } from './why/scores-view.ts';
import { searchPathView } from './why/search-path-view.ts';
import { triageView } from './why/triage-view.ts';
import { stabilityView } from './why/stability-view.ts';
import { whyNotView } from './why/why-not-view.ts';

/** Draws the data of one answer; `options.query` is the query it was asked with. */
export type View<T> = (data: T, width: number, options: ViewOptions) => Line[];

/** The view of every schema. */
export const views: { readonly [S in Schema]: View<Answers[S]> } = {
  demo: demoView,
  recall: recallView,
  compare: compareView,
  'compare-all': compareAllView,
  bisect: bisectView,
  gate: gateView,
  served: servedView,
  'served-all': servedAllView,
  explain: explainView,
  'explain-list': explainListView,
  contrast: contrastView,
  'why-not': whyNotView,
  'search-path': searchPathView,
  counterfactual: counterfactualView,
  stability: stabilityView,
  scores: scoresView,
  'ef-curve': efCurveView,
  audience: audienceView,
  funnel: funnelView,
  triage: triageView,
  census: censusView,
  misses: missesView,
  weights: weightsView,
  presets: presetsView,
  'what-if': whatIfView,
  platforms: platformsView,
  blast: blastView,
  tune: tuneView,
  timeline: timelineView,
  scrub: scrubView,
  users: usersView,
  events: eventsView,
  inputs: inputsView,
  ads: adsView,
  ad: adView,
  exec: execView,
  record: recordView,
  note: noteView,
  expect: expectView,
  replay: replayView,
  play: playView,
  review: reviewView,
  branch: branchView,
  minimise: minimiseView,
  sessions: sessionsView,
  report: reportView,
  init: initView,
  import: importView,
  train: trainView,
  index: indexView,
  doctor: doctorView,
  config: configView,
  commands: commandsView,
  completion: completionView,
};

/** `data` and its view belong to the same schema: one call for all of them. */
const drawn = <S extends Schema>(result: ResultOf<S>, width: number, options: ViewOptions): Line[] => {
  const view: View<Answers[S]> = views[result.schema];
  return view(result.data, width, { ...options, query: result.query ?? null });
};

/** The readable form of any answer. */
export const linesOf = (result: Result, width: number, options: ViewOptions = {}): Line[] => {
  const lines = drawn(result, width, options);
  const approximations = approximationLines(result, width, options.ascii === true);
  return approximations.length === 0 ? lines : [...lines, blank, ...approximations];
};
