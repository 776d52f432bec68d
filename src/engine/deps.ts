import type { EligibilityRules } from '../domain/ads.ts';
import type { GroupSpec } from '../domain/groups.ts';
import type { CalendarEntry } from '../domain/inputs.ts';
import type {
  AdCatalog,
  AdEncoder,
  AdIndex,
  AdVectors,
  Clock,
  ExactScan,
  IndexGraph,
  ItemNeighbours,
  TextIndex,
  UserEncoder,
  UserStore,
} from './ports/ports.ts';

/** The manifest's settings for every query of a workspace. */
export interface EngineSettings {
  readonly groups: readonly GroupSpec[];
  readonly eligibility: EligibilityRules;
  /** Kinds of event that count as engagement (ground truth). */
  readonly engagementKinds: readonly string[];
  /** How long after as-of an engagement still counts, ms; null = any later. */
  readonly horizonMs: number | null;
  /** Order without times: hour, weekday and trend are off. */
  readonly syntheticTimes: boolean;
  /** Local time of the shop, minutes east of UTC: for hour and weekday only. */
  readonly tzOffsetMinutes: number;
  /** Context fields known by date, e.g. promo=618 in June; a query's own field wins. Absent = none. */
  readonly calendar?: readonly CalendarEntry[];
  /** Below this share of eligible ads the model channel scans exactly. */
  readonly tightFilter: number;
}

/** Everything the engine works with. A null port means the workspace has no such artefact. */
export interface EngineDeps {
  readonly settings: EngineSettings;
  readonly store: UserStore;
  readonly catalog: AdCatalog;
  readonly text: TextIndex;
  readonly index: AdIndex | null;
  readonly vectors: AdVectors | null;
  readonly scan: ExactScan | null;
  readonly i2i: ItemNeighbours | null;
  /** The index file's graph, parsed at the first use; absent or null without an index. */
  readonly graph?: () => Promise<IndexGraph | null>;
  /** Loaded at the first use: TensorFlow costs 100–250 ms. */
  readonly encoder: () => Promise<UserEncoder | null>;
  readonly adEncoder: () => Promise<AdEncoder | null>;
  readonly clock: Clock;
}
