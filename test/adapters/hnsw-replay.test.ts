import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildIndex } from '../../src/adapters/hnsw/build-index.ts';
import { openGraph } from '../../src/adapters/hnsw/open-graph.ts';
import { openIndex } from '../../src/adapters/hnsw/open-index.ts';
import { HierarchicalNSW } from '../../src/adapters/hnsw/native.ts';
import type { EligibilityMask } from '../../src/domain/ads.ts';
import type { LocalIndex, IndexGraph } from '../../src/engine/ports/ports.ts';
import { normalise, rawVector, seeded, temporaryFolder, unitVectors } from '../support/vectors.ts';

interface Pair {
  readonly index: LocalIndex;
  readonly graph: IndexGraph;
}

/** Queries whose replay differs from the native answer, ids in order and distances bit by bit. */
const differences = ({ index, graph }: Pair, queries: number, seed: number, mask?: EligibilityMask): number => {
  const random = seeded(seed);
  let different = 0;
  for (let q = 0; q < queries; q++) {
    const vector = normalise(rawVector(random, index.dim));
    const [k, ef] = [1 + Math.floor(random() * 100), 1 + Math.floor(random() * 200)];
    const native = index.search(vector, k, ef, mask);
    const trace = graph.trace(vector, { k, ef, ...(mask === undefined ? {} : { mask }) });
    const replayed = trace.result;
    const same =
      replayed.length === native.ordinals.length &&
      replayed.every((hop, i) => hop.ordinal === native.ordinals[i] && score(index, hop.distance) === native.scores[i]);
    if (!same) different++;
  }
  return different;
};

const score = (index: LocalIndex, distance: number): number =>
  index.space === 'l2' ? -distance : Math.fround(1 - distance);

const built = async (
  name: string,
  count: number,
  dim: number,
  clusters: number,
  order?: Uint32Array,
): Promise<Pair> => {
  const path = join(temporaryFolder(name), 'ads.hnsw');
  await buildIndex({
    vectors: unitVectors(count, dim, 7, clusters),
    path,
    m: 16,
    efConstruction: 100,
    seed: 100,
    ...(order === undefined ? {} : { order }),
  });
  const expected = { dim, count, space: 'ip' as const };
  return { index: openIndex(path, expected), graph: await openGraph(path, expected) };
};

describe('the replayed search', () => {
  let clustered: Pair;
  beforeAll(async () => {
    clustered = await built('clustered', 8_000, 64, 40);
  });

  it('equals the native one on 1,000 of 1,000 queries over clustered ads of dimension 64', () => {
    expect(differences(clustered, 1000, 1)).toBe(0);
  });

  it('equals the native one on 200 of 200 queries with a filter', () => {
    const random = seeded(3);
    const bits = Uint8Array.from({ length: 8_000 }, () => (random() < 0.3 ? 1 : 0));
    const mask = { bits, eligible: bits.reduce((s, b) => s + b, 0), dropped: {} };
    expect(differences(clustered, 200, 2, mask)).toBe(0);
  });

  it.each([3, 4, 6, 20, 30, 32])(
    'equals the native one on 200 of 200 queries of dimension %i, whatever path the native arithmetic takes',
    async (dim) => {
      expect(differences(await built(`dim${dim}`, 1_500, dim, 0), 200, dim)).toBe(0);
    },
  );

  it('equals the native one when rows of the file are in another order than the ads', async () => {
    const order = Uint32Array.from({ length: 2_000 }, (_, i) => (i * 1_237) % 2_000);
    expect(differences(await built('shuffled', 2_000, 16, 10, order), 200, 5)).toBe(0);
  });

  it('equals the native one when many ads have the same vector, where only the order of the heaps decides', async () => {
    const vectors = unitVectors(1_000, 16, 9, 20);
    for (let row = 0; row < 1_000; row++) vectors.data.copyWithin(row * 16, (row % 50) * 16, (row % 50) * 16 + 16);
    const path = join(temporaryFolder('ties'), 'ads.hnsw');
    await buildIndex({ vectors, path, m: 8, efConstruction: 50, seed: 1 });
    const expected = { dim: 16, count: 1_000, space: 'ip' as const };
    const [index, graph] = [openIndex(path, expected), await openGraph(path, expected)];
    let different = 0;
    for (let row = 0; row < 200; row++) {
      const vector = vectors.data.slice(row * 16, row * 16 + 16);
      const [k, ef] = [10 + (row % 40), 30];
      const native = index.search(vector, k, ef);
      const replayed = graph.trace(vector, { k, ef }).result.map((hop) => hop.ordinal);
      if (replayed.join() !== Array.from(native.ordinals).join()) different++;
    }
    expect(different).toBe(0);
  });

  it.each(['l2', 'cosine'] as const)('equals the native one in the space %s', async (space) => {
    const { data, count, dim } = unitVectors(2_000, 24, 4);
    const native = new HierarchicalNSW(space, dim);
    native.initIndex(count, 16, 100, 100);
    for (let row = 0; row < count; row++) native.addPoint(Array.from(data.subarray(row * dim, (row + 1) * dim)), row);
    const path = join(temporaryFolder(space), 'ads.hnsw');
    native.writeIndexSync(path);
    const expected = { dim, count, space };
    expect(differences({ index: openIndex(path, expected), graph: await openGraph(path, expected) }, 300, 8)).toBe(0);
  });

  it("equals the native one on an index that Python's hnswlib wrote", async () => {
    const path = fileURLToPath(new URL('../../fixtures/python-hnswlib/ads.hnsw', import.meta.url));
    expect(existsSync(path)).toBe(true);
    const expected = { dim: 32, count: 2_000, space: 'ip' as const };
    expect(differences({ index: openIndex(path, expected), graph: await openGraph(path, expected) }, 1000, 11)).toBe(0);
  });
});
