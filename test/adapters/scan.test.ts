import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openScan } from '../../src/adapters/scan/open-scan.ts';
import { workerFile } from '../../src/adapters/scan/pool.ts';
import type { EligibilityMask } from '../../src/domain/ads.ts';
import { scoreBetween, tieTolerance } from '../../src/domain/metric.ts';
import type { Space } from '../../src/domain/metric.ts';
import type { AdVectors } from '../../src/engine/ports/ports.ts';
import { normalise, rawVector, seeded, unitVectors } from '../support/vectors.ts';

/** Rows repeat, so that ties are everywhere. */
const tied = (count: number, dim: number, seed: number): AdVectors => {
  const vectors = unitVectors(count, dim, seed);
  const random = seeded(seed);
  for (let row = 0; row < count; row++) {
    const from = Math.floor(random() * Math.min(count, 10)) * dim;
    if (random() < 0.7) vectors.data.copyWithin(row * dim, from, from + dim);
  }
  return vectors;
};

const maskOf = (bits: Uint8Array): EligibilityMask => ({
  bits,
  eligible: bits.reduce((s, b) => s + b, 0),
  dropped: {},
});

describe('the exact scan', () => {
  it('gives the best by score, then ordinal, and ranks that count ties exactly, with and without a mask', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 13 }),
        fc.integer(),
        fc.integer({ min: 0, max: 70 }),
        fc.boolean(),
        async (count, dim, seed, k, masked) => {
          const random = seeded(seed);
          const vectors = tied(count, dim, seed);
          const scan = openScan(vectors);
          const query = normalise(rawVector(random, dim));
          const bits = Uint8Array.from({ length: count }, () => (random() < 0.6 ? 1 : 0));
          const mask = masked ? maskOf(bits) : undefined;
          const scores = scan.scoresOf(
            query,
            Array.from({ length: count }, (_, i) => i),
          );
          const order = Array.from({ length: count }, (_, i) => i)
            .filter((i) => !masked || bits[i] === 1)
            .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
          const top = await scan.topK(query, k, mask);
          const ranking = await scan.ranking(query, k, mask);
          expect(ranking.top).toEqual(top);
          expect(Array.from(top.ordinals)).toEqual(order.slice(0, k));
          expect(Array.from(top.scores)).toEqual(order.slice(0, k).map((i) => scores[i]));
          for (let ordinal = 0; ordinal < count; ordinal++) {
            const rank = await scan.rankOf(query, ordinal, mask);
            const ahead = order.filter(
              (i) => (scores[i] ?? 0) > (scores[ordinal] ?? 0) || (scores[i] === scores[ordinal] && i < ordinal),
            ).length;
            expect(await scan.standing(query, ordinal, k, mask)).toEqual({ exact: rank, top });
            expect(ranking.rankOf(ordinal)).toEqual(rank);
            expect(rank).toEqual({
              rank: 1 + ahead,
              score: scores[ordinal],
              ties: order.filter((i) => i !== ordinal && scores[i] === scores[ordinal]).length,
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('scores as ⟨u, v⟩ in double does, to float32', () => {
    const vectors = unitVectors(200, 37, 3);
    const query = normalise(rawVector(seeded(4), 37));
    const scores = openScan(vectors).scoresOf(
      query,
      Array.from({ length: 200 }, (_, i) => i),
    );
    scores.forEach((score, row) =>
      expect(score).toBeCloseTo(
        query.reduce((s, x, i) => s + x * (vectors.data[row * 37 + i] ?? 0), 0),
        6,
      ),
    );
  });

  it('equals brute force in each metric, whatever the norms, and returns no ad without a vector', async () => {
    const spaces = fc.constantFrom<Space>('ip', 'cosine', 'l2');
    await fc.assert(
      fc.asyncProperty(
        spaces,
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 19 }),
        fc.integer(),
        fc.boolean(),
        async (space, count, dim, seed, masked) => {
          const random = seeded(seed);
          const raw = Array.from({ length: count }, () => rawVector(random, dim).map((x) => x * 3));
          const rows = space === 'cosine' ? raw.map(normalise) : raw;
          const data = new Float32Array(count * dim);
          const present = Uint8Array.from({ length: count }, () => (random() < 0.8 ? 1 : 0));
          rows.forEach((row, i) => {
            if (present[i] === 1) data.set(row, i * dim);
          });
          const bits = Uint8Array.from({ length: count }, () => (random() < 0.6 ? 1 : 0));
          const query = rawVector(random, dim);
          const scan = openScan({ count, dim, data, space, present });
          const allowed = Array.from({ length: count }, (_, i) => i).filter(
            (i) => present[i] === 1 && (!masked || bits[i] === 1),
          );
          const scores = allowed.map((i) => scoreBetween(space, query, raw[i] ?? []));
          const { ordinals, scores: found } = await scan.topK(query, count, masked ? maskOf(bits) : undefined);
          expect([...ordinals].sort((a, b) => a - b)).toEqual(allowed);
          const of = new Map(allowed.map((ordinal, i) => [ordinal, scores[i] ?? Number.NaN]));
          found.forEach((score, i) => {
            expect(Math.abs(score - (of.get(ordinals[i] ?? -1) ?? Number.NaN))).toBeLessThanOrEqual(
              tieTolerance(score),
            );
            if (i > 0) expect(score).toBeLessThanOrEqual(found[i - 1] ?? 0);
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('refuses a query that is not finite or of another dimension', async () => {
    const scan = openScan(unitVectors(10, 4, 1));
    await expect(scan.topK(Float32Array.of(1, Number.NaN, 0, 0), 3)).rejects.toMatchObject({ code: 'bad-vectors' });
    await expect(scan.topK(Float32Array.of(1, 0), 3)).rejects.toMatchObject({ code: 'bad-vectors' });
  });
});

describe('the exact scan in workers', () => {
  const vectors = tied(5_003, 16, 9);
  const inline = openScan(vectors);
  const workers = openScan(vectors, { inlineLimit: 0, workers: 2 });
  afterAll(() => workers.close());

  it('has its worker built', () => {
    expect(workerFile()).not.toBeNull();
  });

  it('gives the same bits as the inline scan, many questions at once', async () => {
    const random = seeded(10);
    const bits = Uint8Array.from({ length: 5_003 }, () => (random() < 0.2 ? 1 : 0));
    await Promise.all(
      Array.from({ length: 40 }, async (_, q) => {
        const query = normalise(rawVector(random, 16));
        const mask = q % 2 === 0 ? undefined : maskOf(bits);
        const ordinal = Math.floor(random() * 5_003);
        expect(await workers.topK(query, 25, mask)).toEqual(await inline.topK(query, 25, mask));
        expect(await workers.rankOf(query, ordinal, mask)).toEqual(await inline.rankOf(query, ordinal, mask));
        expect(await workers.standing(query, ordinal, 25, mask)).toEqual(
          await inline.standing(query, ordinal, 25, mask),
        );
      }),
    );
  });

  it('rejects what was asked when it is closed, and starts again when asked again', async () => {
    const scan = openScan(vectors, { inlineLimit: 0, workers: 1 });
    const asked = scan.topK(vectors.data.slice(0, 16), 5);
    const settled = asked.then(
      () => 'answered',
      (error: { code: string }) => error.code,
    );
    await scan.close();
    expect(['answered', 'cancelled']).toContain(await settled);
    expect((await scan.topK(vectors.data.slice(0, 16), 5)).ordinals.length).toBe(5);
    await scan.close();
  });
});
