import type { Ad } from '../../domain/ads.ts';
import type { BehaviourEvent, User } from '../../domain/events.ts';
import type { SampleMapping, TableSource } from '../../domain/sample/mapping.ts';
import type { ServedColumns } from '../../domain/served/columns.ts';
import type { ServedRequest } from '../../domain/served/served.ts';
import type { Space } from '../../domain/metric.ts';
import type { SqliteProfile } from '../../domain/sample/profile.ts';
import type { TfjsSpec, VectorsSpec } from '../../domain/external-model.ts';
import type { TowerModel } from '../../domain/tower/model.ts';
import type { AdCatalog, AdEncoder, AdIndex, AdVectors, BackendInfo, ExactScan, IndexGraph, ItemNeighbours, TextIndex, UserEncoder, UserStore } from './ports.ts';
import type { TowerStep, TowerStepOptions } from './tower-step.ts';

/** What builds and opens artefacts. index.ts fills it with the adapters; ingest, training and workspace receive it. */

export type NewAd = Omit<Ad, 'ordinal'>;

export interface SampleCounts { readonly users: number; readonly ads: number; readonly events: number; readonly friends: number }

/**
 * Writes a new sample.sqlite. Everything is written to `<path>.partial`; `finish` assigns ordinals in
 * code-unit order of ad id, builds indices and FTS, checkpoints, fsyncs and renames. `abort` leaves nothing.
 */
export interface SampleWriter {
  /** false: the id is there already (nothing written). */
  addUser(user: User): boolean;
  addAd(ad: NewAd): boolean;
  addEvent(event: BehaviourEvent): boolean;
  /** Directed; importers of undirected friendships add both. `since` null = always. */
  addFriend(userId: string, peerId: string, since: number | null): boolean;
  finish(onProgress?: (stage: string, done: number, total: number) => void): SampleCounts;
  abort(): void;
}

export interface OpenedSample { readonly store: UserStore; readonly catalog: AdCatalog; readonly text: TextIndex; close(): void }

/** What became of the rows of one table of a mapped file: `read = kept + Σ rejected`, by reason. */
export interface TableReport { readonly table: string; readonly read: number; readonly kept: number; readonly rejected: Readonly<Record<string, number>> }

/** What is derived once from a mapped file and its mapping. */
export interface DerivedSample {
  readonly counts: SampleCounts;
  readonly tables: readonly TableReport[];
  /** Kinds of event, with how many. */
  readonly kinds: Readonly<Record<string, number>>;
  /** First and last event, ms; null without events. */
  readonly span: { readonly from: number; readonly until: number } | null;
}

export interface DeriveOptions {
  readonly path: string;
  readonly mapping: SampleMapping;
  /** The file to write; it appears whole or not at all. */
  readonly out: string;
  readonly onProgress: (stage: string, done: number, total: number | null) => void;
  readonly signal: AbortSignal;
}

/** The header of an hnswlib file, read by ourselves (TRAPS: a wrong dim opens without complaint). */
export interface IndexHeader {
  readonly dim: number;
  readonly count: number;
  readonly m: number;
  readonly efConstruction: number;
  readonly maxLevel: number;
  readonly entryPoint: number;
  readonly fileBytes: number;
}

/** Labels of a team's index by node (row of the file), and the ad each stands for: its ordinal, −1 = an ad the sample does not have. */
export interface NodeLabels { readonly labels: BigUint64Array; readonly ordinals: Int32Array }

/** What an index file must be. `nodes` absent: labels are ordinals. */
export interface ExpectedIndex { readonly dim: number; readonly count: number; readonly space: Space; readonly nodes?: NodeLabels }

export interface BuildIndexOptions {
  readonly vectors: AdVectors;
  readonly path: string;
  readonly m: number;
  readonly efConstruction: number;
  readonly seed: number;
  /** false: the vectors are not of unit length on purpose; else a norm that is not 1 is an error. */
  readonly unit?: boolean;
  /** Insert order as ordinals; default all, ascending. Ads it does not name are left out. */
  readonly order?: Uint32Array;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A model that was made elsewhere: no ad tower. `userIds`: whom it has vectors of; null = anyone. */
export interface LoadedForeignModel { readonly encoder: UserEncoder; readonly adEncoder: null; readonly backend: BackendInfo; readonly userIds: readonly string[] | null }

export interface LoadedModel { readonly encoder: UserEncoder; readonly adEncoder: AdEncoder; readonly backend: BackendInfo }

/** Labels and, where the file names them, their ads, line by line. */
export interface LabelFile { readonly labels: BigUint64Array; readonly adIds: readonly string[] | null }

/** What a file of vectors says of itself. */
export interface MatrixShape { readonly count: number; readonly dim: number; readonly dtype: 'float32' | 'float16' }

export interface ReadMatrixOptions {
  /** Shape of a file of another name than .npy or .fvecs: float32 without a header. */
  readonly raw?: { readonly count: number; readonly dim: number };
  /** Row i of the file becomes row `place[i]` of the result; −1 = left out. Absent: as it lies. Rows no one is sent to are 0. */
  readonly place?: Int32Array;
  /** Rows of the result; absent = those of the file. */
  readonly rows?: number;
}

export interface FileTools {
  /** Folder for what can be made again, `$XDG_CACHE_HOME/recall-tui`; absent = nothing is kept. */
  readonly cacheDir?: string;
  sha256File(path: string): Promise<string>;
  /** Over the names and bytes of a folder's files, in code-unit order of name. */
  sha256Dir(dir: string): Promise<string>;
  /** The same two hashes, remembered by size, mtime and inode; `doctor` uses the ones above. */
  rememberedSha256(path: string): Promise<string>;
  /** Temporary file in the same folder, fsync, rename. */
  atomicWrite(path: string, content: string | Uint8Array): Promise<void>;
  /** Shape of a team's own `.npy` or `.fvecs` file; throws `missing-artefact`, `bad-vectors`. */
  matrixShape(path: string): Promise<MatrixShape>;
  /** Its numbers, float32 on a SharedArrayBuffer, row by row in the file's order or where `place` says. */
  readMatrix(path: string, options?: ReadMatrixOptions): Promise<AdVectors>;
  /** One id a line; line i + 1 is the id of row i. Throws `missing-artefact`, `bad-input` (not UTF-8, a blank line, an id twice). */
  readIds(path: string): Promise<string[]>;
  /** Which ad each label of an index stands for: `.csv`, `.npy` or one id a line. Throws `missing-artefact`, `bad-input`. */
  readLabels(path: string): Promise<LabelFile>;
  readVectors(path: string, shape: { count: number; dim: number }): Promise<AdVectors>;
  writeVectors(path: string, data: Float32Array): Promise<void>;
}

export interface Tools {
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
