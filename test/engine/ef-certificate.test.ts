import { describe, expect, it } from 'vitest';
import { efCertificate } from '../../src/engine/ef-certificate.ts';
import { createFactories } from '../../src/index.ts';
import { normalise, rawVector, seeded, temporaryFolder, unitVectors } from '../support/vectors.ts';

const [count, dim] = [120, 8];

/** Every ef is run for each ad: the first that returns it among `k`, or null. */
const checkAll = async (copies: number, seed: number): Promise<{ found: number; never: number }> => {
  const vectors = unitVectors(count, dim, seed);
  for (let row = 0; row < count; row += 1)
    if (row % copies !== 0) vectors.data.copyWithin(row * dim, (row - 1) * dim, row * dim);
  const path = `${temporaryFolder('certificate')}/ads.hnsw`;
  const { hnsw } = createFactories({}).indexes;
  await hnsw.build({ vectors, path, m: 2, efConstruction: 4, seed: 100 });
  const expected = { count, dim, space: 'ip' as const };
  const [index, graph] = [await hnsw.load(path, expected), await hnsw.openGraph(path, expected)];
  const random = seeded(seed);
  const seen = { found: 0, never: 0 };
  for (const k of [1, 5]) {
    const vector = normalise(rawVector(random, dim));
    const lists = await Promise.all(
      Array.from({ length: count - k + 1 }, async (_, i) => [...(await index.search(vector, k, k + i)).ordinals]),
    );
    for (let ordinal = 0; ordinal < count; ordinal += 5) {
      const first = lists.findIndex((list) => list.includes(ordinal));
      const question = { vector, ordinal, k, emitted: k, mask: undefined, within: false };
      const { certificate, reason } = await efCertificate(index, graph, question);
      const at = { copies, seed, k, ordinal };
      expect({ ...at, foundAt: certificate?.foundAt ?? null }).toEqual({
        ...at,
        foundAt: first < 0 ? null : k + first,
      });
      expect(certificate?.certain).not.toBe(false);
      expect(reason === null).toBe(first >= 0);
      if (first < 0) seen.never += 1;
      else seen.found += 1;
    }
  }
  return seen;
};

describe('a certificate of the smallest ef', () => {
  it('is what a run of every ef gives, for ads without equals', async () => {
    const { found, never } = await checkAll(1, 3);
    expect(found).toBeGreaterThan(0);
    expect(never).toBeGreaterThan(0);
  });

  it('is what a run of every ef gives, where ads tie in fours', async () => {
    const { found, never } = await checkAll(4, 5);
    expect(found).toBeGreaterThan(0);
    expect(never).toBeGreaterThan(0);
  });
});
