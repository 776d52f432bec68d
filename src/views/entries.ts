import type { CommandResult } from '../commands/command.ts';
import type { CommandsData } from '../commands/commands-command.ts';
import type { AdData } from '../commands/ad.ts';
import type { BisectData } from '../commands/bisect.ts';
import type { CompareAllData } from '../commands/compare-all.ts';
import type { CompareData } from '../commands/compare.ts';
import type { EventsData } from '../commands/events.ts';
import type { ExplainData } from '../commands/explain.ts';
import type { InputsData } from '../commands/inputs.ts';
import type { RecallData } from '../commands/recall.ts';
import type { SearchPathData } from '../commands/search-path.ts';
import type { PlatformsData } from '../commands/platforms.ts';
import type { BlastData } from '../commands/blast.ts';
import type { ScrubData } from '../commands/scrub.ts';
import type { TimelineData } from '../commands/timeline.ts';
import type { WhatIfData } from '../commands/what-if.ts';
import type { WhyNotData } from '../commands/why-not.ts';
import type { ReplayData } from '../commands/replay.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { CensusData } from '../commands/census.ts';
import type { DemoData } from '../commands/demo.ts';
import { adView } from './ad-view.ts';
import { adsView, type AdsData } from './ads-view.ts';
import { audienceView, type AudienceData } from './audience-view.ts';
import { bisectView } from './bisect-view.ts';
import { blastView } from './blast-view.ts';
import { censusView } from './census-view.ts';
import { commandsView } from './commands-view.ts';
import { compareAllView } from './compare-all-view.ts';
import { compareView } from './compare-view.ts';
import { servedAllView, servedView } from './served-view.ts';
import type { ServedAllData, ServedData } from '../commands/served.ts';
import { completionView, type CompletionData } from './completion-view.ts';
import { configView, type ConfigData } from './config-view.ts';
import { contrastView, type ContrastData } from './contrast-view.ts';
import { counterfactualView, type CounterfactualData } from './counterfactual-view.ts';
import { demoView } from './demo-view.ts';
import { doctorView, type DoctorData } from './doctor-view.ts';
import { eventsView } from './events-view.ts';
import { explainListView, explainView, type ExplainListData } from './explain-view.ts';
import { importView, type ImportData } from './import-view.ts';
import { indexView, type IndexData } from './index-view.ts';
import { initView, type InitData } from './init-view.ts';
import { inputsView } from './inputs-view.ts';
import type { Line, ViewOptions } from './line.ts';
import { platformsView } from './platforms-view.ts';
import type { BranchData } from '../commands/branch.ts';
import { branchView } from './branch-view.ts';
import type { PlayData } from '../commands/play.ts';
import { playView } from './play-view.ts';
import { presetsView, type PresetsData } from './presets-view.ts';
import { recallView } from './recall-view.ts';
import { searchPathView } from './search-path-view.ts';
import { scrubView } from './scrub-view.ts';
import { timelineView } from './timeline-view.ts';
import { stabilityView, type StabilityData } from './stability-view.ts';
import { scoresView, type ScoresData } from './scores-view.ts';
import { efCurveView } from './ef-curve-view.ts';
import type { EfCurve } from '../engine/list-shape.ts';
import { trainView, type TrainData } from './train-view.ts';
import { replayView } from './replay-view.ts';
import { usersView, type UsersData } from './users-view.ts';
import { weightsView, type WeightsData } from './weights-view.ts';
import { whatIfView } from './what-if-view.ts';
import { whyNotView } from './why-not-view.ts';

export interface ViewEntry {
  readonly schema: string;
  /** null: the result is of another schema. */
  readonly lines: (result: CommandResult, width: number, options: ViewOptions) => Line[] | null;
}

/** The schema's name is what says which type the data has. */
const holds = <T>(result: CommandResult, schema: string): result is CommandResult & { readonly data: T } => result.schema === schema;

type View<T> = (data: T, width: number, options: ViewOptions) => Line[];

const entry = <T>(schema: string, view: View<T>): ViewEntry => ({
  schema,
  lines: (result, width, options) => (holds<T>(result, schema) ? view(result.data, width, options) : null),
});

/** A view that also speaks of the query. */
const withQuery = <T>(schema: string, view: (data: T, query: RecallQuery | null, width: number, options: ViewOptions) => Line[]): ViewEntry => ({
  schema,
  lines: (result, width, options) => (holds<T>(result, schema) ? view(result.data, result.query ?? null, width, options) : null),
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
