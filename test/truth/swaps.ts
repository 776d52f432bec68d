import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, mustRun, object, parseJson, text, type JsonObject } from './program.ts';
import { adIdsOf, jsonOf } from './claims/lists.ts';
import type { Shop, SwapSpec } from './shops.ts';

/** Two folders that differ in these units, and every folder between them. */
export interface Swaps {
  readonly name: string;
  readonly shop: Shop;
  /** The units that differ, by the names the program has for them. */
  readonly units: readonly string[];
  /** The first folder with the units of this mask (bit i: units[i]) taken from the second; made once. */
  readonly folderOf: (mask: number) => string;
}

export const readJson = (path: string): JsonObject => {
  return parseJson(readFileSync(path, 'utf8'));
};

const writeJson = (path: string, json: JsonObject): void => {
  writeFileSync(path, JSON.stringify(json, null, 2));
};

/** The entries of the manifest that make a unit, whose files they name, and files without an entry. */
const partsOf: Readonly<Record<string, { readonly files: readonly string[]; readonly entries: readonly string[] }>> = {
  graph: { files: [], entries: ['index'] },
  model: { files: [], entries: ['model', 'vectors', 'index'] },
  data: { files: [], entries: ['sample'] },
  rules: { files: ['rules.json'], entries: [] },
  settings: { files: [], entries: ['eligibility'] },
};

const copyOf = (dir: string, to: string): string => {
  cpSync(dir, to, { recursive: true });
  return to;
};

const blockedIn = ({ adIds }: Shop): string[] => adIds.filter((_, i) => i % 11 === 2);

/** How the second folder comes by another unit. */
const changes: Readonly<Record<string, (dir: string, shop: Shop, seed: number) => Promise<void>>> = {
  graph: async (dir, _, seed) => {
    await mustRun(['index', dir, '--m', '2', '--ef-construction', '4', '--seed', String(seed)]);
  },
  model: async (dir, shop, seed) => {
    const until = String(object(readJson(join(shop.dir, 'recall.json')), 'model')['builtUntil']);
    await mustRun(['train', dir, '--epochs', '1', '--dim', '12', '--seed', String(seed), '--until', until]);
    await mustRun(['index', dir, '--m', '16', '--ef-construction', '100']);
  },
  data: async (dir, shop) => {
    const source = copyOf(`${shop.dir}-source`, `${dir}-source`);
    const [head = '', ...rows] = readFileSync(join(source, 'events.csv'), 'utf8').trimEnd().split('\n');
    writeFileSync(join(source, 'events.csv'), [head, ...rows.filter((_, i) => i % 3 !== 1), ''].join('\n'));
    const other = `${dir}-imported`;
    await mustRun(['import', 'csv', source, '--out', other]);
    take('data', other, dir);
  },
  ended: async (dir, shop) => {
    const source = copyOf(`${shop.dir}-source`, `${dir}-source`);
    const [head = '', ...rows] = readFileSync(join(source, 'ads.csv'), 'utf8').trimEnd().split('\n');
    const blocked = new Set(blockedIn(shop));
    const ends = rows.map(
      (row) => `${row},${blocked.has(row.slice(0, row.indexOf(','))) ? '2025-01-01T00:00:00Z' : ''}`,
    );
    writeFileSync(join(source, 'ads.csv'), [`${head},endAt`, ...ends, ''].join('\n'));
    const other = `${dir}-imported`;
    await mustRun(['import', 'csv', source, '--out', other]);
    take('data', other, dir);
  },
  rules: async (dir) => {
    const rules = readJson(join(dir, 'rules.json'));
    const order = ['popular', 'frequent-category', 'recent-category', 'keyword', 'priority'];
    writeJson(join(dir, 'rules.json'), { ...rules, order, frequentCategories: 1 });
    return Promise.resolve();
  },
  settings: async (dir, shop) => {
    const manifest = readJson(join(dir, 'recall.json'));
    const blocklist = blockedIn(shop);
    writeJson(join(dir, 'recall.json'), {
      ...manifest,
      eligibility: { ...object(manifest, 'eligibility'), blocklist },
    });
    return Promise.resolve();
  },
};

/** Puts a unit of one folder into another. */
const take = (unit: string, from: string, to: string): void => {
  const { files, entries } = partsOf[unit] ?? { files: [], entries: [] };
  const [theirs, ours] = [readJson(join(from, 'recall.json')), readJson(join(to, 'recall.json'))];
  // A trained model is a folder, an artefact that was built again a file of another name.
  const named = entries
    .filter((entry) => entry !== 'eligibility')
    .map((entry) => text(object(theirs, entry), entry === 'model' ? 'dir' : 'file'));
  for (const file of [...files, ...named]) cpSync(join(from, file), join(to, file), { recursive: true });
  const taken = Object.fromEntries(entries.map((entry) => [entry, theirs[entry] ?? null]));
  writeJson(join(to, 'recall.json'), builtFromItsSample({ ...ours, ...taken }));
};

/** The program refuses artefacts of another sample; here they are said to be of this one, whose ads are the same. */
const builtFromItsSample = (manifest: JsonObject): JsonObject => {
  const sample = object(manifest, 'sample')['sha256'] ?? null;
  const entries = ['model', 'vectors', 'i2i'].map((name) => {
    const entry = object(manifest, name);
    return [name, { ...entry, builtFrom: { ...object(entry, 'builtFrom'), sample } }];
  });
  return { ...manifest, ...Object.fromEntries(entries) };
};

export const makeSwaps = async (shop: Shop, spec: SwapSpec, seed: number): Promise<Swaps> => {
  const units = Object.keys(spec);
  const ways = Object.values(spec).join('-');
  const name = `${shop.spec.name}-${ways}`;
  const second = copyOf(shop.dir, `${shop.dir}-with-other-${ways}`);
  for (const way of Object.values(spec)) await changes[way]?.(second, shop, seed + 31);
  return {
    name,
    shop,
    units,
    folderOf: (mask) => {
      const dir = `${shop.dir}-${ways}-${mask}`;
      if (existsSync(dir)) return dir;
      copyOf(shop.dir, dir);
      for (const unit of unitsOf(units, mask)) take(unit, second, dir);
      return dir;
    },
  };
};

export const unitsOf = (units: readonly string[], mask: number): string[] => units.filter((_, i) => (mask >> i) & 1);

/** Every list of every folder between the two: `lists[mask][question]`. */
export const listsBetween = async (
  { units, folderOf }: Swaps,
  queries: readonly JsonObject[],
): Promise<readonly string[][]> => {
  const lists: string[][] = [];
  const questions = queries.map((query) => ({
    words: ['recall', String(query['userId']), '--query', JSON.stringify(query)],
  }));
  for (let mask = 0; mask < 2 ** units.length; mask += 1) {
    const answers = await ask(folderOf(mask), questions);
    lists.push(answers.map((answer) => adIdsOf(jsonOf(answer, 'recall')).join(' ')));
  }
  return lists;
};

/** Masks that work and of which no proper part does. */
export const minimalMasks = (n: number, works: (mask: number) => boolean): number[] => {
  const working = Array.from({ length: 2 ** n }, (_, mask) => mask).filter((mask) => mask > 0 && works(mask));
  return working.filter((mask) => !working.some((part) => part !== mask && (part & mask) === part));
};

/** Sets of names as the program gives them, as masks. */
export const masksOf = (units: readonly string[], sets: unknown): number[] =>
  Array.isArray(sets)
    ? sets.map((set: unknown) =>
        Array.isArray(set) ? set.reduce((mask: number, unit) => mask | (1 << units.indexOf(String(unit))), 0) : -1,
      )
    : [];
