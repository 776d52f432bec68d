import type { z } from 'zod';
import type { AdIndex, AdCatalog, AdVectors, ExactScan, IndexGraph } from '../../engine/ports/ports.ts';
import type { ArtefactFile, FileHash } from '../artefact-file.ts';
import type { Coverage } from '../coverage.ts';
import type { Check } from '../doctor/check.ts';

/** Where an index stands: the workspace's folder, the manifest's `index`, and the ads it is to find. */
export interface IndexPlace<Entry> {
  readonly dir: string;
  readonly entry: Entry;
  readonly catalog: AdCatalog;
}

/** The ad vectors of the workspace; null: the manifest names none and the index holds none. */
export type VectorsOf = () => Promise<AdVectors | null>;

/** An index ready for searches, and the ads and elements of it that do not meet; null: all do. */
export interface LoadedIndex {
  readonly index: AdIndex;
  readonly coverage: Coverage | null;
}

/** An index whose files fit the catalogue; what costs time is read when it is asked for. */
export interface OpenedIndex {
  readonly load: (vectors: VectorsOf) => Promise<LoadedIndex>;
  /** The vectors inside the index, where the manifest names no file of vectors. */
  readonly storedVectors: () => Promise<AdVectors | null>;
  /** The graph that its searches walk; null for a kind without one. */
  readonly graph: () => Promise<IndexGraph | null>;
}

/** How an index was built, as reports print it; null: the kind has no such figure. */
export interface IndexParameters {
  readonly m: number | null;
  readonly efConstruction: number | null;
  readonly seed: number | null;
}

/** Input and destination of an index build. */
export interface IndexBuild<Entry> {
  /** The manifest's index before; its unknown fields are kept. */
  readonly before: Entry | null;
  readonly vectors: AdVectors;
  /** The vectors are declared to be of unit length. */
  readonly unit: boolean;
  /** sha256 of the vectors, and the ads without one. */
  readonly vectorsSha256: string;
  readonly leftOut: readonly string[];
  /** The folder for its files; they are moved to the workspace when all is built. */
  readonly staging: string;
  /** The name that one of them will have there, which is another where its own is taken, and its hash. */
  readonly place: (name: string) => Promise<FileHash>;
  readonly m: number;
  readonly efConstruction: number;
  readonly seed: number;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** The same vectors to be indexed again in another order and with another seed, for the noise floor. */
export interface IndexRebuild<Entry> {
  readonly entry: Entry;
  readonly vectors: AdVectors;
  readonly order: Uint32Array;
  readonly path: string;
  readonly seed: number;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

export interface IndexExamination<Entry> {
  readonly dir: string;
  readonly entry: Entry;
  readonly catalog: AdCatalog | null;
  readonly vectors: AdVectors | null;
  readonly openScan: (vectors: AdVectors) => ExactScan;
}

/** Something the kind can do, or why it cannot. */
export type OrReason<Able> = Able | { readonly reason: string };

/**
 * One kind of index: all that the workspace, doctor and `index` know of it. `Tools` is the adapter's part, wired up in
 * index.ts. `docs/contributing.md` says how to add one.
 */
export interface IndexKind<Schema extends z.ZodType, Tools> {
  /** The manifest's entry; `kind` distinguishes it from the others. */
  readonly schema: Schema;
  /** Its files; the first is hashed as the index. */
  readonly files: (entry: z.infer<Schema>) => readonly ArtefactFile[];
  readonly parameters: (entry: z.infer<Schema>) => IndexParameters;
  /** Throws `missing-artefact`, `bad-index`, `bad-input`. */
  readonly open: (place: IndexPlace<z.infer<Schema>>, tools: Tools) => Promise<OpenedIndex>;
  /** The exact scan of this index; null: there is none. */
  readonly exact: (
    vectors: AdVectors | null,
    openScan: (vectors: AdVectors) => ExactScan,
    tools: Tools,
  ) => ExactScan | null;
  /** Its searches walk a graph that can be replayed, or the reason why there is none. */
  readonly walk: OrReason<'graph'>;
  readonly examine: (of: IndexExamination<z.infer<Schema>>, tools: Tools) => Promise<readonly Check[]>;
  /** Builds it over vectors; gives the manifest's entry. */
  readonly build: (build: IndexBuild<z.infer<Schema>>, tools: Tools) => Promise<z.infer<Schema>>;
  readonly rebuild: OrReason<(rebuild: IndexRebuild<z.infer<Schema>>, tools: Tools) => Promise<AdIndex>>;
}

/** Declares a kind; the types of its entry and of its adapter's part follow from the schema and from `open`. */
export const indexKind = <Schema extends z.ZodType, Tools>(kind: IndexKind<Schema, Tools>): IndexKind<Schema, Tools> =>
  kind;

/** Exact neighbours by a scan of the vectors in memory: the way of every index whose vectors fit there. */
export const scanOf = (vectors: AdVectors | null, openScan: (vectors: AdVectors) => ExactScan): ExactScan | null =>
  vectors === null ? null : openScan(vectors);
