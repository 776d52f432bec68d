import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import hnswlib from 'hnswlib-node';
import { mustRun } from './program.ts';
import { createRandom, type Random } from './random.ts';

export type Space = 'ip' | 'cosine' | 'l2';

/** A team's folder to be made: what is wrong or strange about its index is said by its fields. */
export interface FolderSpec {
  readonly name: string;
  readonly space: Space;
  readonly ads: number;
  readonly dim: number;
  readonly m?: number;
  readonly efConstruction?: number;
  readonly users?: number;
  /** Ads come in groups of this many with exactly the same vector. */
  readonly duplicates?: number;
  /** Every nth ad's vector is all zeros. */
  readonly zeroEvery?: number;
  /** Every nth ad is marked as deleted in the index. */
  readonly deletedEvery?: number;
  /** Labels are the team's own numbers with gaps, named by labels.csv. */
  readonly labelGaps?: boolean;
  /** Factor of all ad vectors. */
  readonly scale?: number;
  /** Vectors of different lengths. */
  readonly lengths?: boolean;
  /** Every nth ad is over before as-of. */
  readonly endedEvery?: number;
}

/** What the adversary knows of the folder: its own numbers, float32 as they lie in the files. */
export interface Folder {
  readonly spec: FolderSpec;
  readonly dir: string;
  readonly adIds: readonly string[];
  readonly userIds: readonly string[];
  readonly vectors: readonly Float32Array[];
  readonly users: readonly Float32Array[];
  /** Label of each ad, by row. */
  readonly labels: readonly number[];
  readonly deleted: ReadonlySet<string>;
  readonly ended: ReadonlySet<string>;
}

