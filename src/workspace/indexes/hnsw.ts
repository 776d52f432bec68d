import { join } from 'node:path';
import { rememberingCheck } from '../checked-file.ts';
import { examineHnsw } from './hnsw-checks.ts';
import { openNodes } from './hnsw-labels.ts';
import type { OpenedNodes } from './hnsw-labels.ts';
import { expectedIndex, hnswSchema } from './hnsw-tools.ts';
import type { HnswEntry, HnswTools } from './hnsw-tools.ts';
import { indexKind, scanOf } from './kind.ts';
import type { IndexBuild, IndexPlace, IndexRebuild, OpenedIndex } from './kind.ts';
import { placeOf } from '../places.ts';

/** The name of the file that `recall-tui index` writes, and its name where a team's own file has that one. */
const builtName = 'ads.hnsw';
const secondName = 'ads-built.hnsw';

const open = async ({ dir, entry, catalog }: IndexPlace<HnswEntry>, tools: HnswTools): Promise<OpenedIndex> => {
  const path = placeOf(dir, entry.file);
  const readNodes = (): Promise<OpenedNodes> => openNodes(dir, entry, catalog, tools);
  const named = entry.labels === null ? null : await readNodes();
  const expected = expectedIndex(entry, named ?? {});
  return {
    load: async () => {
      // Another index is named as such before its hash is found to be another.
      await tools.readHeader(path, expected);
      // Labels that are ordinals say nothing that a search needs: the marks of deletion are read while the file loads.
      const [index, { elements, coverage }] = await Promise.all([
        rememberingCheck('index', path, tools.files, (checked) => tools.load(path, { ...expected, checked })),
        named ?? readNodes(),
      ]);
      return { index: { ...index, elements }, coverage };
    },
    storedVectors: () => tools.readVectors(path, expected, catalog.adCount),
    graph: () => tools.openGraph(path, expected),
  };
};

const build = async (
  {
    before,
    vectors,
    unit,
    vectorsSha256,
    leftOut,
    staging,
    place,
    m,
    efConstruction,
    seed,
    ...rest
  }: IndexBuild<HnswEntry>,
  tools: HnswTools,
): Promise<HnswEntry> => {
  const { dim, count, space = 'ip' } = vectors;
  const name = before?.labels != null && before.file === builtName ? secondName : builtName;
  const path = join(staging, name);
  const { onProgress, signal } = rest;
  await tools.build({
    vectors,
    path,
    m,
    efConstruction,
    seed,
    unit: space === 'ip' && unit,
    onProgress,
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    // A team's own entry says things about the team's own file.
    ...(before?.labels == null ? before : {}),
    kind: 'hnsw',
    ...(await place(name)),
    space,
    dim,
    count: count - leftOut.length,
    m,
    efConstruction,
    seed,
    leftOut: [...leftOut],
    labels: null,
    builtFrom: { vectors: vectorsSha256 },
  };
};

const rebuild = async (
  { entry, vectors, order, path, seed, onProgress, signal }: IndexRebuild<HnswEntry>,
  tools: HnswTools,
): ReturnType<HnswTools['load']> => {
  const { m, efConstruction } = entry;
  // The vectors, of unit length or not, were accepted when the workspace was opened.
  await tools.build({ vectors, path, m, efConstruction, seed, order, unit: false, signal, onProgress });
  return tools.load(path, { dim: vectors.dim, count: order.length, space: vectors.space ?? 'ip', checked: true });
};

/** An hnswlib file, our own or a team's. */
export const hnsw = indexKind({
  schema: hnswSchema,
  files: ({ file, sha256, labels }) => [
    { name: 'index', title: 'the index', path: file, sha256, folder: false },
    ...(labels === null
      ? []
      : [
          {
            name: 'index labels',
            title: 'the labels of the index',
            path: labels.file,
            sha256: labels.sha256,
            folder: false,
          },
        ]),
  ],
  parameters: ({ m, efConstruction, seed }) => ({ m, efConstruction, seed }),
  open,
  exact: scanOf,
  walk: 'graph',
  examine: examineHnsw,
  build,
  rebuild,
});
