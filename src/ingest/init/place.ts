import { fitPercent } from '../../base/percent.ts';
import { join } from 'node:path';
import { RecallError } from '../../errors.ts';
import type { Space } from '../../domain/metric.ts';
import type { Guess } from '../../domain/sample/guess.ts';
import { sharesOf, sidesOf, type Side } from '../../domain/sample/side.ts';
import { proposeModel } from '../../workspace/models/index.ts';
import type { FileOf, Folder, Noted, Pair } from './folder.ts';
import { refuseDamaged, refuseDamagedIndex } from './refusals.ts';
import { labelsFor, type Labelled } from './labels.ts';
import { placeServed } from './served.ts';
import { spaceOfIndex, spaceOfVectors, type SpaceFound } from './space.ts';

export interface Artefacts {
  /** Parts of the manifest: vectors, index, model, served; what is absent was not found. */
  readonly entries: Readonly<Record<string, unknown>>;
  readonly guesses: readonly Guess[];
  /** The role of each file. */
  readonly taken: ReadonlyMap<string, string>;
}

export const ambiguousFile = (
  field: string,
  choices: readonly string[],
  todo = `say which: --map ${field}=FILE`,
): RecallError =>
  new RecallError('bad-input', `${field}: no single file fits`, {
    expected: 'one candidate',
    found: choices.join(', '),
    todo,
  });

/** `--map users.vectors=none` declares that there are none, whatever files the folder has. */
const none = 'none';

/** Vectors and ids that have as many rows as lines, by whose ids they are; two readings stop. */
const pairOf = ({ found, sample, overrides }: Folder, side: Side): Pair | null => {
  const users = new Set(sample.store.userIds());
  const given = { vectors: overrides.get(`${side}.vectors`)?.column, ids: overrides.get(`${side}.ids`)?.column };
  if (given.vectors === none) return null;
  const pairs = found
    .filter((one) => one.is === 'matrix')
    .flatMap((matrix) =>
      found
        .filter((one) => one.is === 'ids')
        .flatMap((ids): Pair[] => {
          if (
            ids.ids.length !== matrix.shape.count ||
            (given.vectors ?? matrix.file) !== matrix.file ||
            (given.ids ?? ids.file) !== ids.file
          )
            return [];
          const shares = sharesOf(
            ids.ids,
            (id) => users.has(id),
            (id) => sample.catalog.ordinalOf(id) !== null,
          );
          const sides = sidesOf(shares);
          if (!sides.includes(side)) return [];
          if (sides.length > 1 && given.vectors === undefined)
            throw ambiguousFile(`${side}.vectors`, [
              `${matrix.file} with ${ids.file}: its ids are users and ads alike`,
            ]);
          return [
            {
              matrix,
              ids,
              evidence: `${matrix.shape.count} rows, as many as ${ids.file} has lines; ${fitPercent(shares[side])} of these are ids of ${side}`,
            },
          ];
        }),
    );
  const [only] = pairs;
  if (pairs.length > 1)
    throw ambiguousFile(
      `${side}.vectors`,
      pairs.map(({ matrix, ids }) => `${matrix.file} with ${ids.file}`),
      `say which: --map ${side}.vectors=FILE --map ${side}.ids=FILE`,
    );
  if (only === undefined && given.vectors !== undefined)
    throw ambiguousFile(`${side}.vectors`, [`${given.vectors}: no vectors with as many ids of ${side}`]);
  return only ?? null;
};

const indexOf = (options: Folder): FileOf<'index'> | null => {
  const { found, overrides } = options;
  const given = overrides.get('ads.index')?.column;
  if (given === none) return null;
  const all = found.filter((one) => one.is === 'index').filter(({ file }) => (given ?? file) === file);
  if (all.length > 1)
    throw ambiguousFile(
      'ads.index',
      all.map(({ file }) => file),
    );
  if (all.length === 0) refuseDamagedIndex(options, given);
  if (all.length === 0 && given !== undefined) throw ambiguousFile('ads.index', [`${given}: no hnswlib index`]);
  return all[0] ?? null;
};

