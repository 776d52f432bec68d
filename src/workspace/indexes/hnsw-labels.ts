import { RecallError } from '../../errors.ts';
import type { FileTools, IndexNodes, NodeLabels } from '../../engine/ports/artefacts.ts';
import type { AdCatalog, IndexElements } from '../../engine/ports/ports.ts';
import { countAbsent } from '../coverage.ts';
import type { Coverage } from '../coverage.ts';
import { placeOf } from '../places.ts';

/** An index file, and the file that names the ads of its labels; null: labels are ordinals. */
export interface LabelledFile {
  readonly file: string;
  readonly labels: { readonly file: string; readonly ids: string | null } | null;
}

export interface LabelTools {
  readonly files: Pick<FileTools, 'readLabels' | 'readIds'>;
  /** Labels and marks of deletion by node. */
  readNodes(path: string): Promise<IndexNodes>;
}

/** The nodes of an index file, told apart by the ads they stand for. */
export interface OpenedNodes {
  /** Undefined where labels are ordinals. */
  readonly nodes: NodeLabels | undefined;
  readonly elements: IndexElements;
  readonly coverage: Coverage | null;
}

/**
 * Which ad each node of an index stands for, by its file of labels or, where labels are ordinals, by itself; and which
 * of them are marked as deleted. A file of labels need not name those, and an ad put in again under another label keeps
 * its deleted node. Throws `bad-input` (the labels file), `bad-index`: a live label the file does not name, an ad twice.
 */
export const openNodes = async (
  dir: string,
  { file, labels: entry }: LabelledFile,
  catalog: AdCatalog,
  tools: LabelTools,
): Promise<OpenedNodes> => {
  const path = placeOf(dir, file);
  const read = await tools.readNodes(path);
  const adCount = BigInt(catalog.adCount);
  if (entry === null)
    return opened(path, read, catalog, (label) => (label < adCount ? Number(label) : null), { named: false });
  const labelPath = placeOf(dir, entry.file);
  const adOf = await adsByLabel(dir, entry, labelPath, tools);
  const unnamed = Array.from(read.labels).filter((label, node) => read.deleted[node] === 0 && !adOf.has(label));
  if (unnamed.length > 0) {
    throw new RecallError('bad-index', `${path}: labels of the index are missing in ${labelPath}`, {
      expected: `a line for each of its ${read.labels.length - sum(read.deleted)} labels`,
      found: `${unnamed.length} labels without a line, the first is ${String(unnamed[0])}`,
      todo: 'write `label,ad_id` for every label of the index',
    });
  }
  return opened(path, read, catalog, (label) => catalog.ordinalOf(adOf.get(label) ?? ''), { named: true });
};

const sum = (marks: Uint8Array): number => marks.reduce((all, mark) => all + mark, 0);

const opened = (
  path: string,
  { labels, deleted }: IndexNodes,
  catalog: AdCatalog,
  ordinalOf: (label: bigint) => number | null,
  { named }: { readonly named: boolean },
): OpenedNodes => {
  const ordinals = new Int32Array(labels.length).fill(-1);
  const nodeOf = new Int32Array(catalog.adCount).fill(-1);
  const states = new Uint8Array(catalog.adCount);
  let strays = 0;
  // Live nodes first: a deleted node of an ad that is there again stands for no ad.
  for (const mark of [0, 1])
    for (const [node, label] of labels.entries()) {
      if (deleted[node] !== mark) continue;
      const ordinal = ordinalOf(label);
      if (ordinal === null && mark === 0 && !named) throw noOrdinal(path, label, node, catalog);
      if (ordinal === null) strays += mark === 0 ? 1 : 0;
      else if (states[ordinal] === 0) {
        states[ordinal] = mark === 0 ? 1 : 2;
        ordinals[node] = ordinal;
        nodeOf[ordinal] = node;
      } else if (mark === 0)
        throw new RecallError('bad-index', `${path}: two nodes stand for one ad`, {
          expected: 'each ad once',
          found: `${catalog.idOf(ordinal)} again in node ${node}`,
          todo: 'build the index with each label once',
        });
    }
  const elements: IndexElements = {
    states,
    deleted: sum(deleted),
    labelOf: (ordinal) => {
      const node = nodeOf[ordinal] ?? -1;
      return node === -1 ? null : String(labels[node]);
    },
  };
  return {
    nodes: named ? { labels, ordinals, ...(elements.deleted === 0 ? {} : { deleted }) } : undefined,
    elements,
    coverage: coverageOf(catalog, elements, named ? strays : null),
  };
};

/** Without a file of labels, a label is an ad's ordinal: no other number stands for an ad. */
const noOrdinal = (path: string, label: bigint, node: number, { adCount }: AdCatalog): RecallError =>
  new RecallError('bad-index', `${path}: a label stands for no ad`, {
    expected: `labels below ${adCount}, the number of ads`,
    found: `label ${String(label)} in node ${node}`,
    todo: 'build it again with `recall-tui index DIR`, or name the file of its labels: index.labels in recall.json',
  });

/** What does not meet; of an index whose labels are ordinals (`withoutAd` null) the manifest says which ads were left out. */
const coverageOf = (
  catalog: AdCatalog,
  { states, deleted }: IndexElements,
  withoutAd: number | null,
): Coverage | null => {
  const { adsWithout, examples } = withoutAd === null ? { adsWithout: 0, examples: [] } : countAbsent(catalog, states);
  if (adsWithout + (withoutAd ?? 0) + deleted === 0) return null;
  const gone = Array.from(states.keys()).filter((ordinal) => states[ordinal] === 2);
  return {
    what: 'index',
    adsWithout,
    withoutAd: withoutAd ?? 0,
    examples,
    ...(deleted === 0
      ? {}
      : { deleted: { nodes: deleted, examples: gone.slice(0, 3).map((ordinal) => catalog.idOf(ordinal)) } }),
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
  const adIds = named ?? (await files.readIds(placeOf(dir, entry.ids ?? '')));
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
