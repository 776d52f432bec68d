import type { SampleMapping, TableSource } from '../domain/sample/mapping.ts';
import type { ServedColumns } from '../domain/served/columns.ts';
import type { ServedRequest } from '../domain/served/served.ts';
import type { SqliteProfile } from '../domain/sample/profile.ts';
import type { TfjsSpec, VectorsSpec } from '../domain/external-model.ts';
import type { TowerModel } from '../domain/tower/model.ts';
import type {
  BuildIndexOptions,
  DeriveOptions,
  DerivedSample,
  ExpectedIndex,
  FileTools,
  IndexHeader,
  LoadedForeignModel,
  LoadedModel,
  OpenedSample,
  SampleWriter,
} from '../engine/ports/artefacts.ts';
import type { AdIndex, AdVectors, ExactScan, IndexGraph, ItemNeighbours } from '../engine/ports/ports.ts';
import type { TowerStep, TowerStepOptions } from '../engine/ports/tower-step.ts';

/** What builds and opens artefacts. index.ts fills it with the adapters; workspace, ingest and training receive it. */
export interface Factories {
  readonly files: FileTools;
  createSample(path: string): SampleWriter;
  openSample(path: string): OpenedSample;
  /** What the tables of a SQLite file hold. Throws `bad-sample`. */
  inspectSqlite(path: string): SqliteProfile;
  /** Reads a team's SQLite file through a mapping and writes what is derived from it. Throws `bad-sample`, `cancelled`. */
  deriveMapped(options: DeriveOptions): Promise<DerivedSample>;
  /** The team's file through the mapping, with what was derived from it. Throws `bad-sample`. */
  openMapped(path: string, mapping: SampleMapping, derived: string): OpenedSample & { readonly derived: DerivedSample };
  /** Served lists of a table, view or SELECT of a SQLite file, read-only. Throws `bad-sample`, `bad-input`. */
  readServedRows(path: string, from: TableSource, columns: ServedColumns): ServedRequest[];
  readIndexHeader(path: string): Promise<IndexHeader>;
  openIndex(path: string, expected: ExpectedIndex): AdIndex;
  /** Same, without blocking the caller's thread while the file loads. */
  loadIndex(path: string, expected: ExpectedIndex): Promise<AdIndex>;
  /** Parses links and labels; vectors stay in the file. */
  openGraph(path: string, expected: ExpectedIndex): Promise<IndexGraph>;
  /** Labels by node, all 64 bits. */
  readIndexLabels(path: string): Promise<BigUint64Array>;
  /** The vectors inside an index file, by ordinal, for `adCount` ads. */
  readIndexVectors(path: string, expected: ExpectedIndex, adCount: number): Promise<AdVectors>;
  buildIndex(options: BuildIndexOptions): Promise<void>;
  openScan(vectors: AdVectors): ExactScan;
  readNeighbours(path: string): Promise<ItemNeighbours>;
  loadModel(dir: string): Promise<LoadedModel>;
  /** User vectors of a file, line i of the ids being row i. */
  openUserVectors(path: string, idsPath: string, spec: VectorsSpec): Promise<LoadedForeignModel>;
  /** A TensorFlow.js model (model.json and its shards) as user tower. */
  openTfjsModel(dir: string, spec: TfjsSpec): Promise<LoadedForeignModel>;
  /** Writes a model into the new folder `dir`; the caller renames it into place. */
  saveModel(dir: string, model: TowerModel): Promise<void>;
  /** Training's dense part, in TensorFlow. */
  createTowerStep(options: TowerStepOptions): Promise<TowerStep>;
}
