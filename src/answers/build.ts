import type { Guess } from '../domain/sample/guess.ts';
import type { SampleMapping } from '../domain/sample/mapping.ts';
import type { ImportResult } from '../ingest/import-workspace.ts';
import type { Recognised } from '../ingest/init/propose.ts';
import type { WorkspaceTraining } from '../training/train-workspace.ts';
import type { Check } from '../workspace/doctor/check.ts';
import type { Manifest } from '../workspace/manifest/manifest.ts';

/** A feature group and the kinds of event it reads. */
export interface GroupKinds {
  readonly group: string;
  readonly kinds: readonly string[];
}

export interface InitData {
  readonly dir: string;
  readonly name: string;
  readonly written: boolean;
  readonly files: readonly Recognised[];
  readonly guesses: readonly Guess[];
  readonly counts: { readonly users: number; readonly ads: number; readonly events: number };
  readonly mapping: SampleMapping | null;
  readonly groups: readonly GroupKinds[];
  readonly engagementKinds: readonly string[];
  readonly asOf: number | null;
  readonly checks: readonly Check[];
  readonly failed: number;
  readonly next: string;
}

export interface ImportData extends Pick<ImportResult, 'rows' | 'counts' | 'out' | 'dropped'> {
  readonly name: string;
  readonly asOf: number | null;
  readonly engagementKinds: readonly string[];
  readonly syntheticTimes: boolean;
  readonly groups: readonly GroupKinds[];
  readonly decisions: readonly string[];
  readonly next: string;
}

export interface TrainData extends Pick<
  WorkspaceTraining,
  'until' | 'epochs' | 'best' | 'stopped' | 'backend' | 'samples' | 'dropped'
> {
  readonly dir: string;
  readonly model: Manifest['model'];
  readonly settings: WorkspaceTraining['hyper'];
  readonly next: string;
}

/** null where an artefact was not built. */
export interface IndexData {
  readonly dir: string;
  readonly ads: number;
  /** The only part that was built; null: everything. */
  readonly only: string | null;
  readonly vectors: {
    readonly file: string;
    readonly sha256: string;
    readonly dim: number;
    readonly count: number;
  } | null;
  readonly index: {
    /** null: the index has no file of its own. */
    readonly file: string | null;
    readonly sha256: string | null;
    /** Ads with a node; others have no vector, or were omitted. */
    readonly count: number;
    readonly m: number | null;
    readonly efConstruction: number | null;
    readonly seed: number | null;
  } | null;
  readonly i2i: { readonly file: string; readonly sha256: string; readonly builtUntil: number | null } | null;
}

export interface DoctorData {
  readonly workspace: { readonly name: string; readonly dir: string };
  readonly name: string;
  readonly dir: string;
  readonly ok: boolean;
  readonly failed: number;
  readonly checks: readonly Check[];
  /** Where the bundle was written; absent: none was asked for. */
  readonly bundle?: string;
}
