import type { CommandResult } from '../../console/command.ts';
import type { CommandsData } from '../../commands/help/commands-command.ts';
import type { AdData } from '../../commands/look/ad.ts';
import type { BisectData } from '../../commands/recall/bisect.ts';
import type { CompareAllData } from '../../commands/recall/compare-all.ts';
import type { CompareData } from '../../commands/recall/compare.ts';
import type { EventsData } from '../../commands/look/events.ts';
import type { ExplainData } from '../../commands/why/explain.ts';
import type { InputsData } from '../../commands/look/inputs.ts';
import type { RecallData } from '../../commands/recall/recall.ts';
import type { SearchPathData } from '../../commands/why/search-path.ts';
import type { PlatformsData } from '../../commands/change/platforms.ts';
import type { BlastData } from '../../commands/change/blast.ts';
import type { ScrubData } from '../../commands/change/scrub.ts';
import type { TimelineData } from '../../commands/change/timeline.ts';
import type { WhatIfData } from '../../commands/change/what-if.ts';
import type { WhyNotData } from '../../commands/why/why-not.ts';
import type { ReplayData } from '../../commands/session/replay.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { CensusData } from '../../commands/why/census.ts';
import type { DemoData } from '../../commands/start/demo.ts';
import { adView } from './look/ad-view.ts';
import { adsView, type AdsData } from './look/ads-view.ts';
import { audienceView, type AudienceData } from './why/audience-view.ts';
import { bisectView } from './recall/bisect-view.ts';
import { blastView } from './change/blast-view.ts';
import { censusView } from './why/census-view.ts';
import { commandsView } from './help/commands-view.ts';
import { compareAllView } from './recall/compare-all-view.ts';
import { compareView } from './recall/compare-view.ts';
import { servedAllView, servedView } from './recall/served-view.ts';
import type { ServedAllData, ServedData } from '../../commands/recall/served.ts';
import { completionView, type CompletionData } from './help/completion-view.ts';
import { configView, type ConfigData } from './help/config-view.ts';
import { contrastView, type ContrastData } from './why/contrast-view.ts';
import { counterfactualView, type CounterfactualData } from './why/counterfactual-view.ts';
import { demoView } from './start/demo-view.ts';
import { doctorView, type DoctorData } from './build/doctor-view.ts';
import { eventsView } from './look/events-view.ts';
import { explainListView, explainView, type ExplainListData } from './why/explain-view.ts';
import { importView, type ImportData } from './build/import-view.ts';
import { indexView, type IndexData } from './build/index-view.ts';
import { initView, type InitData } from './build/init-view.ts';
import { inputsView } from './look/inputs-view.ts';
import type { Line, ViewOptions } from '../text/line.ts';
import { platformsView } from './change/platforms-view.ts';
import type { BranchData } from '../../commands/session/branch.ts';
import { branchView } from './session/branch-view.ts';
import type { PlayData } from '../../commands/session/play.ts';
import { playView } from './session/play-view.ts';
import { presetsView, type PresetsData } from './change/presets-view.ts';
import { recallView } from './recall/recall-view.ts';
import { searchPathView } from './why/search-path-view.ts';
import { scrubView } from './change/scrub-view.ts';
import { timelineView } from './change/timeline-view.ts';
import { stabilityView, type StabilityData } from './why/stability-view.ts';
import { scoresView, type ScoresData } from './why/scores-view.ts';
import { efCurveView } from './why/ef-curve-view.ts';
import type { EfCurve } from '../../engine/list-shape.ts';
import { trainView, type TrainData } from './build/train-view.ts';
import { replayView } from './session/replay-view.ts';
import { usersView, type UsersData } from './look/users-view.ts';
import { weightsView, type WeightsData } from './change/weights-view.ts';
import { whatIfView } from './change/what-if-view.ts';
import { whyNotView } from './why/why-not-view.ts';

export interface ViewEntry {
  readonly schema: string;
  /** null: the result is of another schema. */
  readonly lines: (result: CommandResult, width: number, options: ViewOptions) => Line[] | null;
}

/** The schema's name is what says which type the data has. */
const holds = <T>(result: CommandResult, schema: string): result is CommandResult & { readonly data: T } =>
  result.schema === schema;

type View<T> = (data: T, width: number, options: ViewOptions) => Line[];

const entry = <T>(schema: string, view: View<T>): ViewEntry => ({
  schema,
  lines: (result, width, options) => (holds<T>(result, schema) ? view(result.data, width, options) : null),
});

/** A view that also speaks of the query. */
const withQuery = <T>(
  schema: string,
  view: (data: T, query: RecallQuery | null, width: number, options: ViewOptions) => Line[],
): ViewEntry => ({
  schema,
  lines: (result, width, options) =>
    holds<T>(result, schema) ? view(result.data, result.query ?? null, width, options) : null,
});

/** Which view shows which schema. */
export const viewEntries: readonly ViewEntry[] = [
  withQuery<RecallData>('recall', recallView),
  entry<CompareData>('compare', compareView),
  entry<CompareAllData>('compare-all', compareAllView),
  entry<BisectData>('bisect', bisectView),
  entry<ServedData>('served', servedView),
  entry<ServedAllData>('served-all', servedAllView),
  entry<ExplainData>('explain', explainView),
  entry<ExplainListData>('explain-list', explainListView),
  entry<ContrastData>('contrast', contrastView),
  entry<WhyNotData>('why-not', whyNotView),
  entry<SearchPathData>('search-path', searchPathView),
  entry<CounterfactualData>('counterfactual', counterfactualView),
  entry<StabilityData>('stability', stabilityView),
  entry<ScoresData>('scores', scoresView),
  entry<EfCurve>('ef-curve', efCurveView),
  entry<AudienceData>('audience', audienceView),
  entry<WeightsData>('weights', weightsView),
  entry<PresetsData>('presets', presetsView),
  entry<WhatIfData>('what-if', whatIfView),
  entry<PlatformsData>('platforms', platformsView),
  entry<BlastData>('blast', blastView),
  entry<TimelineData>('timeline', timelineView),
  entry<ScrubData>('scrub', scrubView),
  entry<UsersData>('users', usersView),
  entry<EventsData>('events', eventsView),
  entry<InputsData>('inputs', inputsView),
  entry<AdsData>('ads', adsView),
  entry<AdData>('ad', adView),
  entry<DemoData>('demo', demoView),
  entry<CensusData>('census', censusView),
  entry<ImportData>('import', importView),
  entry<InitData>('init', initView),
  entry<TrainData>('train', trainView),
  entry<IndexData>('index', indexView),
  entry<DoctorData>('doctor', doctorView),
  entry<ReplayData>('replay', replayView),
  entry<PlayData>('play', playView),
  entry<BranchData>('branch', branchView),
  entry<CommandsData>('commands', commandsView),
  entry<ConfigData>('config', configView),
  entry<CompletionData>('completion', completionView),
];
