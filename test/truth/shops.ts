import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './program.ts';
import { createRandom } from './random.ts';

/** A workspace with a model of its own, whose weights can be moved: imported, trained and indexed by the program. */
export interface ShopSpec {
  readonly name: string;
  readonly ads: number;
  readonly users: number;
  /** Links per node: 2 makes a graph that misses ads. */
  readonly m: number;
  readonly efConstruction: number;
  /** A second folder differs in these units: bisect and replay are asked about the two, and about nothing else. */
  readonly swaps?: readonly SwapSpec[];
}

/** Units of the second folder that are others, by the program's names for them, and how each came to be. */
export type SwapSpec = Readonly<Record<string, string>>;

export interface Shop {
  readonly spec: ShopSpec;
  readonly dir: string;
  readonly adIds: readonly string[];
  readonly userIds: readonly string[];
}

const start = Date.UTC(2025, 5, 1);
const hour = 3_600_000;
const days = 20;

const words = ['智能音箱', '扫地机器人', 'kettle', 'yoga mat', '登山包', 'desk lamp'];

export const makeShop = async (root: string, spec: ShopSpec, seed: number): Promise<Shop> => {
  const random = createRandom(seed);
  const source = join(root, `${spec.name}-source`);
  const dir = join(root, spec.name);
  mkdirSync(source, { recursive: true });
  const adIds = Array.from({ length: spec.ads }, (_, i) => `ad-${String(i).padStart(4, '0')}`);
  const userIds = Array.from({ length: spec.users }, (_, i) => `u-${String(i).padStart(3, '0')}`);
  const rows = (head: string, lines: readonly string[]): string => `${head}\n${lines.join('\n')}\n`;
  const write = (name: string, text: string): void => {
    writeFileSync(join(source, name), text);
  };
  write(
    'users.csv',
    rows(
      'userId,city',
      userIds.map((id, i) => `${id},c${i % 3}`),
    ),
  );
  write(
    'ads.csv',
    rows(
      'adId,title,category,brand,price',
      adIds.map((id, i) => `${id},${words[i % words.length] ?? ''} ${i},shop > c${i % 9},b${i % 7},${10 + (i % 50)}`),
    ),
  );
  const events: string[] = [];
  for (const [u, userId] of userIds.entries()) {
    for (let n = 0; n < 24; n += 1) {
      const at = start + random.below(days * 24 * 60) * 60_000;
      const kind = random.pick(['click', 'view', 'purchase', 'search', 'cart']);
      const ad = adIds[(u % 9) + 9 * random.below(Math.floor(spec.ads / 9))] ?? '';
      events.push(
        `e${u}-${n},${userId},${kind},${at},${kind === 'search' ? '' : ad},${kind === 'search' ? random.pick(words) : ''}`,
      );
    }
  }
  write('events.csv', rows('eventId,userId,kind,at,adId,query', events));
  write(
    'friends.csv',
    rows(
      'userId,peerId,since',
      userIds.map((id, i) => `${id},${userIds[(i + 5) % spec.users] ?? ''},`),
    ),
  );
  const until = String(start + (days - 4) * 24 * hour);
  await mustRun(['import', 'csv', source, '--out', dir]);
  await mustRun([
    'train',
    dir,
    '--epochs',
    '2',
    '--dim',
    '12',
    '--batch',
    '64',
    '--seed',
    String(seed),
    '--until',
    until,
  ]);
  await mustRun(['index', dir, '--m', String(spec.m), '--ef-construction', String(spec.efConstruction)]);
  return { spec, dir, adIds, userIds };
};

export const shopSpecs: readonly ShopSpec[] = [
  { name: 'shop-sound', ads: 300, users: 30, m: 16, efConstruction: 100 },
  { name: 'shop-poor', ads: 400, users: 30, m: 2, efConstruction: 6 },
  {
    name: 'shop-swapped',
    ads: 120,
    users: 6,
    m: 16,
    efConstruction: 100,
    swaps: [
      { graph: 'graph', rules: 'rules', data: 'data', settings: 'settings' },
      { model: 'model', rules: 'rules' },
      // The same ads are over in the one and blocked in the other: each unit by itself gives the list.
      { data: 'ended', settings: 'settings' },
    ],
  },
];