const npy = (rows: readonly Float32Array[], dim: number): Buffer => {
  let header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows.length}, ${dim}), }`;
  header = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
  const head = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([header.length & 255, header.length >> 8]),
    Buffer.from(header, 'latin1'),
  ]);
  return Buffer.concat([head, ...rows.map((row) => Buffer.from(row.buffer, row.byteOffset, row.byteLength))]);
};

const day = 86_400;
/** 2025-06-01 00:00 UTC, seconds. */
const start = 1_748_736_000;

const gaussian = (random: Random, dim: number): Float32Array =>
  Float32Array.from({ length: dim }, () => random.normal());

const vectorsOf = (spec: FolderSpec, random: Random): Float32Array[] => {
  const topics = Array.from({ length: Math.max(1, Math.min(12, Math.floor(spec.ads / 8))) }, () =>
    gaussian(random, spec.dim),
  );
  const rows: Float32Array[] = [];
  for (let i = 0; i < spec.ads; i += 1) {
    const before = rows[i - 1];
    if (spec.duplicates !== undefined && i % spec.duplicates !== 0 && before !== undefined) {
      rows.push(Float32Array.from(before));
      continue;
    }
    if (spec.zeroEvery !== undefined && i % spec.zeroEvery === 3) {
      rows.push(new Float32Array(spec.dim));
      continue;
    }
    const centre = random.pick(topics);
    const noise = gaussian(random, spec.dim);
    const raw = centre.map((x, d) => x + 0.7 * (noise[d] ?? 0));
    const norm = Math.hypot(...raw);
    const length = (spec.lengths === true ? 0.3 + 2 * random.next() : 1) * (spec.scale ?? 1);
    rows.push(raw.map((x) => (x / norm) * length));
  }
  return rows;
};

const writeShop = (
  path: string,
  spec: FolderSpec,
  adIds: readonly string[],
  userIds: readonly string[],
  random: Random,
): void => {
  const db = new Database(path);
  db.exec(`CREATE TABLE people (person_id TEXT PRIMARY KEY, city_tier INTEGER);
    CREATE TABLE things (sku TEXT PRIMARY KEY, name TEXT, path TEXT, maker TEXT, runs_from INTEGER, runs_to INTEGER);
    CREATE TABLE log (log_id INTEGER PRIMARY KEY, who TEXT, did TEXT, ts INTEGER, sku TEXT, words TEXT);`);
  const names = ['智能音箱', '扫地机器人', 'kettle', 'yoga mat', '登山包'];
  const thing = db.prepare('INSERT INTO things VALUES (?,?,?,?,?,?)');
  const person = db.prepare('INSERT INTO people VALUES (?,?)');
  const event = db.prepare('INSERT INTO log (who, did, ts, sku, words) VALUES (?,?,?,?,?)');
  db.transaction(() => {
    adIds.forEach((id, i) => {
      const name = names[i % names.length] ?? '';
      const ended = spec.endedEvery !== undefined && i % spec.endedEvery === 1;
      thing.run(
        id,
        `${name} ${i}`,
        `家居 > ${name}`,
        `maker-${i % 7}`,
        start - 30 * day,
        start + (ended ? 2 : 90) * day,
      );
    });
    userIds.forEach((id, i) => person.run(id, 1 + (i % 3)));
    for (const id of userIds) {
      for (let n = 0; n < 6; n += 1) {
        const ts = start + random.below(14 * day);
        if (random.next() < 0.2) event.run(id, 'query', ts, null, random.pick(names));
        else event.run(id, random.pick(['pv', 'pv', 'tap', 'order']), ts, random.pick(adIds), null);
      }
    }
  })();
  db.close();
};

/** Writes the files of a team that keeps its vectors, index and sample in its own way, and makes them a workspace. */
export const makeFolder = async (root: string, spec: FolderSpec, seed: number): Promise<Folder> => {
  const random = createRandom(seed);
  const dir = join(root, spec.name);
  mkdirSync(dir, { recursive: true });
  const adIds = random.sample(
    Array.from({ length: spec.ads * 3 }, (_, i) => `sku-${String(i).padStart(5, '0')}`),
    spec.ads,
  );
  const userIds = Array.from({ length: spec.users ?? 24 }, (_, i) => `u-${String(i).padStart(3, '0')}`);
  const vectors = vectorsOf(spec, random);
  const users = userIds.map(() => {
    const near = random.pick(vectors);
    const norm = Math.hypot(...near) || 1;
    const raw = gaussian(random, spec.dim);
    return near.map((x, d) => x / norm + 0.35 * (raw[d] ?? 0));
  });
  const labels = adIds.map((_, i) => (spec.labelGaps === true ? 1000 + 7 * i + (i % 3) : i));
  const index = new hnswlib.HierarchicalNSW(spec.space, spec.dim);
  index.initIndex(spec.ads, spec.m ?? 16, spec.efConstruction ?? 100, 100);
  vectors.forEach((row, i) => index.addPoint(Array.from(row), labels[i] ?? i));
  const deleted = new Set<string>();
  adIds.forEach((id, i) => {
    if (spec.deletedEvery === undefined || i % spec.deletedEvery !== 0) return;
    index.markDelete(labels[i] ?? i);
    deleted.add(id);
  });
  index.writeIndexSync(join(dir, 'ads.hnsw'));
  writeFileSync(join(dir, 'ad.npy'), npy(vectors, spec.dim));
  writeFileSync(join(dir, 'ad_ids.txt'), adIds.join('\n') + '\n');
  writeFileSync(join(dir, 'user.npy'), npy(users, spec.dim));
  writeFileSync(join(dir, 'user_ids.txt'), userIds.join('\n') + '\n');
  writeFileSync(join(dir, 'labels.csv'), 'label,ad_id\n' + adIds.map((id, i) => `${labels[i] ?? i},${id}\n`).join(''));
  writeShop(join(dir, 'shop.sqlite'), spec, adIds, userIds, random);
  // Exit 1: a check of doctor fails, as it should on a poor graph; --force writes the workspace all the same.
  await mustRun(['init', dir, '--yes', '--force', '--space', spec.space], { codes: [0, 1] });
  const ended = new Set(adIds.filter((_, i) => spec.endedEvery !== undefined && i % spec.endedEvery === 1));
  return { spec, dir, adIds, userIds, vectors, users, labels, deleted, ended };
};

/** The worlds of one run: every metric, poor graphs, ties, zero rows, deleted nodes, gaps of labels, tiny catalogues, extreme norms. */
export const folderSpecs: readonly FolderSpec[] = [
  { name: 'cosine-plain', space: 'cosine', ads: 400, dim: 16 },
  { name: 'ip-lengths', space: 'ip', ads: 400, dim: 16, lengths: true },
  { name: 'l2-plain', space: 'l2', ads: 400, dim: 16 },
  { name: 'poor-graph', space: 'cosine', ads: 400, dim: 16, m: 2, efConstruction: 10 },
  { name: 'poor-graph-ip', space: 'ip', ads: 500, dim: 8, m: 2, efConstruction: 8, lengths: true },
  { name: 'duplicates', space: 'ip', ads: 360, dim: 12, duplicates: 4, m: 4, efConstruction: 16 },
  { name: 'duplicates-l2', space: 'l2', ads: 300, dim: 8, duplicates: 3, m: 3, efConstruction: 10 },
  { name: 'zero-rows', space: 'ip', ads: 240, dim: 8, zeroEvery: 20 },
  { name: 'zero-rows-cosine', space: 'cosine', ads: 240, dim: 8, zeroEvery: 20 },
  { name: 'deleted', space: 'cosine', ads: 320, dim: 12, deletedEvery: 4 },
  { name: 'deleted-poor', space: 'l2', ads: 320, dim: 12, deletedEvery: 5, m: 3, efConstruction: 12 },
  { name: 'label-gaps', space: 'l2', ads: 300, dim: 12, labelGaps: true, endedEvery: 6 },
  { name: 'one-ad', space: 'cosine', ads: 1, dim: 4 },
  { name: 'two-ads', space: 'ip', ads: 2, dim: 4 },
  { name: 'five-ads', space: 'l2', ads: 5, dim: 3 },
  { name: 'wide', space: 'cosine', ads: 150, dim: 768 },
  { name: 'tiny-norms', space: 'ip', ads: 200, dim: 8, scale: 1e-4 },
  { name: 'huge-norms', space: 'ip', ads: 200, dim: 8, scale: 1e4, lengths: true },
];
