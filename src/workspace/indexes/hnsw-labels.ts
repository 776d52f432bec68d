import { resolve } from 'node:path';
import { RecallError } from '../../errors.ts';
import type { FileTools, NodeLabels } from '../../engine/ports/artefacts.ts';
import type { AdCatalog } from '../../engine/ports/ports.ts';
import { countAbsent } from '../coverage.ts';
import type { Coverage } from '../coverage.ts';

/** An index file, and the file that names the ads of its labels; null: labels are ordinals. */
export interface LabelledFile {
  readonly file: string;
  readonly labels: { readonly file: string; readonly ids: string | null } | null;
}

export interface LabelTools {
  readonly files: Pick<FileTools, 'readLabels' | 'readIds'>;
  /** Labels by node, all 64 bits. */
  readLabels(path: string): Promise<BigUint64Array>;
}

/**
 * Which ad each node of a team's index stands for, by its file of labels; undefined where labels are ordinals. Throws
 * `bad-input` (the labels file), `bad-index`: a label of the index the file does not name, a label twice.
 */
export const openNodes = async (
  dir: string,
  { file, labels: entry }: LabelledFile,
  catalog: AdCatalog,
  tools: LabelTools,
): Promise<{ nodes: NodeLabels | undefined; coverage: Coverage | null }> => {
  if (entry === null) return { nodes: undefined, coverage: null };
  const [path, labelPath] = [resolve(dir, file), resolve(dir, entry.file)];
  const adOf = await adsByLabel(dir, entry, labelPath, tools);
  const labels = await tools.readLabels(path);
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
      throw new RecallError('bad-index', `${path}: two nodes stand for one ad`, {
        expected: 'each ad once',
        found: `${String(adId)} again in node ${node}`,
        todo: 'build the index with each label once',
      });
    else present[ordinal] = 1;
    ordinals[node] = ordinal ?? -1;
  }
  if (unnamed.length > 0) {
    throw new RecallError('bad-index', `${path}: labels of the index are missing in ${labelPath}`, {
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
  entry: NonNullable<LabelledFile['labels']>,
  labelPath: string,
  { files }: LabelTools,
): Promise<Map<bigint, string>> => {
  const { labels, adIds: named } = await files.readLabels(labelPath);
  if (named === null && entry.ids === null)
    throw new RecallError('bad-manifest', `${labelPath}: the labels have no ids of ads`, {
      expected: 'index.labels.ids = "ad_ids.txt" with a .npy of labels',
      found: 'labels alone',
      todo: 'name the file of ids, or write label,ad_id as .csv',
    });
  const adIds = named ?? (await files.readIds(resolve(dir, entry.ids ?? '')));
  if (adIds.length !== labels.length)
    throw new RecallError('bad-input', `${labelPath}: the number of labels differs from the number of ids`, {
      expected: `${adIds.length} labels, one for each id`,
      found: `${labels.length} labels`,
      todo: 'write label i as that of line i + 1 of the ids',
    });
  const adOf = new Map<bigint, string>();
  for (const [i, label] of labels.entries()) {
    if (adOf.has(label))
      throw new RecallError('bad-input', `${labelPath}: a label occurs twice`, {
        expected: 'each label once',
        found: `label ${String(label)} at ${i} and before`,
        todo: 'write each label once',
      });
    adOf.set(label, adIds[i] ?? '');
  }
  return adOf;
};
