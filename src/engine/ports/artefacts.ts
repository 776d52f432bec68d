import type { Ad } from '../../domain/ads.ts';
import type { BehaviourEvent, User } from '../../domain/events.ts';
import type { SampleMapping } from '../../domain/sample/mapping.ts';
import type { Space } from '../../domain/metric.ts';
import type {
  AdCatalog,
  AdEncoder,
  AdVectors,
  BackendInfo,
  IndexElements,
  TextIndex,
  UserEncoder,
  UserStore,
} from './ports.ts';

/** Artefacts as they are read and written; the adapters implement what has methods. */

export type NewAd = Omit<Ad, 'ordinal'>;

export interface SampleCounts {
  readonly users: number;
  readonly ads: number;
  readonly events: number;
  readonly friends: number;
}

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

export interface OpenedSample {
  readonly store: UserStore;
  readonly catalog: AdCatalog;
  readonly text: TextIndex;
  /**
   * Reads whole what is packed beside the tables and, if asked, every page of the file. Throws `bad-sample` naming the
   * column that cannot be right, or what SQLite says of a page.
   */
  check(what: { readonly pages: boolean }): void;
  close(): void;
}

/** Counts of the rows of one table of a mapped file: `read = kept + Σ rejected`, by reason. */
export interface TableReport {
  readonly table: string;
  readonly read: number;
  readonly kept: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** Cells of optional columns that cannot be read and count as empty, by `column: reason`. */
  readonly emptied: Readonly<Record<string, number>>;
}

/** The data derived once from a mapped file and its mapping. */
export interface DerivedSample {
  readonly counts: SampleCounts;
  readonly tables: readonly TableReport[];
  /** Kinds of event, with how many. */
  readonly kinds: Readonly<Record<string, number>>;
  /** First and last event, ms; null without events. */
  readonly span: { readonly from: number; readonly until: number } | null;
  /** Events before May 1970 or from 2100 on: a wrong unit, or a value that says "never" or "for ever". */
  readonly oddTimes: number;
}

export interface DeriveOptions {
  readonly path: string;
  readonly mapping: SampleMapping;
  /** The file to write; it appears whole or not at all. */
  readonly out: string;
  readonly onProgress: (stage: string, done: number, total: number | null) => void;
  readonly signal: AbortSignal;
}

/** The header of an hnswlib file, read by ourselves (the package opens a wrong dim without an error). */
export interface IndexHeader {
  readonly dim: number;
  readonly count: number;
  readonly m: number;
  readonly efConstruction: number;
  readonly maxLevel: number;
  readonly entryPoint: number;
  readonly fileBytes: number;
}

/**
 * Labels of a team's index by node (row of the file), and the ad each stands for: its ordinal, −1 = an ad the sample
 * does not have.
 */
export interface NodeLabels {
  readonly labels: BigUint64Array;
  readonly ordinals: Int32Array;
  /** By node, 1 = marked as deleted; absent: none is. */
  readonly deleted?: Uint8Array;
}

/** The nodes of an index file: labels, all 64 bits of them, and the marks of deletion. */
export interface IndexNodes {
  readonly labels: BigUint64Array;
  /** 1 = marked as deleted: searched through, never returned. */
  readonly deleted: Uint8Array;
}

/** The expected properties of an index file. `nodes` absent: labels are ordinals. */
export interface ExpectedIndex {
  readonly dim: number;
  readonly count: number;
  readonly space: Space;
  readonly nodes?: NodeLabels;
  /** The elements of the index by ad, if they were read. */
  readonly elements?: IndexElements;
  /** The same bytes were checked whole before; absent: they are checked before native code sees them. */
  readonly checked?: boolean;
}

export interface BuildIndexOptions {
  readonly vectors: AdVectors;
  readonly path: string;
  readonly m: number;
  readonly efConstruction: number;
  readonly seed: number;
  /** false: the vectors are not of unit length on purpose; else a norm that is not 1 is an error. */
  readonly unit?: boolean;
  /** Insert order as ordinals; default all, ascending. Ads it does not name are omitted. */
  readonly order?: Uint32Array;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A user model, of whatever kind. */
export interface LoadedModel {
  readonly encoder: UserEncoder;
  /** null: it does not encode ads. */
  readonly adEncoder: AdEncoder | null;
  readonly backend: BackendInfo;
  /** Users it has vectors of; null or absent: it computes anyone's. */
  readonly userIds?: readonly string[] | null;
}

/** Our own model: with an ad tower. */
export interface LoadedTwoTower extends LoadedModel {
  readonly adEncoder: AdEncoder;
}

/** Labels and, where the file names them, their ads, line by line. */
export interface LabelFile {
  readonly labels: BigUint64Array;
  readonly adIds: readonly string[] | null;
}

/** The header of a file of vectors. */
export interface MatrixShape {
  readonly count: number;
  readonly dim: number;
  readonly dtype: 'float32' | 'float16';
}

export interface ReadMatrixOptions {
  /** Shape of a file of another name than .npy or .fvecs: float32 without a header. */
  readonly raw?: { readonly count: number; readonly dim: number };
  /**
   * Row i of the file becomes row `place[i]` of the result; −1 = omitted. Absent: in file order. Rows without a source
   * are 0.
   */
  readonly place?: Int32Array;
  /** Rows of the result; absent = those of the file. */
  readonly rows?: number;
}

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO-8601, UTC. */
  readonly since: string;
}

export interface FileLock {
  release(): void;
}

/** One writer of a file at a time. A lock ends with its process, however that ends; no clock is asked. */
export interface Locks {
  /**
   * The lock of `path`, or who holds it; null: somebody who cannot be named. Throws `bad-input` where something else
   * stands in its place.
   */
  take(path: string): FileLock | { readonly holder: LockHolder | null };
  isHeld(path: string): boolean;
  /** Removes the locks of processes that are gone from a folder. */
  sweep(dir: string): void;
}

export interface FileTools {
  /** Folder for what can be made again, `$XDG_CACHE_HOME/recall-tui`; absent = nothing is kept. */
  readonly cacheDir?: string;
  /** Why the caches are not where they should be; null or absent: they are. */
  readonly cacheNotice?: string | null;
  sha256File(path: string, signal?: AbortSignal): Promise<string>;
  /** Over the names and bytes of a folder's files, in code-unit order of name. */
  sha256Dir(dir: string, signal?: AbortSignal): Promise<string>;
  /** The same two hashes, remembered by size, mtime and inode; `doctor` uses the ones above. */
  rememberedSha256(path: string, signal?: AbortSignal): Promise<string>;
  /** Temporary file in the same folder, fsync, rename. `mode`: at most this, and at most what the old file has. */
  atomicWrite(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** Shape of a team's own `.npy` or `.fvecs` file; throws `missing-artefact`, `bad-vectors`. */
  matrixShape(path: string): Promise<MatrixShape>;
  /** Its numbers, float32 on a SharedArrayBuffer, row by row in the file's order or where `place` says. */
  readMatrix(path: string, options?: ReadMatrixOptions): Promise<AdVectors>;
  /**
   * One id a line; line i + 1 is the id of row i. Throws `missing-artefact`, `bad-input` (not UTF-8, a blank line, an
   * id twice).
   */
  readIds(path: string): Promise<string[]>;
  /**
   * Which ad each label of an index stands for: `.csv`, `.npy` or one id a line. Throws `missing-artefact`,
   * `bad-input`.
   */
  readLabels(path: string): Promise<LabelFile>;
  readVectors(path: string, shape: { count: number; dim: number }): Promise<AdVectors>;
  writeVectors(path: string, data: Float32Array): Promise<void>;
}
