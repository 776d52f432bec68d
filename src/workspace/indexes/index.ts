import { z } from 'zod';
import type { AdCatalog, AdIndex, AdVectors, ExactScan } from '../../engine/ports/ports.ts';
import { RecallError } from '../../errors.ts';
import type { ArtefactFile } from '../artefact-file.ts';
import type { Check } from '../doctor/check.ts';
import { hnsw } from './hnsw.ts';
import type { IndexBuild, IndexExamination, IndexKind, IndexParameters, IndexRebuild, OpenedIndex } from './kind.ts';

/** Every kind of index, by the manifest's `index.kind`. */
const kinds = { hnsw };

/** The manifest's `index`: one of the kinds. */
const entrySchema = z.discriminatedUnion('kind', [kinds.hnsw.schema]);

/** The kind of an index that names none: the one kind there was at first. */
const defaultKind = 'hnsw';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** An entry may leave `kind` out; it is then `hnsw`. */
export const indexSchema = z
  .preprocess(
    (entry) => (isObject(entry) && !('kind' in entry) ? { kind: defaultKind, ...entry } : entry),
    entrySchema.nullable(),
  )
  .default(null);

export type IndexEntry = z.infer<typeof entrySchema>;
export type IndexKindName = keyof typeof kinds;

/** An index of the default kind is written without it, as manifests always were. */
export const writtenIndex = (entry: IndexEntry): object => {
  const { kind, ...rest } = entry;
  return kind === defaultKind ? rest : entry;
};

type Entries = { readonly [K in IndexKindName]: Extract<IndexEntry, { kind: K }> };
/** The adapters' part of every kind, wired up in index.ts. */
export type IndexTools = { readonly [K in IndexKindName]: Parameters<(typeof kinds)[K]['open']>[1] };

type Kind<K extends IndexKindName> = Omit<IndexKind<z.ZodType<Entries[K]>, IndexTools[K]>, 'schema'>;
const byName: { readonly [K in IndexKindName]: Kind<K> } = kinds;

type Entry<K extends IndexKindName> = Entries[K] & { readonly kind: K };

interface HasTools {
  readonly indexes: IndexTools;
  openScan(vectors: AdVectors): ExactScan;
}

/** The files of an index; the first is hashed as the index itself. */
export const indexFiles = <K extends IndexKindName>(entry: Entry<K>): readonly ArtefactFile[] =>
  byName[entry.kind].files(entry);

export const indexParameters = <K extends IndexKindName>(entry: Entry<K>): IndexParameters =>
  byName[entry.kind].parameters(entry);

/** null: its searches can be replayed on a graph; else the reason why not. */
export const noWalkOf = ({ kind }: Pick<IndexEntry, 'kind'>): string | null => {
  const { walk } = byName[kind];
  return walk === 'graph' ? null : walk.reason;
};

export const openIndexOf = <K extends IndexKindName>(
  dir: string,
  entry: Entry<K>,
  catalog: AdCatalog,
  { indexes }: Pick<HasTools, 'indexes'>,
): Promise<OpenedIndex> => byName[entry.kind].open({ dir, entry, catalog }, indexes[entry.kind]);

/** Exact neighbours, as the index's kind asks for them; without an index by a scan. */
export const exactOf = (
  kind: IndexKindName | null,
  vectors: AdVectors | null,
  { indexes, openScan }: HasTools,
): ExactScan | null => exactWith(kind ?? defaultKind, vectors, openScan, indexes);

const exactWith = <K extends IndexKindName>(
  kind: K,
  vectors: AdVectors | null,
  openScan: HasTools['openScan'],
  indexes: IndexTools,
): ExactScan | null => byName[kind].exact(vectors, openScan, indexes[kind]);

export const examineIndex = <K extends IndexKindName>(
  of: Omit<IndexExamination<Entry<K>>, 'openScan'>,
  { indexes, openScan }: HasTools,
): Promise<readonly Check[]> => byName[of.entry.kind].examine({ ...of, openScan }, indexes[of.entry.kind]);

/** Builds an index of the kind there was, else of the default kind. */
export const buildIndexOf = async (
  before: IndexEntry | null,
  build: Omit<IndexBuild<never>, 'before'>,
  { indexes }: Pick<HasTools, 'indexes'>,
): Promise<IndexEntry> =>
  before === null
    ? byName[defaultKind].build({ ...build, before }, indexes[defaultKind])
    : buildAgain(before, build, indexes);

const buildAgain = <K extends IndexKindName>(
  before: Entry<K>,
  build: Omit<IndexBuild<never>, 'before'>,
  indexes: IndexTools,
): Promise<Entries[K]> => byName[before.kind].build({ ...build, before }, indexes[before.kind]);

/** The same vectors indexed again. Throws `unsupported` with the reason where the kind has nothing to vary. */
export const rebuildIndexOf = <K extends IndexKindName>(
  of: IndexRebuild<Entry<K>>,
  { indexes }: Pick<HasTools, 'indexes'>,
): Promise<AdIndex> => {
  const { rebuild } = byName[of.entry.kind];
  if (typeof rebuild === 'function') return rebuild(of, indexes[of.entry.kind]);
  throw new RecallError('unsupported', `the noise of the index cannot be measured: ${rebuild.reason}`, {
    todo: 'leave the rebuilds of the index out',
  });
};
