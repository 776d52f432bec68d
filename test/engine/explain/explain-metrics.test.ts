import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearAds, linearDim, linearUsers } from '../../../src/domain/linear-score.ts';
import { scoreBetween } from '../../../src/domain/metric.ts';
import type { Space } from '../../../src/domain/metric.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { attributeGroups, columnOf } from '../../../src/engine/explain/groups.ts';
import { explain } from '../../../src/engine/explain/explain.ts';
import { contrast } from '../../../src/engine/explain/contrast.ts';
import { products } from '../../../src/engine/explain/coalitions.ts';
import { attributePlatforms } from '../../../src/engine/platforms.ts';
import { assertExplanation } from '../../support/assert-explains.ts';
import { makeWorld, worldDeps, worldQuery } from '../../support/memory-world.ts';

/** A world whose ads have lengths from 0.3 to 2.7, and whose users have the length that is given. */
const engineOf = (space: Space, seed: number, length: number): Engine => {
  const world = makeWorld({ seed });
  const deps = worldDeps(world, { space });
  const rows = Float32Array.from(world.vectors, (x, i) => x * (0.3 + (Math.floor(i / world.dim) % 9) * 0.3));
  const encoder = deps
    .encoder()
    .then((one) =>
      one === null
        ? null
        : { ...one, fuse: (...asked: Parameters<typeof one.fuse>) => one.fuse(...asked).map((x) => x * length) },
    );
  return createEngine({
    ...deps,
    encoder: () => encoder,
    vectors: { count: world.ads.length, dim: world.dim, data: rows, space },
    scan: null,
    index: null,
  });
};

const anyCase = fc.record({
  seed: fc.integer({ min: 1, max: 40 }),
  user: fc.integer({ min: 0, max: 7 }),
  ad: fc.integer({ min: 0, max: 59 }),
  length: fc.constantFrom(0.4, 1, 2.5),
});
const anyMode = { mode: 'i2i' } as const;

describe.each<Space>(['ip', 'cosine', 'l2'])(
  'an explanation in the metric %s, of vectors that are not of unit length',
  (space) => {
    it('adds up to the score in that metric over groups and over events, within 1e-6', async () => {
      await fc.assert(
        fc.asyncProperty(anyCase, async ({ seed, user, ad, length }) => {
          const engine = engineOf(space, seed, length);
          const { core } = engine;
          const query = worldQuery(`u${user}`, anyMode);
          const found = await explain(engine, query, core.deps.catalog.idOf(ad));
          const vector = await core.userVector(query);
          const { data = new Float32Array(), dim = 0 } = core.deps.vectors ?? {};
          expect(found.score).toBe(
            Math.fround(scoreBetween(space, vector ?? [], data.subarray(ad * dim, (ad + 1) * dim))),
          );
          assertExplanation(found);
          for (const part of found.groups) {
            const own = found.events.filter((event) => event.group === part.group);
            if (own.length > 0) expect(own.reduce((sum, event) => sum + event.phi, 0)).toBeCloseTo(part.phi, 6);
          }
        }),
        { numRuns: 12 },
      );
    });

    it('takes as v(S) the score of the coalition itself', async () => {
      const { core } = engineOf(space, 7, 1.7);
      const query = worldQuery('u2', anyMode);
      const attribution = await attributeGroups(core, query, [3, 9]);
      const { data = new Float32Array(), dim = 0 } = core.deps.vectors ?? {};
      const nothing = attribution.encoded.encoder.fuse(
        attribution.encoded.encodings,
        new Float32Array(attribution.weights.length),
        1,
      );
      [3, 9].forEach((ad, i) => {
        expect(attribution.baselines[i]).toBeCloseTo(
          scoreBetween(space, nothing, data.subarray(ad * dim, (ad + 1) * dim)),
          9,
        );
        const total = columnOf(attribution.phi, 2, i).reduce((sum, phi) => sum + phi, attribution.baselines[i] ?? 0);
        expect(total).toBeCloseTo(attribution.scores[i] ?? Number.NaN, 5);
      });
    });

    it('adds up to the difference of scores between two ads, and to the score over platforms', async () => {
      const engine = engineOf(space, 11, 1.3);
      const { core } = engine;
      const query = worldQuery('u1', anyMode);
      const two = await contrast(engine, query, core.deps.catalog.idOf(4), core.deps.catalog.idOf(21));
      expect(Math.abs(two.residual)).toBeLessThan(2e-6);
      expect(two.score).toBeCloseTo(two.a.score - two.b.score, 9);
      const { phi, baselines, scores } = await attributePlatforms(core, query, [4, 21]);
      const vector = await core.userVector(query);
      [4, 21].forEach((ad, i) => {
        expect(scores[i]).toBeCloseTo((vector === null ? null : core.modelScores(vector, [ad]))?.[0] ?? Number.NaN, 5);
        expect((phi[i] ?? []).reduce((sum, x) => sum + x, baselines[i] ?? 0)).toBeCloseTo(scores[i] ?? Number.NaN, 9);
      });
    });

    it('rests on one inner product that is the score, for any vectors', () => {
      const row = fc
        .array(fc.float({ min: -8, max: 8, noNaN: true, noDefaultInfinity: true }), { minLength: 5, maxLength: 5 })
        .map((x) => Float32Array.from(x));
      fc.assert(
        fc.property(row, row, (u, v) => {
          const [one] = products(linearUsers(space, u, 5), linearAds(space, v, 5), linearDim(space, 5));
          expect(one).toBeCloseTo(scoreBetween(space, u, v), 9);
        }),
      );
    });
  },
);
