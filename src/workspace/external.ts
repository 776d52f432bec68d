import { resolve } from 'node:path';
import { RecallError } from '../errors.ts';
import type { Space } from '../domain/metric.ts';
import type { AdCatalog, AdVectors } from '../engine/ports/ports.ts';
import type { ExpectedIndex, NodeLabels } from '../engine/ports/artefacts.ts';
import type { Factories } from './factories.ts';
import type { Manifest } from './manifest/manifest.ts';

type VectorsEntry = NonNullable<Manifest['vectors']>;
type IndexEntry = NonNullable<Manifest['index']>;

/** What of a team's artefacts and the sample's ads does not meet; examples are ids. */
export interface Coverage {
  readonly what: 'vectors' | 'index';
  readonly adsWithout: number;
  readonly withoutAd: number;
  readonly examples: readonly string[];
}

/** The metric of the workspace: that of its index, else of its vectors, else inner product. */
export const spaceOf = ({ index, vectors }: Pick<Manifest, 'index' | 'vectors'>): Space =>
  index?.space ?? vectors?.metric ?? 'ip';

const countAbsent = (catalog: AdCatalog, present: Uint8Array): { adsWithout: number; examples: string[] } => {
  const absent = Array.from(present.keys()).filter((ordinal) => present[ordinal] === 0);
  return { adsWithout: absent.length, examples: absent.slice(0, 3).map((ordinal) => catalog.idOf(ordinal)) };
};

/**
 * The ad vectors by ordinal, in whatever file and order they lie: the house's own, `.npy`, `.fvecs` or raw float32 with a file of
 * ids, or, where only an index is named, those inside it. Ads without a vector are marked (`present`); vectors without an
 * ad are left out. In the space `cosine` rows are brought to unit length. Throws `missing-artefact`, `bad-vectors`, `bad-input`.
 */
export const openVectors = async (
  dir: string,
  manifest: Manifest,
  catalog: AdCatalog,
  tools: Factories,
  nodes?: NodeLabels,
): Promise<{ vectors: AdVectors | null; coverage: Coverage | null }> => {
  const { vectors: entry, index } = manifest;
  if (entry === null) {
    if (index === null) return { vectors: null, coverage: null };
    const inside = await tools.readIndexVectors(resolve(dir, index.file), expectedIndex(index, nodes), catalog.adCount);
    return { vectors: inside, coverage: null };
  }
  const path = resolve(dir, entry.file);
  const space = spaceOf(manifest);
  const raw = { count: entry.count, dim: entry.dim };
  if (entry.ids === null) {
    if (entry.count !== catalog.adCount) throw rowsAndAds(path, entry.count, catalog.adCount);
    return { vectors: inSpace(await tools.files.readMatrix(path, { raw }), space, entry, path), coverage: null };
  }
  const { place, present, withoutAd } = placesOf(await idsOf(dir, entry, tools), catalog);
  const vectors = await tools.files.readMatrix(path, { raw, place, rows: catalog.adCount });
  const { adsWithout, examples } = countAbsent(catalog, present);
  const marked = adsWithout === 0 ? vectors : { ...vectors, present };
  return {
    vectors: inSpace(marked, space, entry, path),
    coverage: adsWithout + withoutAd === 0 ? null : { what: 'vectors', adsWithout, withoutAd, examples },
  };
};

const rowsAndAds = (path: string, rows: number, ads: number): RecallError =>
  new RecallError('bad-vectors', `${path}: the vectors are not as many as the ads`, {
    expected: `${ads} rows, in code-unit order of ad id`,
    found: `${rows} rows`,
    todo: 'name a file of ids in recall.json: vectors.ids = {"file": "ad_ids.txt"}',
  });

const idsOf = async (dir: string, { ids, count, file }: VectorsEntry, tools: Factories): Promise<readonly string[]> => {
  const path = resolve(dir, ids?.file ?? '');
  const read = await tools.files.readIds(path);
  if (read.length === count) return read;
  throw new RecallError('bad-input', `${path}: not one id for each row of ${file}`, {
    expected: `${count} ids`,
    found: `${read.length} ids`,
    todo: 'write line i + 1 as the id of row i',
  });
};

const placesOf = (
  ids: readonly string[],
  catalog: AdCatalog,
): { place: Int32Array; present: Uint8Array; withoutAd: number } => {
  const present = new Uint8Array(catalog.adCount);
  let withoutAd = 0;
  const place = Int32Array.from(ids, (id) => {
    const ordinal = catalog.ordinalOf(id);
    if (ordinal === null) withoutAd += 1;
    else present[ordinal] = 1;
    return ordinal ?? -1;
  });
  return { place, present, withoutAd };
};

const inSpace = (vectors: AdVectors, space: Space, { dim }: VectorsEntry, path: string): AdVectors => {
  if (vectors.dim !== dim)
    throw new RecallError('bad-vectors', `${path}: another dimension than the manifest says`, {
      expected: `vectors.dim ${dim}`,
      found: String(vectors.dim),
      todo: 'correct recall.json, or put the right file back',
    });
  if (space === 'cosine') toUnitLength(vectors, path);
  return { ...vectors, space };
};

