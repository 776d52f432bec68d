import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { EngineDeps } from '../../src/engine/deps.ts';
import { efCurve } from '../../src/engine/list-shape.ts';
import { whyNot } from '../../src/engine/why-not/why-not.ts';
import { RecallError } from '../../src/errors.ts';
import { makeWorld, worldDeps, worldQuery } from '../support/memory-world.ts';

/** The index of the world, each answer a turn of the event loop later. */
const remote = (deps: EngineDeps): EngineDeps => {
  const { index } = deps;
  if (index === null) throw new Error('the world has an index');
  return {
    ...deps,
    index: {
      ...index,
      search: async (...asked) => {
        await setImmediate();
        return index.search(...asked);
      },
    },
  };
};

describe('an index that answers with a promise', () => {
  const deps = worldDeps(makeWorld({ seed: 5 }));
  const [local, distant] = [createEngine(deps), createEngine(remote(deps))];
  const query = worldQuery('u3', { k: 8, ef: 8, mode: 'merged' });

  it('gives the same list, verdicts, repairs and certificates as the index at hand', async () => {
    const a = await local.recall(query);
    const b = await distant.recall(query);
    expect({ ...b, timingsMs: {} }).toEqual({ ...a, timingsMs: {} });
    for (const adId of deps.catalog.ads([1, 9, 17, 25, 33]).map((ad) => ad.adId)) {
      const asked = { ...query, mode: 'model' as const };
      expect(await whyNot(distant, asked, adId)).toEqual(await whyNot(local, asked, adId));
    }
  });

  it('gives the same curve of recall against ef', async () => {
    const asked = worldQuery('u3', { k: 10, ef: 10, eligibility: false });
    const points = async (engine: typeof local): Promise<unknown> =>
      (await efCurve(engine, asked)).points.map(({ ef, recall }) => [ef, recall]);
    expect(await points(distant)).toEqual(await points(local));
  });

  it('fails the recall with its own error when it cannot answer', async () => {
    const { index } = deps;
    const broken = createEngine({
      ...deps,
      index:
        index === null
          ? null
          : { ...index, search: () => Promise.reject(new RecallError('bad-index', 'the index does not answer')) },
    });
    await expect(broken.recall({ ...query, mode: 'model' })).rejects.toMatchObject({
      code: 'bad-index',
      message: 'the index does not answer',
    });
  });
});
