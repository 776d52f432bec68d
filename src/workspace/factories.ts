import type { SampleMapping, TableSource } from '../domain/sample/mapping.ts';
import type { ServedColumns } from '../domain/served/columns.ts';
import type { ServedLog } from '../domain/served/served.ts';
import type { SqliteProfile } from '../domain/sample/profile.ts';
import type { TowerModel } from '../domain/tower/model.ts';
import type {
  DeriveOptions,
  DerivedSample,
  FileTools,
  Locks,
  OpenedSample,
  SampleWriter,
} from '../engine/ports/artefacts.ts';
import type { AdVectors, ExactScan, ItemNeighbours } from '../engine/ports/ports.ts';
import type { TowerStep, TowerStepOptions } from '../engine/ports/tower-step.ts';
import type { IndexTools } from './indexes/index.ts';
import type { ModelOpeners } from './models/index.ts';

/**
 * Factories that build and open artefacts. index.ts fills them with the adapters; workspace, ingest and training
 * receive them.
 */
export interface Factories {
  readonly files: FileTools;
  readonly locks: Locks;
  createSample(path: string): SampleWriter;
  openSample(path: string): OpenedSample;
  /** Profiles of the tables of a SQLite file. Throws `bad-sample`. */
  inspectSqlite(path: string): SqliteProfile;
  /**
   * Reads a team's SQLite file through a mapping and writes what is derived from it. Throws `bad-sample`, `cancelled`.
   */
  deriveMapped(options: DeriveOptions): Promise<DerivedSample>;
  /** The team's file through the mapping, with what was derived from it. Throws `bad-sample`. */
  openMapped(path: string, mapping: SampleMapping, derived: string): OpenedSample & { readonly derived: DerivedSample };
  /** Served lists of a table, view or SELECT of a SQLite file, read-only. Throws `bad-sample`, `bad-input`. */
  readServedRows(path: string, from: TableSource, columns: ServedColumns): ServedLog;
  /** The same where it may be a SELECT or a view without an end: it can be stopped. Throws `cancelled` besides. */
  readServedSelect(path: string, from: TableSource, columns: ServedColumns, signal: AbortSignal): Promise<ServedLog>;
  /** The adapter's part of every kind of index, by its name. */
  readonly indexes: IndexTools;
  openScan(vectors: AdVectors): ExactScan;
  readNeighbours(path: string): Promise<ItemNeighbours>;
  /** The openers of every kind of user model, by its name. */
  readonly models: ModelOpeners;
  /** Writes a model into the new folder `dir`; the caller renames it into place. */
  saveModel(dir: string, model: TowerModel): Promise<void>;
  /** Training's dense part, in TensorFlow. */
  createTowerStep(options: TowerStepOptions): Promise<TowerStep>;
}
