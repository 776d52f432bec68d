import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.ts';
import { efCurve, scoreDistribution } from '../../src/engine/list-shape.ts';
import type { AdIndex } from '../../src/engine/ports/ports.ts';
import { makeWorld, worldDeps, worldQuery } from '../support/memory-world.ts';

describe('the scores of all ads', () => {
  it('count every eligible ad once, and the k best of them in the list', async () => {
    for (const [seed, eligibility] of [
      [1, false],
      [4, true],
    ] as const) {
      const engine = createEngine(worldDeps(makeWorld({ seed })));
      const query = worldQuery('u1', { k: 7, eligibility });
      const { core } = engine;
      const vector = await core.userVector(query);
      const { scan, catalog } = core.deps;
      if (vector === null || scan === null) throw new Error('the world has a model');
      const mask = core.mask(query);
      const all = await scan.topK(vector, catalog.adCount, mask ?? undefined);
      const shape = await scoreDistribution(engine, query, 9);
      expect(shape.eligible).toBe(mask?.eligible ?? catalog.adCount);
      expect(shape.bins.reduce((sum, b) => sum + b.ads, 0)).toBe(shape.eligible);
      expect(shape.bins.reduce((sum, b) => sum + b.inList, 0)).toBe(7);
      expect(shape.cutoff).toBeCloseTo(all.scores[6] ?? Number.NaN, 6);
      expect([shape.highest, shape.lowest]).toEqual([all.scores[0], all.scores.at(-1)]);
      expect(shape.bins.map((b) => b.ads)).toEqual(
        shape.bins.map(
          (b, i) =>
            [...all.scores].filter((s) => (i === 8 || s > b.from) && s <= (i === 0 ? Infinity : b.until)).length,
        ),
      );
    }
  });

  it('have no cutoff where fewer ads than k are eligible', async () => {
    const engine = createEngine(worldDeps(makeWorld({ seed: 2 })));
    expect((await scoreDistribution(engine, worldQuery('u1', { k: 100_000 }), 5)).cutoff).toBeNull();
  });
});

/** An index that forgets the best ads unless it is asked broadly: at ef it leaves out the first 4 − ef ÷ 20. */
const forgetful = (index: AdIndex): AdIndex => ({
  ...index,
  search: async (vector, k, ef, mask) => {
    const missed = Math.max(0, Math.ceil(4 - ef / 20));
    const { ordinals, scores } = await index.search(vector, k + missed, 10_000, mask);
    return { ordinals: ordinals.slice(missed), scores: scores.slice(missed) };
  },
});

describe('the curve of recall against ef', () => {
  it('gives the share of the exact best that the index finds at each ef, and ends where it finds all', async () => {
    const deps = worldDeps(makeWorld({ seed: 3 }));
    if (deps.index === null) throw new Error('the world has an index');
    const engine = createEngine({ ...deps, index: forgetful(deps.index) });
    const { points, k, ef } = await efCurve(engine, worldQuery('u2', { k: 10, ef: 20, eligibility: false }));
    expect([k, ef]).toEqual([10, 20]);
    expect(points.map((p) => [p.ef, p.recall])).toEqual([
      [10, 0.6],
      [15, 0.6],
      [20, 0.7],
      [23, 0.7],
      [35, 0.7],
      [53, 0.8],
      [80, 1],
    ]);
  });

  it('says what is missing where there is no index', async () => {
    const engine = createEngine({ ...worldDeps(makeWorld({ seed: 3 })), index: null });
    await expect(efCurve(engine, worldQuery('u2'))).rejects.toThrow('no index');
  });
});