const placeIndex = async (
  options: Folder,
  pair: Pair | null,
  noted: Noted,
): Promise<{ entry: unknown; space: SpaceFound | null }> => {
  const index = indexOf(options);
  if (index === null) return { entry: null, space: null };
  const { dir, tools } = options;
  const { header, file } = index;
  if (pair !== null && pair.matrix.shape.dim !== header.dim) {
    throw new RecallError('bad-index', `${file}: the dimension of the index differs from that of the vectors`, {
      expected: `${pair.matrix.shape.dim} columns, as ${pair.matrix.file}`,
      found: `${header.dim} columns`,
      todo: 'take one of the two out of the folder, or say --map ads.index=none',
    });
  }
  const labels = await labelsFor(options, index);
  const { labelled, space } = await spaceOfIndex(options, index, labels, pair);
  const hash = (name: string): Promise<string> => tools.files.rememberedSha256(join(dir, name));
  noted.taken.set(file, `the index: ${header.count} nodes, ${header.dim} columns, M ${header.m}`);
  for (const name of labelled.files)
    if (!noted.taken.has(name)) noted.taken.set(name, `which ad a label of ${file} is`);
  noted.guesses.push(
    {
      field: 'index',
      value: file,
      evidence: `a header of hnswlib: ${header.count} nodes, ${header.dim} columns${pair === null ? '' : ` as ${pair.matrix.file}`}`,
    },
    { field: 'index.labels', value: labelled.entry?.file ?? 'ordinals', evidence: labelled.evidence },
    { field: 'index.space', value: space.space, evidence: space.evidence },
  );
  const entry = await labelEntry(labelled, hash);
  return {
    space,
    entry: {
      file,
      sha256: await hash(file),
      space: space.space,
      dim: header.dim,
      count: header.count,
      m: header.m,
      efConstruction: header.efConstruction,
      seed: null,
      labels: entry,
    },
  };
};

const labelEntry = async ({ entry }: Labelled, hash: (name: string) => Promise<string>): Promise<unknown> =>
  entry === null ? null : { file: entry.file, sha256: await hash(entry.file), ids: entry.ids };

/** Vectors and their ids as the manifest names them. */
interface PairEntry {
  readonly file: string;
  readonly sha256: string;
  readonly dim: number;
  readonly ids: { readonly file: string; readonly sha256: string };
}

/**
 * Places the vectors, the index and the served log of a folder next to its sample. Throws `bad-input` with the choices
 * where several readings fit; a file that contradicts the rest is omitted, and `taken` gives the reason.
 */
export const placeArtefacts = async (options: Folder): Promise<Artefacts> => {
  const { dir, tools, overrides } = options;
  const noted: Noted = { guesses: [], taken: new Map() };
  const hash = (name: string): Promise<string> => tools.files.rememberedSha256(join(dir, name));
  const entryOf = async ({ matrix: { file, shape }, ids }: Pair): Promise<PairEntry> => ({
    file,
    sha256: await hash(file),
    dim: shape.dim,
    ids: { file: ids.file, sha256: await hash(ids.file) },
  });
  const note = (pair: Pair, field: string, what: string): void => {
    noted.taken.set(pair.matrix.file, what);
    if (!noted.taken.has(pair.ids.file)) noted.taken.set(pair.ids.file, `ids of the rows of ${pair.matrix.file}`);
    noted.guesses.push({ field, value: pair.matrix.file, evidence: pair.evidence });
  };
  const ads = pairOf(options, 'ads');
  const users = pairOf(options, 'users');
  const sides: readonly Side[] = ['ads', 'users'];
  await refuseDamaged(
    options,
    [ads, users],
    sides.filter((side, i) => [ads, users][i] === null && overrides.get(`${side}.vectors`)?.column !== none),
  );
  if (ads !== null) note(ads, 'vectors', 'the vectors of the ads');
  const { entry: index, space: fromIndex } = await placeIndex(options, ads, noted);
  const space = fromIndex ?? (ads === null ? null : await spaceOfVectors(options, ads));
  if (fromIndex === null && space !== null)
    noted.guesses.push({ field: 'vectors.metric', value: space.space, evidence: space.evidence });
  const vectors =
    ads === null || space === null
      ? null
      : { ...(await entryOf(ads)), count: ads.matrix.shape.count, normalised: space.unit, metric: space.space };
  const dim = ads?.matrix.shape.dim ?? (index === null ? null : (indexOf(options)?.header.dim ?? null));
  const served = placeServed(options, noted);
  const model =
    users === null || space === null
      ? null
      : await placeModel(options, users, dim, space.space, await entryOf(users), note, noted);
  return { ...noted, entries: { vectors, index, model, ...(served === null ? {} : { served }) } };
};

const placeModel = async (
  { dir, tools, builtUntil }: Folder,
  users: Pair,
  dim: number | null,
  space: Space,
  entry: PairEntry,
  note: (pair: Pair, field: string, what: string) => void,
  noted: Noted,
): Promise<unknown> => {
  const { file, shape } = users.matrix;
  if (shape.dim !== dim)
    throw new RecallError('bad-vectors', `${file}: the dimension differs from that of the vectors of the ads`, {
      expected: `${String(dim)} columns`,
      found: `${shape.dim} columns`,
      todo: 'write it again with the model that made the vectors of the ads, or say --map users.vectors=none',
    });
  // Every number is looked at, none kept: a NaN is named here, with its row, and not after all is written.
  await tools.files.readMatrix(join(dir, file), { place: new Int32Array(shape.count).fill(-1), rows: 0 });
  const proposed = proposeModel({ ...entry, space, builtUntil });
  if (proposed === null) return null;
  note(users, 'model', 'the vectors of the users, as the model');
  noted.guesses.push(...proposed.guesses);
  return proposed.entry;
};
