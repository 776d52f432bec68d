import type { HubAd, Hubs } from '../domain/compare-all/hubs.ts';
import type { JudgedMetric } from '../domain/compare-all/metrics.ts';
import type { NoiseFloor } from '../domain/compare-all/noise.ts';
import type { SegmentComparison } from '../domain/compare-all/segments.ts';
import type { ContrastedUser, CurvePoint, DifferenceBin } from '../domain/compare-all/shape.ts';
import type { LosingGroups } from '../domain/compare-all/subgroups.ts';
import type { RecallQuery } from '../domain/query.ts';

export interface TitledHub extends HubAd {
  readonly adId: string;
  readonly title: string;
}
export interface TitledHubs extends Omit<Hubs, 'top'> {
  readonly top: readonly TitledHub[];
}

/** An artefact that has seen data at or after the as-of of some users. */
export interface Leak {
  readonly artefact: 'model' | 'i2i';
  readonly builtUntil: number;
  /** Users whose as-of lies before it. */
  readonly users: number;
  readonly earliestAsOf: number;
}

/** The plan of the measurement, enough to repeat it. */
export interface ReportHeader {
  readonly workspace: string;
  readonly users: number;
  readonly ads: number;
  readonly fingerprints: Readonly<Record<string, string | null>>;
  readonly model: { readonly builtUntil: number | null; readonly dim: number } | null;
  readonly index: {
    readonly space: string;
    readonly m: number | null;
    readonly efConstruction: number | null;
    readonly seed: number | null;
  } | null;
  readonly backend: string | null;
  /** null = each user's last event + 1 ms. */
  readonly asOf: number | null;
  /** null = all later engagements. */
  readonly horizonMs: number | null;
  readonly k: number;
  readonly ef: number;
  readonly seed: number;
  readonly resamples: number;
  readonly leaks: readonly Leak[];
  readonly command: string;
}

export interface CompareAllData {
  readonly sides: { readonly a: string; readonly b: string };
  readonly queries: { readonly a: RecallQuery; readonly b: RecallQuery };
  readonly report: ReportHeader;
  /** Parts of either side that hold only approximately. */
  readonly approximations: readonly string[];
  readonly sampled: number;
  readonly of: number;
  readonly failed: number;
  /** Users with engaged ads after as-of: only they count for metrics of relevance. */
  readonly measured: number;
  readonly metrics: readonly JudgedMetric[];
  /** On request: what rebuilding the index alone does; `flagged` then says that a metric lies beyond it too. */
  readonly noise: NoiseFloor | null;
  /** On request: what training the model with another seed does; it is reported, nothing is flagged by it. */
  readonly modelNoise: NoiseFloor | null;
  readonly segments: readonly SegmentComparison[];
  /** On which users side a, and on which side b, is the worse one. */
  readonly losing: LosingGroups;
  readonly curve: readonly CurvePoint[];
  readonly differences: readonly DifferenceBin[];
  readonly users: readonly ContrastedUser[];
  readonly hubs: { readonly a: TitledHubs; readonly b: TitledHubs };
}
