import { join } from 'node:path';
import { sharesOf } from '../domain/sample/side.ts';
import type { FoundFile } from './init-survey.ts';
import type { PlaceOptions } from './init-artefacts.ts';

/** One reading of the labels of an index: the ad of each node, and the files that say so. */
export interface Labelled {
  readonly entry: { readonly file: string; readonly ids: string | null } | null;
  readonly files: readonly string[];
  readonly adIds: readonly string[];
  readonly evidence: string;
}

type Index = Extract<FoundFile, { is: 'index' }>;

const mostlyAds = 0.5;

/**
 * Every reading of an index's labels that names all of them and, mostly, ads of the sample: a file of labels and ads, labels
 * beside ids, ids by line number, or ordinals. Their vectors decide between several.
 */
export const labelsFor = async ({ dir, found, sample, told, tools }: PlaceOptions, { file: indexFile, header }: Index): Promise<readonly Labelled[]> => {
  const labels = await tools.readIndexLabels(join(dir, indexFile));
  const given = told.get('ads.labels')?.column;
  const reading = (of: readonly bigint[] | BigUint64Array, ads: readonly string[], entry: Labelled['entry'], files: readonly string[]): Labelled[] => {
    if (ads.length !== of.length || (given !== undefined && entry?.file !== given)) return [];
    const adOf = new Map(Array.from(of, (label, i) => [label, ads[i] ?? '']));
    const adIds = Array.from(labels, (label) => adOf.get(label) ?? '');
    if (adIds.includes('')) return [];
    const share = sharesOf(adIds, () => false, (id) => sample.catalog.ordinalOf(id) !== null).ads;
    if (share < mostlyAds) return [];
    return [{ entry, files, adIds, evidence: `names all ${header.count} labels of ${indexFile}; ${(share * 100).toFixed(share === 1 ? 0 : 1)} % of its ads are ads of the sample` }];
  };
  const ids = found.filter((one) => one.is === 'ids');
  const named = found.filter((one) => one.is === 'labels').flatMap(({ file, labels: { labels: of, adIds } }) => (adIds === null
    ? ids.flatMap((one) => reading(of, one.ids, { file, ids: one.file }, [file, one.file]))
    : reading(of, adIds, { file, ids: null }, [file])));
  const byLine = ids.flatMap(({ file, ids: all }) => reading(all.map((_, line) => BigInt(line)), all, { file, ids: null }, [file]));
  const { catalog } = sample;
  const ordinals = given === undefined && header.count === catalog.adCount
    ? reading(Array.from({ length: catalog.adCount }, (_, i) => BigInt(i)), Array.from({ length: catalog.adCount }, (_, i) => catalog.idOf(i)), null, []) : [];
  return [...named, ...byLine, ...ordinals];
};
