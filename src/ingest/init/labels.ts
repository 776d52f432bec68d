import { fitPercent } from '../../base/percent.ts';
import { join } from 'node:path';
import { RecallError } from '../../errors.ts';
import { sharesOf } from '../../domain/sample/side.ts';
import type { FoundFile } from './survey.ts';
import type { Folder } from './folder.ts';

/** One reading of the labels of an index: the ad of each node, and the files that say so. */
export interface Labelled {
  readonly entry: { readonly file: string; readonly ids: string | null } | null;
  readonly files: readonly string[];
  readonly adIds: readonly string[];
  readonly evidence: string;
}

/** The readings that fit, and why a file of labels gave none. */
export interface LabelsFound {
  readonly readings: readonly Labelled[];
  readonly refused: readonly RecallError[];
}

type Index = Extract<FoundFile, { is: 'index' }>;

const mostlyAds = 0.5;

/**
 * Every reading of an index's labels that names all of them and, mostly, ads of the sample: a file of labels and ads,
 * labels beside ids, ids by line number, or ordinals. Their vectors decide between several.
 */
export const labelsFor = async (
  { dir, found, sample, overrides, tools }: Folder,
  { file: indexFile, header }: Index,
): Promise<LabelsFound> => {
  const { labels, deleted } = await tools.indexes.hnsw.readNodes(join(dir, indexFile));
  const live = header.count - deleted.reduce((sum, mark) => sum + mark, 0);
  const given = overrides.get('ads.labels')?.column;
  const refused: RecallError[] = [];
  const refuse = (file: string, message: string, expected: string, there: string): [] => {
    refused.push(
      new RecallError('bad-input', `${file}: ${message}`, {
        expected,
        found: there,
        todo: `write \`label,ad_id\` for every label of ${indexFile}, or put the index back it was written for`,
      }),
    );
    return [];
  };
  const reading = (
    of: readonly bigint[] | BigUint64Array,
    ads: readonly string[],
    entry: Labelled['entry'],
    files: readonly string[],
  ): Labelled[] => {
    if (ads.length !== of.length || (given !== undefined && entry?.file !== given)) return [];
    const adOf = new Map(Array.from(of, (label, i) => [label, ads[i] ?? '']));
    const adIds = Array.from(labels, (label) => adOf.get(label) ?? '');
    const unnamed = adIds.flatMap((id, node) => (id === '' && deleted[node] === 0 ? [labels[node]] : []));
    if (unnamed.length > 0)
      return refuse(
        files[0] ?? indexFile,
        `labels of ${indexFile} are missing in it`,
        `a line for each of its ${live} labels`,
        `${unnamed.length} labels without a line, the first is ${String(unnamed[0])}`,
      );
    const share = sharesOf(
      adIds.filter((id) => id !== ''),
      () => false,
      (id) => sample.catalog.ordinalOf(id) !== null,
    ).ads;
    if (share < mostlyAds)
      return refuse(
        files[0] ?? indexFile,
        'its ids are not ads of the sample',
        `ids such as ${sample.catalog.adCount === 0 ? '(none)' : sample.catalog.idOf(0)}`,
        adIds
          .slice(0, 3)
          .map((id) => JSON.stringify(id))
          .join(', '),
      );
    return [
      {
        entry,
        files,
        adIds,
        evidence: `names all ${live} labels of ${indexFile}${live === header.count ? '' : ` but for ${header.count - live} nodes marked as deleted`}; ${fitPercent(share)} of its ads are ads of the sample`,
      },
    ];
  };
  const ids = found.filter((one) => one.is === 'ids');
  const named = found
    .filter((one) => one.is === 'labels')
    .flatMap(({ file, labels: { labels: of, adIds } }) =>
      adIds === null
        ? ids.flatMap((one) => reading(of, one.ids, { file, ids: one.file }, [file, one.file]))
        : reading(of, adIds, { file, ids: null }, [file]),
    );
  for (const one of found)
    if (one.is === 'table' && one.error !== undefined && (given ?? one.file) === one.file) refused.push(one.error);
  // The following guess needs no file of labels: if it does not fit, the files may still be sound.
  const reasons = [...refused];
  const byLine = ids.flatMap(({ file, ids: all }) =>
    reading(
      all.map((_, line) => BigInt(line)),
      all,
      { file, ids: null },
      [file],
    ),
  );
  const { catalog } = sample;
  const ordinals =
    given === undefined && header.count === catalog.adCount
      ? reading(
          Array.from({ length: catalog.adCount }, (_, i) => BigInt(i)),
          Array.from({ length: catalog.adCount }, (_, i) => catalog.idOf(i)),
          null,
          [],
        )
      : [];
  return { readings: [...named, ...byLine, ...ordinals], refused: reasons };
};
