import type { RecallQuery } from '../domain/query.ts';
import type { DoctorData, ImportData, IndexData, InitData, TrainData } from './build.ts';
import type {
  BlastData,
  PlatformsData,
  PresetsData,
  ScrubData,
  TimelineData,
  WeightsData,
  WhatIfData,
} from './change.ts';
import type { CompareAllData } from './compare-all.ts';
import type { FunnelData } from './funnel.ts';
import type { CommandsData, CompletionData, ConfigData } from './help.ts';
import type { AdData, AdsData, EventsData, InputsData, UsersData } from './look.ts';
import type { BisectData, CompareData, RecallData, ServedAllData, ServedData } from './recall.ts';
import type {
  BranchData,
  ExpectData,
  MinimiseData,
  NoteData,
  PlayData,
  RecordData,
  ReplayData,
  ReportData,
  ReviewData,
  SessionsData,
} from './session.ts';
import type { MissesData } from './misses.ts';
import type { GateData } from './gate.ts';
import type { DemoData } from './start.ts';
import type { TriageData } from './triage.ts';
import type { TuneData } from './tune.ts';
import type {
  AudienceData,
  CensusData,
  ContrastData,
  CounterfactualData,
  EfCurveData,
  ExplainData,
  ExplainListData,
  ScoresData,
  SearchPathData,
  StabilityData,
  WhyNotData,
} from './why.ts';

/**
 * The data of every answer, by its schema's name (without prefix and version). The command that gives it, the view
 * that draws it, the state that holds it, the session that judges it and the export that writes it share this map.
 */
export interface Answers {
  readonly demo: DemoData;
  readonly recall: RecallData;
  readonly compare: CompareData;
  readonly 'compare-all': CompareAllData;
  readonly bisect: BisectData;
  readonly gate: GateData;
  readonly served: ServedData;
  readonly 'served-all': ServedAllData;
  readonly explain: ExplainData;
  readonly 'explain-list': ExplainListData;
  readonly contrast: ContrastData;
  readonly 'why-not': WhyNotData;
  readonly 'search-path': SearchPathData;
  readonly counterfactual: CounterfactualData;
  readonly stability: StabilityData;
  readonly scores: ScoresData;
  readonly 'ef-curve': EfCurveData;
  readonly audience: AudienceData;
  readonly funnel: FunnelData;
  readonly triage: TriageData;
  readonly census: CensusData;
  readonly misses: MissesData;
  readonly weights: WeightsData;
  readonly presets: PresetsData;
  readonly 'what-if': WhatIfData;
  readonly platforms: PlatformsData;
  readonly blast: BlastData;
  readonly tune: TuneData;
  readonly timeline: TimelineData;
  readonly scrub: ScrubData;
  readonly users: UsersData;
  readonly events: EventsData;
  readonly inputs: InputsData;
  readonly ads: AdsData;
  readonly ad: AdData;
  readonly exec: ExecData;
  readonly record: RecordData;
  readonly note: NoteData;
  readonly expect: ExpectData;
  readonly replay: ReplayData;
  readonly play: PlayData;
  readonly review: ReviewData;
  readonly branch: BranchData;
  readonly minimise: MinimiseData;
  readonly sessions: SessionsData;
  readonly report: ReportData;
  readonly init: InitData;
  readonly import: ImportData;
  readonly train: TrainData;
  readonly index: IndexData;
  readonly doctor: DoctorData;
  readonly config: ConfigData;
  readonly commands: CommandsData;
  readonly completion: CompletionData;
}

export type Schema = keyof Answers;

export interface ExecData {
  readonly lines: number;
  /** The answers in order; absent where each was handed out as it came. */
  readonly answers?: readonly Result[];
}

/** An answer of one schema: plain JSON. The front end adds `workspace` and the schema's prefix and version. */
export interface Answer<S extends Schema> {
  readonly schema: S;
  readonly data: Answers[S];
  /** The query as it was run. */
  readonly query?: RecallQuery;
  readonly timingsMs?: Readonly<Record<string, number>>;
  /** 1: failed check, regression, empty search. 2: some of the input was unusable. Default 0. */
  readonly exitCode?: 0 | 1 | 2;
  /** The answers were handed to `emit` one by one: there is nothing left to print. */
  readonly streamed?: boolean;
  /** Lines for stderr. */
  readonly notices?: readonly string[];
  /** Lines for a build server (`::error …`), their values escaped; headless only. */
  readonly annotations?: readonly string[];
}

/** An answer of one of these schemas; `schema` decides which, and with it the type of `data`. */
export type ResultOf<S extends Schema> = { readonly [K in S]: Answer<K> }[S];

/** Any answer. */
export type Result = ResultOf<Schema>;
