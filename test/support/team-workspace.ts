import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createFactories } from '../../src/index.ts';
import type { Factories } from '../../src/workspace/factories.ts';
import { parseManifest, writeManifest } from '../../src/workspace/manifest/file.ts';
import { temporaryFolder } from './vectors.ts';

export const teamFolder = join(import.meta.dirname, '..', '..', 'fixtures', 'team');

export interface ServedLine {
  readonly user: string;
  readonly list: readonly string[];
  readonly scores: readonly number[];
}

export const servedLines = (): ServedLine[] =>
  readFileSync(join(teamFolder, 'served.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The team's ads and users as a sample of ours, their vectors, ids, index and labels beside it; parts of the manifest may be replaced. */
export const teamWorkspace = async (
  change: (manifest: Record<string, unknown>) => Record<string, unknown> = (manifest) => manifest,
): Promise<{ dir: string; tools: Factories }> => {
  const dir = temporaryFolder('team');
  const tools = createFactories({ XDG_CACHE_HOME: join(dir, '.cache') });
  for (const name of ['ad.npy', 'ad_ids.txt', 'ads.hnsw', 'labels.csv', 'user.npy', 'user_ids.txt'])
    copyFileSync(join(teamFolder, name), join(dir, name));
  const counts = sampleOf(tools, join(dir, 'sample.sqlite'));
  const hash = (name: string): Promise<string> => tools.files.sha256File(join(dir, name));
  const sample = await hash('sample.sqlite');
  const manifest = {
    format: 'recall-tui/workspace@1',
    name: 'team',
    groups: [{ name: 'browse', source: 'events', kinds: ['pv'] }],
    sample: { file: 'sample.sqlite', sha256: sample, users: counts.users, ads: counts.ads, events: counts.events },
    vectors: {
      file: 'ad.npy',
      sha256: await hash('ad.npy'),
      dim: 16,
      count: 700,
      normalised: false,
      ids: { file: 'ad_ids.txt', sha256: await hash('ad_ids.txt') },
    },
    index: {
      file: 'ads.hnsw',
      sha256: await hash('ads.hnsw'),
      space: 'cosine',
      dim: 16,
      count: 700,
      m: 12,
      efConstruction: 100,
      seed: null,
      labels: { file: 'labels.csv', sha256: await hash('labels.csv') },
    },
  };
  await writeManifest(dir, parseManifest(JSON.stringify(change(manifest)), 'recall.json'), tools.files);
  return { dir, tools };
};

const sampleOf = (tools: Factories, path: string): { users: number; ads: number; events: number } => {
  const shop = new Database(join(teamFolder, 'shop.sqlite'), { readonly: true });
  const writer = tools.createSample(path);
  for (const [sku, name, category] of shop
    .prepare<[], [string, string, string]>('SELECT sku, name, path FROM things')
    .raw()
    .all()) {
    writer.addAd({
      adId: sku,
      title: name,
      category,
      brand: '',
      price: null,
      campaign: null,
      startAt: null,
      endAt: null,
      budgetLeft: null,
      targeting: null,
    });
  }
  for (const [userId] of shop.prepare<[], [string]>('SELECT person_id FROM people').raw().all())
    writer.addUser({ userId, attributes: {} });
  shop.close();
  return writer.finish();
};
