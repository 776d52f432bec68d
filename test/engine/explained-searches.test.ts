import { expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { EngineDeps } from '../../src/engine/deps.ts';
import { makeWorld, worldDeps, worldQuery } from '../support/memory-world.ts';

/** Scores of the list are wrong by more than a rounding, those of the explanation are not. */
const crooked = (deps: EngineDeps): EngineDeps => ({
  ...deps,
  index:
    deps.index === null
      ? null
      : {
          ...deps.index,
          search: async (...asked) => {
            const { ordinals, scores } = (await deps.index?.search(...asked)) ?? {
              ordinals: new Int32Array(0),
              scores: new Float32Array(0),
            };
            return { ordinals, scores: scores.map((score) => score + 1e-5) };
          },
        },
});

it('a search whose scores nothing explains fails the test that ran it, whichever test that is', async () => {
  const deps = worldDeps(makeWorld());
  const query = worldQuery('u1');
  await expect(createEngine(deps).recall(query)).resolves.toBeDefined();
  await expect(createEngine(crooked(deps)).recall(query)).rejects.toThrow(/to be less than/);
  await expect(createEngine(crooked(deps)).compare(query, query)).rejects.toThrow(/to be less than/);
});
