import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RecallError } from '../../errors.ts';
import { families } from '../../domain/tower/features.ts';
import type { Family } from '../../domain/tower/features.ts';
import { poolLayout } from '../../domain/tower/pool.ts';
import type { DenseWeights, TowerModel } from '../../domain/tower/model.ts';
import { vocabularyOf } from '../../domain/tower/vocabulary.ts';
import { modelFormat, readModelJson, readStrings } from './model-json.ts';
import type { ModelJson } from './model-json.ts';
import { readTensor, writeTensor } from './tensor-files.ts';

/** Strings of one file; long lists are split so that no file grows beyond 4 MB. */
const stringsPerFile = 40_000;

/**
 * Writes model.json, the weights (embedding table as float16, the rest float32) and the vocabulary into
 * the folder `dir`, which must be new: the caller renames it into place.
 */
export const saveModel = async (dir: string, model: TowerModel): Promise<void> => {
  await mkdir(dir, { recursive: true });
  const {
    shape: { dim, hidden, groups },
    weights: { table, pool, dense },
    vocabulary,
    ads,
  } = model;
  const width = groups.length * dim;
  const tensors = [
    await writeTensor(dir, 'table', [vocabulary.size, dim], 'float16', table),
    await writeTensor(dir, 'pool', [pool.length], 'float32', pool),
    await writeTensor(dir, 'a', [width, dim], 'float32', dense.a),
    await writeTensor(dir, 'w1', [width, hidden], 'float32', dense.w1),
    await writeTensor(dir, 'b1', [hidden], 'float32', dense.b1),
    await writeTensor(dir, 'w2', [hidden, dim], 'float32', dense.w2),
    await writeTensor(dir, 'b', [dim], 'float32', dense.b),
    await writeTensor(dir, 'ad-offsets', [ads.offsets.length], 'uint32', ads.offsets),
    await writeTensor(dir, 'ad-rows', [ads.rows.length], 'uint32', ads.rows),
    await writeTensor(dir, 'ad-weights', [ads.weights.length], 'float32', ads.weights),
  ];
  const strings: ModelJson['strings'] = { ads: await writeStrings(dir, 'ads', model.adIds) };
  for (const family of families) strings[family] = await writeStrings(dir, family, vocabulary.keys[family]);
  const json: ModelJson = {
    format: modelFormat,
    dim,
    hidden,
    groups: groups.map((g) => ({ ...g, kinds: [...g.kinds], ownKinds: [...g.ownKinds] })),
    temperature: model.temperature,
    builtUntil: model.builtUntil,
    strings,
    tensors: tensors.map((t) => ({ ...t, shape: [...t.shape], files: [...t.files] })),
    training: { ...model.training },
  };
  await writeFile(join(dir, 'model.json'), `${JSON.stringify(json, null, 1)}\n`);
};

const writeStrings = async (
  dir: string,
  name: string,
  strings: readonly string[],
): Promise<{ count: number; files: string[] }> => {
  const files: string[] = [];
  for (let at = 0; at < strings.length; at += stringsPerFile) {
    const file = `strings-${name}-${String(files.length).padStart(3, '0')}.json`;
    await writeFile(join(dir, file), JSON.stringify(strings.slice(at, at + stringsPerFile)));
    files.push(file);
  }
  return { count: strings.length, files };
};

/** Reads a model; throws `bad-model` where anything is missing, truncated, of another shape or not finite. */
export const readModel = async (dir: string): Promise<TowerModel> => {
  const json = await readModelJson(dir);
  const { dim, hidden, groups } = json;
  const adIds = await readStrings(dir, json, 'ads');
  const lists = new Map<Family, string[]>();
  for (const family of families) lists.set(family, await readStrings(dir, json, family));
  const of = (family: Family): string[] => lists.get(family) ?? [];
  const vocabulary = vocabularyOf({
    id: of('id'),
    word: of('word'),
    bigram: of('bigram'),
    category: of('category'),
    brand: of('brand'),
    price: of('price'),
    context: of('context'),
  });
  const read = tensorReader(dir, json);
  const width = groups.length * dim;
  const dense: DenseWeights = {
    a: await read.floats('a', [width, dim]),
    w1: await read.floats('w1', [width, hidden]),
    b1: await read.floats('b1', [hidden]),
    w2: await read.floats('w2', [hidden, dim]),
    b: await read.floats('b', [dim]),
  };
  const pool = await read.floats('pool', [poolLayout(groups).size]);
  const table = await read.floats('table', [vocabulary.size, dim]);
  const offsets = await read.integers('ad-offsets', adIds.length + 1);
  const entries = offsets[adIds.length] ?? 0;
  const rows = await read.integers('ad-rows', entries);
  if (rows.some((row) => row >= vocabulary.size) || offsets.some((o, i) => i > 0 && o < (offsets[i - 1] ?? 0))) {
    throw new RecallError('bad-model', 'the ads of the model point outside its table', {
      todo: 'train the model again',
    });
  }
  return {
    shape: { dim, hidden, groups },
    vocabulary,
    adIds,
    ads: { count: adIds.length, offsets, rows, weights: await read.floats('ad-weights', [entries]) },
    weights: { table, pool, dense },
    temperature: json.temperature,
    builtUntil: json.builtUntil,
    training: json.training,
  };
};

const tensorReader = (dir: string, json: ModelJson) => {
  const read = async (name: string, shape: readonly number[]): Promise<Float32Array | Uint32Array> => {
    const entry = json.tensors.find((t) => t.name === name);
    if (entry === undefined || entry.shape.join('×') !== shape.join('×')) {
      throw new RecallError('bad-model', `the model's tensor ${name} does not fit the rest of it`, {
        expected: shape.join('×'),
        found: entry === undefined ? 'no such tensor' : entry.shape.join('×'),
        todo: 'train the model again',
      });
    }
    return readTensor(dir, entry);
  };
  return {
    floats: async (name: string, shape: readonly number[]): Promise<Float32Array> => {
      const values = await read(name, shape);
      return values instanceof Float32Array ? values : Float32Array.from(values);
    },
    integers: async (name: string, length: number): Promise<Uint32Array> => {
      const values = await read(name, [length]);
      if (values instanceof Uint32Array) return values;
      throw new RecallError('bad-model', `the model's tensor ${name} does not hold integers`, {
        todo: 'train the model again',
      });
    },
  };
};
