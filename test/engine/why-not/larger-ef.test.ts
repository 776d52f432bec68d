import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { whyNot } from '../../../src/engine/why-not/why-not.ts';
import { createFactories } from '../../../src/index.ts';
import { makeWorld, worldDeps, worldQuery } from '../../support/memory-world.ts';
import { temporaryFolder } from '../../support/vectors.ts';

const ads = 120;

/** A world whose index has two links an ad: lists end with ads far below the exact cutoff. */
const poorlyLinked = async (seed: number): Promise<Engine> => {
  const world = makeWorld({ seed, ads, twins: 0 });
  const deps = worldDeps(world);
  const vectors = { data: world.vectors, count: ads, dim: world.dim };
  const path = `${temporaryFolder('larger-ef')}/ads.hnsw`;
  const { hnsw } = createFactories({}).indexes;
  await hnsw.build({ vectors, path, m: 2, efConstruction: 4, seed: 100 });
  const expected = { count: ads, dim: world.dim, space: 'ip' as const };
  const [index, graph] = [await hnsw.load(path, expected), await hnsw.openGraph(path, expected)];
  return createEngine({ ...deps, index, graph: () => Promise.resolve(graph) });
};

describe('a larger ef on a poor graph', () => {
  it('is offered for an ad below the exact cutoff, where it is the cheapest repair', async () => {
    const [k, seen] = [8, { larger: 0, none: 0 }];
    for (const seed of [7, 8, 9, 10]) {
      const engine = await poorlyLinked(seed);
      const user = `u${seed - 7}`;
      const query = worldQuery(user, { mode: 'model', k, ef: k, eligibility: false });
      const lists = await Promise.all(
        Array.from({ length: ads - k }, async (_, i) =>
          (await engine.recall({ ...query, ef: k + 1 + i })).candidates.map(({ ordinal }) => ordinal),
        ),
      );
      for (let ordinal = 0; ordinal < ads; ordinal += 3) {
        const verdict = await whyNot(engine, query, engine.core.deps.catalog.idOf(ordinal));
        if (verdict.verdict !== 'below-cutoff') continue;
        const at = lists.findIndex((list) => list.includes(ordinal));
        const first = at < 0 ? null : k + 1 + at;
        const { repair, searched } = verdict;
        if (repair?.change.type === 'ef') expect(repair.change.to).toBe(first);
        if (first === null) seen.none += 1;
        else {
          seen.larger += 1;
          expect(searched?.ef).toEqual({ from: k, to: first, every: true });
          const cost = Math.log((first + 1) / (k + 1)) / Math.log((ads + 1) / (k + 1));
          expect(repair?.cost).toBeLessThanOrEqual(cost + 1e-9);
        }
      }
    }
    expect(seen.larger).toBeGreaterThan(0);
    expect(seen.none).toBeGreaterThan(0);
  });
});
