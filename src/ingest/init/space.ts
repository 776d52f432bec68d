import { join } from 'node:path';
import { RecallError } from '../../errors.ts';
import type { Space } from '../../domain/metric.ts';
import { agreeing, compareStored, spaceFrom, type StoredVectors } from '../../domain/sample/stored-vectors.ts';
import type { Folder, Pair } from './folder.ts';
import type { Labelled, LabelsFound } from './labels.ts';
import { orWithout } from './refusals.ts';
import type { FoundFile } from './survey.ts';

export interface SpaceFound {
  readonly space: Space;
  readonly evidence: string;
  /** Rows looked at are of unit length. */ readonly unit: boolean;
}

type Index = Extract<FoundFile, { is: 'index' }>;

/** Rows looked at, evenly spread: doctor reads them all. */
const most = 2_000;

const spreadOver = (count: number): number[] => {
  const picked = Math.min(most, count);
  return Array.from({ length: picked }, (_, i) => Math.floor((i * count) / picked));
};

const equivalent = 'all rows are of unit length, for which ip, cosine and l2 order alike: taken as ip';

const undecided = (what: string, choices: readonly Space[]): RecallError =>
  new RecallError('bad-input', `the vectors do not show the space of ${what}`, {
    expected: 'one that fits',
    found: choices.join(', '),
    todo: `say which: ${choices.map((space) => `--space ${space}`).join(' or ')}`,
  });

/** The vectors kept in some nodes of the index, in the order of `nodes`. */
const storedAt = async (
  { dir, tools }: Folder,
  { file, header: { dim, count } }: Index,
  nodes: readonly number[],
): Promise<Float32Array> => {
  const ordinals = new Int32Array(count).fill(-1);
  for (const [i, node] of nodes.entries()) ordinals[node] = i;
  return (
    await tools.indexes.hnsw.readVectors(
      join(dir, file),
      { dim, count, space: 'ip', nodes: { labels: new BigUint64Array(count), ordinals } },
      nodes.length,
    )
  ).data;
};

/** Rows compared, and the ads they are of. */
type Compared = StoredVectors & { readonly ids: readonly string[] };

const compareAt = async (
  options: Folder,
  index: Index,
  { adIds }: Labelled,
  { matrix, ids }: Pair,
): Promise<Compared> => {
  const rowOf = new Map(ids.ids.map((id, row) => [id, row]));
  const shared = adIds.flatMap((id, node) => (rowOf.has(id) ? [node] : []));
  const nodes = spreadOver(shared.length).map((i) => shared[i] ?? 0);
  const place = new Int32Array(matrix.shape.count).fill(-1);
  for (const [i, node] of nodes.entries()) place[rowOf.get(adIds[node] ?? '') ?? 0] = i;
  const { data } = await options.tools.files.readMatrix(join(options.dir, matrix.file), { place, rows: nodes.length });
  return {
    ...compareStored(await storedAt(options, index, nodes), data, matrix.shape.dim),
    ids: nodes.map((node) => adIds[node] ?? ''),
  };
};

/** One file of labels that does not do: its own error; several or none: what was looked at. */
const unlabelled = ({ file }: Index, refused: readonly RecallError[]): RecallError => {
  const [only, another] = refused;
  if (only !== undefined && another === undefined) return orWithout(only, file);
  return new RecallError('bad-input', `no file says which ads the labels of ${file} are`, {
    expected: 'label,ad_id as .csv; labels as .npy beside the ids; or ids by line',
    found:
      refused.map(({ message, found }) => `${message}${found === undefined ? '' : ` (${found})`}`).join('; ') ||
      'none that names all labels',
    todo: 'put it into the folder, or take the index out of it',
  });
};

/**
 * The reading of the labels under which the index keeps most vectors of the file, and its space: equal as they lie = ip
 * or l2, equal at unit length = cosine. Throws `bad-input` where none or several fit.
 */
export const spaceOfIndex = async (
  options: Folder,
  index: Index,
  { readings, refused }: LabelsFound,
  pair: Pair | null,
): Promise<{ labelled: Labelled; space: SpaceFound }> => {
  const [first] = readings;
  if (first === undefined) throw unlabelled(index, refused);
  if (pair === null) return withoutVectors(options, index, readings);
  const compared = await Promise.all(
    readings.map(async (labelled) => ({ labelled, of: await compareAt(options, index, labelled, pair) })),
  );
  const able = compared.filter(({ of }) => spaceFrom(of).choices.length > 0 && of.compared > 0);
  const most = Math.max(...able.map(({ of }) => agreeing(of) / of.compared));
  const fitting = able.filter(({ of }) => agreeing(of) / of.compared === most);
  const [only] = fitting;
  refuseZeros((only ?? compared[0])?.of, index, pair);
  if (only === undefined) throw otherVectors(compared[0]?.of, index, pair);
  if (fitting.some(({ labelled }) => labelled.adIds.some((id, node) => id !== only.labelled.adIds[node])))
    throw new RecallError('bad-input', `the labels of ${index.file} cannot be matched to ads`, {
      expected: 'one reading',
      found: fitting.map(({ labelled }) => labelled.entry?.file ?? 'ordinals').join(', '),
      todo: 'say which: --map ads.labels=FILE',
    });
  return { labelled: only.labelled, space: decided(options.space, only.of, index.file, pair.matrix.file) };
};

