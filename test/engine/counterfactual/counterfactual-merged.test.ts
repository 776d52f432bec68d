import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecallQuery } from '../../../src/domain/query.ts';
import { byEvents } from '../../../src/engine/counterfactual/events.ts';
import { byWeights } from '../../../src/engine/counterfactual/weights.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { stability } from '../../../src/engine/stability.ts';
import { makeWorld, worldDeps, worldQuery } from '../../support/memory-world.ts';

const listed = async (engine: Engine, query: RecallQuery): Promise<string[]> =>
  (await engine.recall(query)).candidates.map((one) => one.adId);
const at = (query: RecallQuery, group: string, weight: number): RecallQuery => ({
  ...query,
  weights: { ...query.weights, [group]: weight },
});

describe('a counterfactual in a merged list', () => {
  const anyCase = fc.record({
    seed: fc.integer({ min: 1, max: 40 }),
    user: fc.nat(7),
    ad: fc.nat(59),
    k: fc.constantFrom(8, 12, 20),
    last: fc.boolean(),
  });
  const setup = (
    seed: number,
    user: number,
    k: number,
    last: boolean,
  ): { engine: Engine; adIds: string[]; query: RecallQuery } => {
    const world = makeWorld({ seed });
    const query = worldQuery(`u${user}`, { mode: 'merged', k, eligibility: false });
    const order = last
      ? [...query.merge.order.filter((name) => name !== 'model'), 'model' as const]
      : query.merge.order;
    return {
      engine: createEngine(worldDeps(world)),
      adIds: world.ads.map((ad) => ad.adId),
      query: { ...query, merge: { ...query.merge, order } },
    };
  };

  it('holds by weights in the merged list itself: inside each interval in, just outside out, and the change works', async () => {
    let [changed, edges] = [0, 0];
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ seed, user, ad, k, last }) => {
        const { engine, adIds, query } = setup(seed, user, k, last);
        const adId = adIds[ad] ?? '';
        const result = await byWeights(engine, query, adId);
        const was = (await listed(engine, query)).includes(adId);
        expect(result.goal).toBe(was ? 'out' : 'in');
        if (result.applied !== null) {
          changed += 1;
          expect(result.verified).toBe(true);
          expect((await listed(engine, result.applied)).includes(adId)).toBe(!was);
        }
        for (const { group, intervals } of result.intervals) {
          for (const { from, to, outsideBelow, outsideAbove } of intervals) {
            for (const weight of [from, to]) expect(await listed(engine, at(query, group, weight))).toContain(adId);
            for (const weight of [outsideBelow, outsideAbove]) {
              if (weight === null) continue;
              edges += 1;
              expect(await listed(engine, at(query, group, weight))).not.toContain(adId);
            }
          }
        }
      }),
      { numRuns: 10, seed: 3 },
    );
    expect(changed).toBeGreaterThan(4);
    expect(edges).toBeGreaterThan(4);
  });

  it('refutes by behaviours every smaller set of the strongest by a search of its own', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ seed, user, ad, k, last }) => {
        const { engine, adIds, query } = setup(seed, user, k, last);
        const adId = adIds[ad] ?? '';
        const { changes, applied, verified, goal } = await byEvents(engine, query, adId);
        if (applied === null) return;
        found += 1;
        expect(verified).toBe(true);
        expect((await listed(engine, applied)).includes(adId)).toBe(goal === 'in');
        if (changes.length !== 2) return;
        for (const { eventId } of changes)
          expect((await listed(engine, { ...query, excludedEvents: [eventId] })).includes(adId)).toBe(goal === 'out');
      }),
      { numRuns: 25, seed: 4 },
    );
    expect(found).toBeGreaterThan(2);
  });

  it('leaves the first ten as they are within the stable weights, and changes them just outside', async () => {
    let outside = 0;
    for (const seed of [1, 2, 3, 4]) {
      const { engine, query } = setup(seed, seed, 20, seed % 2 === 0);
      const top = new Set((await listed(engine, query)).slice(0, 10));
      for (const { group, from, to, outsideBelow, outsideAbove } of (await stability(engine, query, null)).groups) {
        const same = async (weight: number): Promise<boolean> =>
          (await listed(engine, at(query, group, weight))).slice(0, 10).every((adId) => top.has(adId));
        expect(await same(from)).toBe(true);
        expect(await same(to)).toBe(true);
        for (const weight of [outsideBelow, outsideAbove])
          if (weight !== null) {
            outside += 1;
            expect(await same(weight)).toBe(false);
          }
      }
    }
    expect(outside).toBeGreaterThan(4);
  });

  it('does not exist in a legacy or i2i list, nor in a merge that does not ask the model', async () => {
    const { engine, adIds, query } = setup(1, 1, 12, false);
    for (const asked of [
      { ...query, mode: 'legacy' as const },
      { ...query, mode: 'i2i' as const },
      { ...query, disabled: ['model' as const] },
    ]) {
      await expect(byWeights(engine, asked, adIds[3] ?? '')).rejects.toMatchObject({ code: 'unsupported' });
      await expect(byEvents(engine, asked, adIds[3] ?? '')).rejects.toMatchObject({ code: 'unsupported' });
      await expect(stability(engine, asked, null)).rejects.toMatchObject({ code: 'unsupported' });
    }
  });
});