const toUnitLength = ({ count, dim, data, present }: AdVectors, path: string): void => {
  for (let row = 0; row < count; row += 1) {
    if (present?.[row] === 0) continue;
    let sum = 0;
    for (let i = row * dim; i < (row + 1) * dim; i += 1) sum += data[i]! * data[i]!;
    if (sum === 0)
      throw new RecallError('bad-vectors', `${path}: a vector of zeros has no direction`, {
        expected: 'vectors with a norm above 0, for the metric is cosine',
        found: `zeros for the ad of ordinal ${row}`,
        todo: 'leave the ad out, or give it a vector',
      });
    const norm = Math.sqrt(sum);
    for (let i = row * dim; i < (row + 1) * dim; i += 1) data[i]! /= norm;
  }
};

export const expectedIndex = ({ dim, count, space }: IndexEntry, nodes: NodeLabels | undefined): ExpectedIndex => ({
  dim,
  count,
  space,
  ...(nodes === undefined ? {} : { nodes }),
});

/**
 * Which ad each node of a team's index stands for, by its file of labels; undefined where labels are ordinals. Throws
 * `bad-input` (the labels file), `bad-index`: a label of the index the file does not name, a label twice.
 */
export const openNodes = async (
  dir: string,
  { index }: Manifest,
  catalog: AdCatalog,
  tools: Factories,
): Promise<{ nodes: NodeLabels | undefined; coverage: Coverage | null }> => {
  if (index === null || index.labels === null) return { nodes: undefined, coverage: null };
  const [path, labelPath] = [resolve(dir, index.file), resolve(dir, index.labels.file)];
  const adOf = await adsByLabel(dir, index.labels, labelPath, tools);
  const labels = await tools.readIndexLabels(path);
  const ordinals = new Int32Array(labels.length);
  const present = new Uint8Array(catalog.adCount);
  const unnamed: bigint[] = [];
  let withoutAd = 0;
  for (const [node, label] of labels.entries()) {
    const adId = adOf.get(label);
    if (adId === undefined) unnamed.push(label);
    const ordinal = adId === undefined ? null : catalog.ordinalOf(adId);
    if (ordinal === null) withoutAd += 1;
    else if (present[ordinal] === 1)
      throw new RecallError('bad-index', `${path}: two nodes for one ad`, {
        expected: 'each ad once',
        found: `${String(adId)} again in node ${node}`,
        todo: 'build the index with each label once',
      });
    else present[ordinal] = 1;
    ordinals[node] = ordinal ?? -1;
  }
  if (unnamed.length > 0) {
    throw new RecallError('bad-index', `${path}: the labels of ${labelPath} do not cover the index`, {
      expected: `a line for each of its ${labels.length} labels`,
      found: `${unnamed.length} labels without a line, the first is ${String(unnamed[0])}`,
      todo: 'write `label,ad_id` for every label of the index',
    });
  }
  const { adsWithout, examples } = countAbsent(catalog, present);
  return {
    nodes: { labels, ordinals },
    coverage: adsWithout + withoutAd === 0 ? null : { what: 'index', adsWithout, withoutAd, examples },
  };
};

const adsByLabel = async (
  dir: string,
  entry: NonNullable<IndexEntry['labels']>,
  labelPath: string,
  tools: Factories,
): Promise<Map<bigint, string>> => {
  const { labels, adIds: named } = await tools.files.readLabels(labelPath);
  if (named === null && entry.ids === null)
    throw new RecallError('bad-manifest', `${labelPath}: numbers alone do not say which ads they are`, {
      expected: 'index.labels.ids = "ad_ids.txt" beside a .npy of labels',
      found: 'no ids',
      todo: 'name the file of ids, or write label,ad_id as .csv',
    });
  const adIds = named ?? (await tools.files.readIds(resolve(dir, entry.ids ?? '')));
  if (adIds.length !== labels.length)
    throw new RecallError('bad-input', `${labelPath}: not one label for each id`, {
      expected: `${adIds.length} labels`,
      found: `${labels.length} labels`,
      todo: 'write label i as that of line i + 1 of the ids',
    });
  const adOf = new Map<bigint, string>();
  for (const [i, label] of labels.entries()) {
    if (adOf.has(label))
      throw new RecallError('bad-input', `${labelPath}: the same label twice`, {
        expected: 'each label once',
        found: `label ${String(label)} at ${i} and before`,
        todo: 'write each label once',
      });
    adOf.set(label, adIds[i] ?? '');
  }
  return adOf;
};

const lacked = { vectors: 'vector', index: 'node in the index', both: 'vector and no node in the index' } as const;
const strays = {
  vectors: 'vectors are',
  index: 'nodes of the index are',
  both: 'vectors and as many nodes of the index are',
} as const;

/** One line for the notices of a workspace. */
export const coverageNotice = ({
  what,
  adsWithout,
  withoutAd,
  examples,
}: Omit<Coverage, 'what'> & { readonly what: keyof typeof lacked }): string =>
  [
    ...(adsWithout === 0
      ? []
      : [
          `${adsWithout} ads have no ${lacked[what]} (${examples.join(', ')}${adsWithout > examples.length ? ', …' : ''}): the model channel cannot recall them`,
        ]),
    ...(withoutAd === 0 ? [] : [`${withoutAd} ${strays[what]} of ads the sample does not have: never returned`]),
  ].join('; ');

/** The notices of vectors and index; one where the same ads are in neither, all of them named. */
export const coverageNotices = (all: readonly Coverage[]): string[] => {
  const [a, b] = all;
  const same =
    a !== undefined &&
    b !== undefined &&
    a.adsWithout === b.adsWithout &&
    a.withoutAd === b.withoutAd &&
    a.adsWithout <= a.examples.length &&
    a.examples.join('\n') === b.examples.join('\n');
  return same ? [coverageNotice({ ...a, what: 'both' })] : all.map((one) => coverageNotice(one));
};
