import type { Fingerprints } from '../workspace/workspace.ts';
import type { Result } from './answers.ts';
import type { ReportForm, StepStatus, UnitDifference } from './session.ts';

/** A question and its answer, as a report shows them. */
export interface ReportEntry {
  /** The command's id. */
  readonly command: string;
  /** The shell line that gives the figures. */
  readonly line: string;
  /** null: it could not be answered, see `error`. */
  readonly result: Result | null;
  readonly error: string | null;
  /** Its step in the session; null: none. */
  readonly step: number | null;
  /** Against the recording; null: there is none. */
  readonly status: StepStatus | null;
  /** What was noted at it, and which expectations fail. */
  readonly notes: readonly string[];
}

export interface ReportWorkspace {
  readonly name: string;
  readonly users: number;
  readonly ads: number;
  readonly events: number;
  readonly fingerprints: Fingerprints;
  readonly backend: string | null;
}

/** Everything that a report says; whoever shows it adds no figure. */
export interface Report {
  readonly title: string;
  readonly tool: string;
  /** null: the command read none. */
  readonly workspace: ReportWorkspace | null;
  /** Users, events and queries stand under the names that a session gives them. */
  readonly masked: boolean;
  /** Artefacts that are not those of the recording. */
  readonly differing: readonly UnitDifference[];
  readonly entries: readonly ReportEntry[];
}

export type DrawReport = (report: Report, form: ReportForm) => Promise<string>;
