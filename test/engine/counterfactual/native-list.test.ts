import { describe, expect, it } from 'vitest';
import type { RecallQuery } from '../../../src/domain/query.ts';
import { byEvents } from '../../../src/engine/counterfactual/events.ts';
import { byWeights } from '../../../src/engine/counterfactual/weights.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import type { AdIndex } from '../../../src/engine/ports/ports.ts';
import { stability } from '../../../src/engine/stability.ts';
import { makeWorld, worldDeps, worldQuery } from '../../support/memory-world.ts';

const holds = async (engine: Engine, query: RecallQuery, adId: string): Promise<boolean> =>
  (await engine.recall(query)).candidates.some((one) => one.adId === adId);

/** The smallest ef at which this index comes to an ad: most at once, every third later than the query's 8. */
const efOf = (ordinal: number): number => (ordinal % 3 === 0 ? 9 + (ordinal % 17) : 1);

const worlds = [1, 4].map((seed) => {
  const deps = worldDeps(makeWorld({ seed }));
  const { index } = deps;
  if (index === null) throw new Error('the world has an index');
  const search: AdIndex['search'] = async (vector, k, ef, mask) => {
    const all = await index.search(vector, index.size, index.size, mask);
    const met = [...all.ordinals.keys()].filter((i) => efOf(all.ordinals[i] ?? 0) <= Math.max(ef, k)).slice(0, k);
    return {
      ordinals: Int32Array.from(met, (i) => all.ordinals[i] ?? 0),
      scores: Float32Array.from(met, (i) => all.scores[i] ?? 0),
    };
  };
  return { engine: createEngine({ ...deps, index: { ...index, search } }) };
});

const asked = async (engine: Engine, query: RecallQuery): Promise<string[]> => {
  const { candidates, ann } = await engine.recall(query, { checkAnn: true });
  return [...(ann?.missed.slice(0, 1) ?? []), ...candidates.slice(-1).map(({ adId }) => adId)];
};

describe('a list that differs from the exact one', () => {
  it('is the subject of counterfactual and stability: goal, ends and changes are those of recall', async () => {
    let [missed, worked, ends] = [0, 0, 0];
    for (const { engine } of worlds) {
      const query = worldQuery('u0', { k: 8, ef: 8, eligibility: false });
      for (const adId of await asked(engine, query)) {
        const was = await holds(engine, query, adId);
        const result = await byWeights(engine, query, adId);
        expect([adId, result.goal]).toEqual([adId, was ? 'out' : 'in']);
        expect(result.verified).toBe(result.applied !== null);
        if (result.applied !== null) {
          worked += 1;
          expect(await holds(engine, result.applied, adId)).toBe(!was);
        } else expect(result.changes).toEqual([]);
        const ef = result.missed?.ef ?? null;
        if (ef !== null) {
          missed += 1;
          expect(result.applied).toEqual({ ...query, ef: ef.to });
          expect(await holds(engine, { ...query, ef: ef.to - 1 }, adId)).toBe(false);
          expect((await byEvents(engine, query, adId)).applied).toEqual(result.applied);
        }
        const { groups, subject } = await stability(engine, query, adId);
        expect(subject).toMatchObject({ inList: was, inExact: result.inExact });
        for (const { group, from, to, outsideBelow, outsideAbove } of groups) {
          const at = (weight: number): Promise<boolean> =>
            holds(engine, { ...query, weights: { ...query.weights, [group]: weight } }, adId);
          expect([group, await at(from), await at(to)]).toEqual([group, was, was]);
          for (const beyond of [outsideBelow, outsideAbove])
            if (beyond !== null) {
              ends += 1;
              expect([group, await at(beyond)]).toEqual([group, !was]);
            }
        }
      }
    }
    expect(missed).toBeGreaterThan(0);
    expect(worked).toBeGreaterThan(missed);
    expect(ends).toBeGreaterThan(3);
  });
});
