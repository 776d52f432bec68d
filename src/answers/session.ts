import type { UserId } from '../domain/ids.ts';
import type { RecallQuery } from '../domain/query.ts';

/** A ranked list as a session keeps it; `via` is one channel for all, or one per ad. */
export interface StepList {
  readonly ids: readonly string[];
  readonly scores: readonly number[];
  readonly via: string | readonly string[];
}

/** The part of an answer that a session keeps: enough to judge every kind of expectation. */
export type StepAnswer =
  | ({ readonly kind: 'list' } & StepList)
  | { readonly kind: 'lists'; readonly a: StepList; readonly b: StepList }
  | {
      readonly kind: 'verdict';
      readonly verdict: string;
      readonly rank: number | null;
      readonly channel: string | null;
    }
  | {
      readonly kind: 'explanation';
      readonly score: number;
      readonly baseline: number;
      readonly topGroup: string | null;
    }
  /** `unread`: the step itself could not be read, whatever it is run on. */
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message?: string | undefined;
      readonly expected?: string | undefined;
      readonly found?: string | undefined;
      readonly unread?: true | undefined;
    }
  | { readonly kind: 'other'; readonly digest: string };

/** One thing that was expected and does not hold. */
export interface Failure {
  readonly kind: string;
  readonly message: string;
}

/**
 * `pass`: what was expected holds, or, where nothing was, the answer is as observed. `changed`: nothing was
 * expected and the answer is another. `fail`: an expectation does not hold, or the command failed.
 */
export type StepStatus = 'pass' | 'changed' | 'fail';

export interface StepOutcome {
  readonly step: number;
  readonly command: string;
  readonly status: StepStatus;
  readonly failures: readonly Failure[];
  readonly recorded: StepAnswer | null;
  readonly present: StepAnswer;
  /** Parts of the query that were changed in the file since it was recorded; not looked for where the step holds. */
  readonly edited: readonly string[];
  readonly notes: readonly string[];
  /** Something was expected: it is more than an observation. */
  readonly pinned: boolean;
}

/**
 * A unit of artefacts that is swapped as one; the item-to-item neighbours and the manifest's settings are units of
 * their own.
 */
export type Unit = 'model' | 'graph' | 'data' | 'i2i' | 'rules' | 'settings' | 'backend';

export interface UnitDifference {
  readonly unit: Unit;
  readonly recorded: string | null;
  readonly present: string | null;
}

/**
 * Why the first step diverges. `proved`: the step was run with the recorded unit in place of the present one,
 * and held. Otherwise it is what the fingerprints leave over.
 */
export interface Cause {
  readonly kind: 'knob' | 'unit' | 'expectation' | 'unstable' | 'error' | 'unknown';
  /** Knobs (`weights`, `ef`, `rules`, …) or units (`model`, `graph`, `data`, …). */
  readonly names: readonly string[];
  readonly proved: boolean;
  readonly text: string;
  /** Where several sets of units each make the step hold, all of them; `names` is the first. */
  readonly sets?: ReadonlyArray<readonly string[]>;
}

/** The first step that fails; without one, the first whose observation changed. */
export interface Divergence {
  readonly step: number;
  readonly command: string;
  readonly status: StepStatus;
  readonly failures: readonly Failure[];
  readonly cause: Cause;
}

export interface ReplayReport {
  readonly note: string;
  /** Artefacts that are not those of the recording. */
  readonly differing: readonly UnitDifference[];
  readonly outcomes: readonly StepOutcome[];
  readonly passed: number;
  readonly changed: number;
  readonly failed: number;
  /** Steps that something is expected of. */
  readonly pinned: number;
  readonly first: Divergence | null;
}

/** One session as `replay` answers it; answers are given where they differ. */
export interface ReplayRow extends Omit<ReplayReport, 'outcomes'> {
  readonly file: string;
  readonly error: string | null;
  readonly steps: ReadonlyArray<
    Omit<StepOutcome, 'recorded' | 'present'> & Partial<Pick<StepOutcome, 'recorded' | 'present'>>
  >;
  readonly seconds: number;
}

export interface ReplayData {
  readonly sessions: readonly ReplayRow[];
  readonly passed: number;
  readonly changed: number;
  readonly failed: number;
  readonly unusable: number;
  readonly pinned: number;
  readonly stepsPerSecond: number;
}

/** One ad of either list; null = it is not in that one. */
export interface SideRow {
  readonly adId: string;
  readonly title: string;
  readonly recorded: number | null;
  readonly present: number | null;
}

export interface PlayedStep {
  readonly step: number;
  readonly command: string;
  /** null: not run yet. */
  readonly status: StepStatus | null;
  /** Kinds of expectation. */
  readonly expects: readonly string[];
  readonly note: string;
}

export interface PlayedAnswer extends StepOutcome {
  /** Both lists side by side: what entered, left and moved first; empty where the answer is no list. */
  readonly sides: readonly SideRow[];
}

