import { RecallError } from '../errors.ts';
import type { Space } from '../domain/metric.ts';
import type { AdCatalog, AdVectors } from '../engine/ports/ports.ts';
import { countAbsent } from './coverage.ts';
import type { Coverage } from './coverage.ts';
import type { Factories } from './factories.ts';
import type { OpenedIndex } from './indexes/kind.ts';
import type { Manifest } from './manifest/manifest.ts';
import { placeOf } from './places.ts';

type VectorsEntry = NonNullable<Manifest['vectors']>;

/** The metric of the workspace: that of its index, else of its vectors, else inner product. */
export const spaceOf = ({ index, vectors }: Pick<Manifest, 'index' | 'vectors'>): Space =>
  index?.space ?? vectors?.metric ?? 'ip';

/**
 * The ad vectors by ordinal, in whatever file and order they lie: the native form, `.npy`, `.fvecs` or raw float32 with
 * a file of ids, or, where only an index is named, those inside it. Ads without a vector are marked (`present`);
 * vectors without an ad are omitted. In the space `cosine` rows are brought to unit length. Throws `missing-artefact`,
 * `bad-vectors`, `bad-input`.
 */
export const openVectors = async (
  dir: string,
  manifest: Manifest,
  catalog: AdCatalog,
  tools: Pick<Factories, 'files'>,
  index: Pick<OpenedIndex, 'storedVectors'> | null = null,
): Promise<{ vectors: AdVectors | null; coverage: Coverage | null }> => {
  const { vectors: entry } = manifest;
  if (entry === null) return { vectors: (await index?.storedVectors()) ?? null, coverage: null };
  const path = placeOf(dir, entry.file);
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
  new RecallError('bad-vectors', `${path}: the number of vectors differs from the number of ads`, {
    expected: `${ads} rows, in code-unit order of ad id`,
    found: `${rows} rows`,
    todo: 'name a file of ids in recall.json: vectors.ids = {"file": "ad_ids.txt"}',
  });

const idsOf = async (
  dir: string,
  { ids, count, file }: VectorsEntry,
  tools: Pick<Factories, 'files'>,
): Promise<readonly string[]> => {
  const path = placeOf(dir, ids?.file ?? '');
  const read = await tools.files.readIds(path);
  if (read.length === count) return read;
  throw new RecallError('bad-input', `${path}: the number of ids differs from the number of rows of ${file}`, {
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
    throw new RecallError('bad-vectors', `${path}: the dimension differs from the manifest's`, {
      expected: `vectors.dim ${dim}`,
      found: `${vectors.dim} columns`,
      todo: 'correct recall.json, or put the right file back',
    });
  if (space === 'cosine') toUnitLength(vectors);
  return { ...vectors, space };
};

const toUnitLength = ({ count, dim, data, present }: AdVectors): void => {
  for (let row = 0; row < count; row += 1) {
    if (present?.[row] === 0) continue;
    let sum = 0;
    for (let i = row * dim; i < (row + 1) * dim; i += 1) sum += data[i]! * data[i]!;
    // Zeros have no direction: hnswlib keeps them as zeros, and their cosine with any vector is 0.
    if (sum === 0) continue;
    const norm = Math.sqrt(sum);
    for (let i = row * dim; i < (row + 1) * dim; i += 1) data[i]! /= norm;
  }
};