/** A failed embedding, not one made again: no index was built from it. */
const refuseZeros = (of: Compared | undefined, { file }: Index, { matrix }: Pair): void => {
  const zeros = of?.apart.find((one) => one.zeros);
  if (zeros === undefined) return;
  throw new RecallError('bad-vectors', `${matrix.file}: a vector of zeros, and ${file} holds another`, {
    expected: 'the vector the index was built from',
    found: `zeros for ${String(of?.ids[zeros.row])}`,
    todo: 'write the vectors again, or take one of the two out of the folder',
  });
};

const otherVectors = (of: Compared | undefined, { file }: Index, { matrix }: Pair): RecallError => {
  const [first] = of?.apart ?? [];
  return new RecallError('bad-input', `${file} holds other vectors than ${matrix.file}`, {
    expected: 'the same vectors, as they lie or at unit length, but for few',
    found: `of ${of?.compared ?? 0} compared, ${of?.raw ?? 0} as they lie and ${of?.scaled ?? 0} at unit length${first === undefined ? '' : `; the first that differs is that of ${String(of?.ids[first.row])}`}`,
    todo: 'take one of the two out of the folder',
  });
};

const mostNamed = 5;

const named = ({ ids }: Compared, rows: readonly number[]): string =>
  `${rows
    .slice(0, mostNamed)
    .map((row) => ids[row] ?? '')
    .join(', ')}${rows.length > mostNamed ? ', …' : ''}`;

/** Further findings about the rows: those that differ, and those of zeros. */
const oddRows = (of: Compared): string =>
  [
    ...(of.apart.length === 0
      ? []
      : [
          `; ${of.apart.length} of ${of.compared} rows differ, stale or mislabelled: ${named(
            of,
            of.apart.map(({ row }) => row),
          )}`,
        ]),
    ...(of.zeros.length === 0 ? [] : [`; ${of.zeros.length} of zeros: ${named(of, of.zeros)}`]),
  ].join('');

const decided = (given: Space | null, of: Compared, indexFile: string, vectorsFile: string): SpaceFound => {
  const { space, choices } = spaceFrom(of);
  const unit = of.unit === of.compared;
  if (given !== null && !choices.includes(given))
    throw new RecallError('bad-input', `${indexFile} is not of the space ${given}`, {
      expected: choices.join(' or '),
      found: `--space ${given}`,
      todo: `leave --space out, or say ${choices.join(' or ')}`,
    });
  if (given !== null)
    return { space: given, evidence: `given by --space; the vectors it keeps fit${oddRows(of)}`, unit };
  if (space === null) throw undecided(indexFile, choices);
  const same = `the vectors it keeps are those of ${vectorsFile}${oddRows(of)}`;
  return {
    space,
    unit,
    evidence:
      space === 'ip'
        ? `${same}; ${equivalent}`
        : `at unit length it keeps those of ${vectorsFile}: ${of.scaled} of ${of.compared}${oddRows(of)}`,
  };
};

const withoutVectors = (
  { space }: Folder,
  { file }: Index,
  readings: readonly Labelled[],
): { labelled: Labelled; space: SpaceFound } => {
  const [labelled, another] = readings;
  if (labelled === undefined || another !== undefined)
    throw new RecallError('bad-input', `the labels of ${file} cannot be matched to ads`, {
      expected: 'one reading',
      found: readings.map(({ entry }) => entry?.file ?? 'ordinals').join(', '),
      todo: 'say which: --map ads.labels=FILE',
    });
  if (space === null) throw undecided(file, ['ip', 'cosine', 'l2']);
  return { labelled, space: { space, evidence: 'given by --space', unit: false } };
};

/**
 * The metric of vectors without an index: given by an option, or ip where they are of unit length. Throws `bad-input`
 * with the choices.
 */
export const spaceOfVectors = async ({ dir, tools, space }: Folder, { matrix }: Pair): Promise<SpaceFound> => {
  const rows = spreadOver(matrix.shape.count);
  const place = new Int32Array(matrix.shape.count).fill(-1);
  for (const [i, row] of rows.entries()) place[row] = i;
  const { data } = await tools.files.readMatrix(join(dir, matrix.file), { place, rows: rows.length });
  const { unit, compared } = compareStored(data, data, matrix.shape.dim);
  if (space !== null) return { space, evidence: 'given by --space', unit: unit === compared };
  if (unit !== compared) throw undecided(matrix.file, ['ip', 'cosine', 'l2']);
  return { space: 'ip', evidence: equivalent, unit: true };
};
