import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFactories } from '../../src/index.ts';
import type { Factories } from '../../src/workspace/factories.ts';
import { buildI2i } from '../../src/workspace/build-i2i.ts';
import { parseManifest, writeManifest } from '../../src/workspace/manifest/file.ts';
import type { Manifest } from '../../src/workspace/manifest/manifest.ts';
import { seeded, temporaryFolder, unitVectors } from './vectors.ts';

export interface SmallWorkspace {
  readonly dir: string;
  readonly tools: Factories;
  readonly manifest: Manifest;
}

export const smallAds = 600;
export const smallDim = 16;

/** A complete workspace without a model: 40 users, 600 ads, vectors, index, i2i and rules, built with the real tools. */
export const smallWorkspace = async (): Promise<SmallWorkspace> => {
  const dir = temporaryFolder('workspace');
  const tools = createFactories({ XDG_CACHE_HOME: join(dir, '.cache') });
  const counts = writeSample(tools, join(dir, 'sample.sqlite'));
  const vectors = unitVectors(smallAds, smallDim, 5, 20);
  await tools.files.writeVectors(join(dir, 'ads.vectors'), vectors.data);
  await tools.indexes.hnsw.build({ vectors, path: join(dir, 'ads.hnsw'), m: 16, efConstruction: 100, seed: 100 });
  const { store, catalog, close } = tools.openSample(join(dir, 'sample.sqlite'));
  await buildI2i({ store, catalog, path: join(dir, 'ads.i2i'), until: null, kinds: null }, tools.files);
  close();
  writeFileSync(join(dir, 'rules.json'), JSON.stringify({ quota: { keyword: 7 } }));
  const hash = (name: string): Promise<string> => tools.files.sha256File(join(dir, name));
  const [sample, vectorsHash] = [await hash('sample.sqlite'), await hash('ads.vectors')];
  const manifest = parseManifest(
    JSON.stringify({
      format: 'recall-tui/workspace@1',
      name: 'small',
      team: 'a field nobody knows',
      groups: [{ name: 'browse', source: 'events', kinds: ['view'] }],
      sample: { file: 'sample.sqlite', sha256: sample, users: counts.users, ads: counts.ads, events: counts.events },
      vectors: {
        file: 'ads.vectors',
        sha256: vectorsHash,
        dim: smallDim,
        count: smallAds,
        normalised: true,
        builtFrom: { model: null, sample },
      },
      index: {
        file: 'ads.hnsw',
        sha256: await hash('ads.hnsw'),
        space: 'ip',
        dim: smallDim,
        count: smallAds,
        m: 16,
        efConstruction: 100,
        seed: 100,
        builtFrom: { vectors: vectorsHash },
      },
      i2i: {
        file: 'ads.i2i',
        sha256: await hash('ads.i2i'),
        builtUntil: (await tools.readNeighbours(join(dir, 'ads.i2i'))).builtUntil,
        builtFrom: { sample },
      },
      rules: { file: 'rules.json', sha256: await hash('rules.json') },
    }),
    'recall.json',
  );
  await writeManifest(dir, manifest, tools.files);
  return { dir, tools, manifest };
};

const writeSample = (tools: Factories, path: string): { users: number; ads: number; events: number } => {
  mkdirSync(join(path, '..'), { recursive: true });
  const writer = tools.createSample(path);
  const random = seeded(2);
  for (let i = 0; i < smallAds; i++) {
    writer.addAd({
      adId: `ad-${String(i).padStart(4, '0')}`,
      title: `Lamp ${i}`,
      category: `Home > C${i % 7}`,
      brand: 'B',
      price: 10,
      campaign: null,
      startAt: null,
      endAt: null,
      budgetLeft: null,
      targeting: null,
    });
  }
  for (let u = 0; u < 40; u++) {
    writer.addUser({ userId: `u-${u}`, attributes: {} });
    for (let e = 0; e < 12; e++) {
      const adId = `ad-${String(Math.floor(random() * 60)).padStart(4, '0')}`;
      writer.addEvent({
        eventId: `e-${u}-${e}`,
        userId: `u-${u}`,
        kind: 'view',
        at: 1_000_000 + e * 1000,
        platform: null,
        adId,
        query: null,
        peerId: null,
      });
    }
  }
  return writer.finish();
};
