import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mode } from '../../../src/domain/query.ts';
import { modes } from '../../../src/domain/query.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import { explain } from '../../../src/engine/explain/explain.ts';
import { contrast } from '../../../src/engine/explain/contrast.ts';
import { explainAll } from '../../../src/engine/explain/groups.ts';
import { assertExplains, assertExplanation, assertTree } from '../../support/assert-explains.ts';
import { makeWorld, worldDeps, worldQuery } from '../../support/memory-world.ts';

const weight = fc.constantFrom(0, 0.5, 1, 1.7, 4);
const anyCase = fc.record({
  seed: fc.integer({ min: 1, max: 50 }),
  user: fc.integer({ min: 0, max: 7 }),
  mode: fc.constantFrom<Mode>(...modes),
  weights: fc.record({
    browse: weight,
    search: weight,
    purchase: weight,
    social: weight,
    context: weight,
    trend: weight,
  }),
});

describe('the explanation of a score', () => {
  it('accounts for the model score of every candidate of any search', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ seed, user, mode, weights }) => {
        const engine = createEngine(worldDeps(makeWorld({ seed })));
        await assertExplains(engine, await engine.recall(worldQuery(`u${user}`, { mode, weights })));
      }),
      { numRuns: 40 },
    );
  });

  it('adds up over groups and over events, for ads in the list and ads that are not', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.integer({ min: 0, max: 59 }), async ({ seed, user, mode, weights }, ad) => {
        const world = makeWorld({ seed });
        const engine = createEngine(worldDeps(world));
        const query = worldQuery(`u${user}`, { mode, weights });
        const adId = world.ads[ad]?.adId ?? '';
        const explanation = await explain(engine, query, adId);
        assertExplanation(explanation);
        for (const part of explanation.groups) {
          const own = explanation.events.filter((event) => event.group === part.group);
          if (own.length > 0) expect(own.reduce((sum, event) => sum + event.phi, 0)).toBeCloseTo(part.phi, 6);
        }
        const listed = (await engine.recall(query)).candidates.find((candidate) => candidate.adId === adId);
        expect(explanation.rank).toBe(listed?.rank ?? null);
        for (const hit of listed?.channels ?? [])
          expect(explanation.channels).toContainEqual({ ...hit, takesPart: true });
      }),
      { numRuns: 12 },
    );
  });

  it('gives exactly 0 to a group without events, to a group of weight 0, and to their events', async () => {
    const world = makeWorld({ seed: 4 });
    const without = {
      ...world,
      events: world.events.filter((event) => !(event.userId === 'u1' && event.kind === 'search')),
    };
    const engine = createEngine(worldDeps(without));
    const { groups, events } = await explain(
      engine,
      worldQuery('u1', { weights: { ...worldQuery('u1').weights, browse: 0 } }),
      'ad-0007',
    );
    expect(groups.find((part) => part.group === 'search')).toMatchObject({ present: false, phi: 0 });
    expect(groups.find((part) => part.group === 'browse')).toMatchObject({ present: true, weight: 0, phi: 0 });
    for (const event of events.filter(({ group }) => group === 'browse'))
      expect([event.phi, event.stderr]).toEqual([0, 0]);
    expect(groups.filter((part) => part.phi !== 0).length).toBeGreaterThan(0);
  });

  it('samples permutations within its budget where a group has more events than it values exactly', async () => {
    const engine = createEngine(worldDeps(makeWorld({ seed: 3 })));
    const query = worldQuery('u2');
    const exact = await explain(engine, query, 'ad-0014');
    const sampled = await explain(engine, query, 'ad-0014', { exactUpTo: 2, budget: 200 });
    assertExplanation(sampled);
    expect(exact.methods.every((one) => one.method === 'exact')).toBe(true);
    const browse = sampled.methods.find((one) => one.group === 'browse');
    expect(browse?.method).toBe('permutation');
    expect(browse?.evaluations).toBeLessThanOrEqual(200);
    for (const event of sampled.events.filter(({ stderr }) => stderr > 0)) {
      const twin = exact.events.find(
        (one) => one.eventId === event.eventId && one.group === event.group && one.kind === event.kind,
      );
      expect(Math.abs(event.phi - (twin?.phi ?? Number.NaN))).toBeLessThan(5 * event.stderr + 1e-6);
    }
    expect(await explain(engine, query, 'ad-0014', { exactUpTo: 2, budget: 200 })).toEqual(sampled);
  });

  it('gives the same groups for one ad as for the whole list at once', async () => {
    const engine = createEngine(worldDeps(makeWorld({ seed: 9 })));
    const query = worldQuery('u3');
    const { candidates } = await engine.recall(query);
    const all = await explainAll(
      engine.core,
      query,
      candidates.map((candidate) => candidate.ordinal),
    );
    for (const row of all.rows.slice(0, 3)) {
      const one = await explain(engine, query, row.adId, { events: false });
      row.phi.forEach((phi, g) => expect(phi).toBeCloseTo(one.groups[g]?.phi ?? Number.NaN, 9));
    }
  });

  it('finds the behaviours nearest to the ad, its own first where the user met it', async () => {
    const world = makeWorld({ seed: 2 });
    const engine = createEngine(worldDeps(world));
    const query = worldQuery('u0');
    const met = engine.core.history(query).find((event) => event.adId !== null);
    const { nearest } = await explain(engine, query, met?.adId ?? '', { events: false });
    expect(nearest[0]?.cosine).toBeCloseTo(1, 6);
    expect([...nearest].sort((a, b) => b.cosine - a.cosine)).toEqual(nearest);
  });

  it('names the nearest ids for an unknown ad, and the missing part without a model', async () => {
    await expect(explain(createEngine(worldDeps(makeWorld())), worldQuery('u0'), 'ad-000')).rejects.toMatchObject({
      code: 'unknown-ad',
    });
    await expect(
      explain(createEngine(worldDeps(makeWorld(), { model: 'none' })), worldQuery('u0', { mode: 'legacy' }), 'ad-0007'),
    ).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('stops when it is cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(
      explain(createEngine(worldDeps(makeWorld())), worldQuery('u0'), 'ad-0007', { signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the contrast of two ads', () => {
  it('splits the difference of two scores into differences that sum to it', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyCase,
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 59 }),
        async ({ seed, user, weights }, a, b) => {
          const world = makeWorld({ seed });
          const engine = createEngine(worldDeps(world));
          const query = worldQuery(`u${user}`, { weights });
          const [adA, adB] = [world.ads[a]?.adId ?? '', world.ads[b]?.adId ?? ''];
          const result = await contrast(engine, query, adA, adB);
          expect(result.score).toBeCloseTo(result.a.score - result.b.score, 9);
          expect(
            Math.abs(
              result.baseline + result.groups.reduce((sum, part) => sum + part.phi, 0) + result.residual - result.score,
            ),
          ).toBeLessThan(1e-9);
          expect(Math.abs(result.residual)).toBeLessThan(1e-6);
          assertTree(result.tree);
          const [alone] = [await explain(engine, query, adA)];
          const other = await explain(engine, query, adB);
          result.groups.forEach((part, g) =>
            expect(part.phi).toBeCloseTo((alone.groups[g]?.phi ?? 0) - (other.groups[g]?.phi ?? 0), 9),
          );
        },
      ),
      { numRuns: 8 },
    );
  });
});
