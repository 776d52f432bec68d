import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/domain/random.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { stability } from '../../src/engine/stability.ts';
import { vectorAt } from '../../src/engine/counterfactual/weight-path.ts';
import { makeWorld, worldDeps, worldQuery } from '../support/memory-world.ts';

describe('the stable interval of a weight', () => {
  it('keeps the list at 1,000 draws inside, and changes it just outside unless the end is a bound', async () => {
    const random = seededRandom(3);
    let draws = 0;
    let outside = 0;
    for (const [seed, user, place] of [
      [1, 0, 0],
      [4, 2, 3],
      [8, 5, -1],
      [12, 1, -1],
      [20, 6, 12],
    ] as const) {
      const engine = createEngine(worldDeps(makeWorld({ seed })));
      const { core } = engine;
      const query = worldQuery(`u${user}`, { k: 12, eligibility: false });
      const encoded = await core.encode(query);
      const vector = await core.userVector(query);
      const { scan, catalog } = core.deps;
      if (encoded === null || vector === null || scan === null) throw new Error('the world has a model');
      const weights = core.weightsOf(query, encoded.encoder);
      const adId = place < 0 ? null : catalog.idOf((await scan.topK(vector, 20)).ordinals[place] ?? 0);
      const stateAt = async (at: Float32Array): Promise<string> => {
        const top = [...(await scan.topK(at, adId === null ? 10 : query.k)).ordinals];
        return adId === null ? top.sort((a, b) => a - b).join() : String(top.includes(catalog.ordinalOf(adId) ?? -1));
      };
      const now = await stateAt(vector);
      const result = await stability(engine, query, adId);
      expect(result.subject.type).toBe(adId === null ? 'top' : 'ad');
      for (const [g, { from, to, weight, outsideBelow, outsideAbove }] of result.groups.entries()) {
        expect(from <= weight && weight <= to).toBe(true);
        for (let i = 0; i < 34; i += 1) {
          draws += 1;
          expect(await stateAt(vectorAt(encoded, weights, g, from + random.next() * (to - from)))).toBe(now);
        }
        for (const beyond of [outsideBelow, outsideAbove]) {
          if (beyond === null) continue;
          outside += 1;
          expect(await stateAt(vectorAt(encoded, weights, g, beyond))).not.toBe(now);
        }
        if (outsideBelow === null) expect(from).toBe(0);
        if (outsideAbove === null) expect(to).toBe(4);
      }
    }
    expect(draws).toBeGreaterThanOrEqual(1000);
    expect(outside).toBeGreaterThan(15);
  });
});