export interface PlayData {
  readonly file: string;
  readonly note: string;
  readonly differing: readonly UnitDifference[];
  readonly total: number;
  /** Index of the first of `rows`. */
  readonly from: number;
  readonly rows: readonly PlayedStep[];
  /** Index and answer of the step run last; null: none was. */
  readonly at: (PlayedAnswer & { readonly index: number }) | null;
  readonly cause: Cause | null;
  /** All steps were run in search of one that does not hold, and there is none. */
  readonly allHold: boolean;
  /** Steps run so far that something is expected of. */
  readonly pinned: number;
}

/** A step of a branch: the recording's answer and the branch's. */
export interface BranchSide {
  readonly step: number;
  readonly command: string;
  readonly recorded: StepAnswer | null;
  readonly branched: StepAnswer;
}

export interface BranchData {
  readonly step: number;
  /** Parts of the query that the branch changes. */
  readonly changed: readonly string[];
  /** sha256 over the lines of the steps before the changed one: the same in recording and branch. */
  readonly prefix: string;
  /** From the changed step on. `rows`: both lists of a step side by side, with titles. */
  readonly sides: ReadonlyArray<BranchSide & { readonly rows: readonly SideRow[] }>;
  /** The file the branch was written to. */
  readonly written: string | null;
}

/** How a failing session was shrunk. */
export interface Shrinking {
  readonly before: number;
  readonly after: number;
  /** The step whose divergence is kept, and what fails there. */
  readonly step: number;
  readonly kinds: readonly string[];
  /** Subsets judged; each step was run once. */
  readonly tried: number;
}

export interface MinimiseData extends Shrinking {
  readonly steps: ReadonlyArray<{ readonly step: number; readonly command: string }>;
  readonly first: Divergence | null;
  /** The file the smallest session was written to. */
  readonly written: string | null;
}

export interface Decision {
  readonly step: number;
  readonly verb: 'accept' | 'reject';
  readonly why: string;
}

export interface ReviewData {
  readonly file: string;
  readonly differing: readonly UnitDifference[];
  readonly first: Divergence | null;
  /** Divergences that are still undecided. */
  readonly pending: readonly StepOutcome[];
  readonly decided: readonly Decision[];
  readonly written: boolean;
}

export interface SessionRow {
  readonly path: string;
  readonly note: string;
  readonly steps: number;
  readonly expectations: number;
  readonly commands: readonly string[];
  readonly tool: string;
  readonly bytes: number;
  /** Why it cannot be read; null = it can. */
  readonly problem: string | null;
}

export interface SessionsData {
  readonly sessions: readonly SessionRow[];
  readonly folders: readonly string[];
  /** Autosaved sessions whose process ended without closing them. */
  readonly lost: readonly string[];
}

export interface RecordData {
  /** The file recorded to; null: nothing was being recorded. */
  readonly session: string | null;
  /** true: recording begins; false: it ended. */
  readonly recording: boolean;
  readonly steps: number;
}

export interface NoteData {
  readonly note: string;
  readonly session: string;
}

export interface ExpectData {
  /** The step that is pinned. */
  readonly step: number;
  /** Kind of expectation. */
  readonly expected: string;
  /** The expectation in words. */
  readonly claim: string;
  readonly session: string;
}

/** A session that was cut off and goes on. */
export interface Resumed {
  readonly path: string;
  readonly steps: number;
  readonly query: RecallQuery;
  /** The person's own recording that goes on; null: none does. */
  readonly recording: string | null;
  /** A recording that was under way and cannot be continued, and why. */
  readonly unresumed?: string;
}

/** The units that can be swapped between two workspaces: their artefacts, and the parts of the default query. */
export type BisectUnit = Unit | 'ef' | 'weights' | 'query';

/** One user's two lists; where they differ, the smallest set of units that turns the first into the second. */
export interface Bisected {
  readonly userId: UserId;
  readonly same: boolean;
  readonly rbo: number;
  readonly entered: number;
  readonly left: number;
  readonly moved: number;
  /** Units that differ for this user's query. */
  readonly differing: readonly BisectUnit[];
  /** null: the lists are the same, or not even all units together give B's list. */
  readonly cause: readonly BisectUnit[] | null;
  /** Every set of units that accounts for it and of which no part does; `cause` is the first. */
  readonly causes: ReadonlyArray<readonly BisectUnit[]>;
  /** Recalls run, both sides' own among them. */
  readonly runs: number;
  readonly verdict: string;
}

export const reportForms = ['html', 'markdown', 'paragraph'] as const;
export type ReportForm = (typeof reportForms)[number];

export interface ReportData {
  /** null: it is in `text`. */
  readonly file: string | null;
  readonly form: ReportForm;
  readonly answers: number;
  /** Answers that differ from the recording or could not be given. */
  readonly differing: number;
  readonly masked: boolean;
  readonly text: string | null;
}
