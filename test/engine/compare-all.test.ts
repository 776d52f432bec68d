import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelNames, modes } from '../../src/domain/query.ts';
import { rbo } from '../../src/domain/rank-similarity.ts';
import { userMetrics } from '../../src/domain/compare-all/rows.ts';
import { compareUsers, type ComparePlan } from '../../src/engine/compare-all.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { makeWorld, worldDeps, worldEnd, worldQuery } from '../support/memory-world.ts';

describe('the rows of a comparison', () => {
  it('equal a naive loop of fresh recalls a user, in every pair of modes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(...modes),
        fc.constantFrom(...modes),
        fc.integer({ min: 1, max: 25 }),
        async (seed, modeA, modeB, k) => {
          const world = makeWorld({ seed, users: 7, eventsPerUser: 18 });
          const before = worldQuery('u0', { mode: modeA, k });
          const plan: ComparePlan = {
            before,
            after: { ...before, mode: modeB },
            asOf: before.asOf,
            defaultAsOf: null,
            filters: [],
          };
          const { rows } = await compareUsers(
            createEngine(worldDeps(world)),
            plan,
            world.users.map((u) => u.userId),
          );
          expect(rows.map((row) => row.userId)).toEqual(world.users.map((u) => u.userId));
          for (const row of rows) {
            const [a, b] = [
              await createEngine(worldDeps(world)).recall({ ...before, userId: row.userId }),
              await createEngine(worldDeps(world)).recall({ ...plan.after, userId: row.userId }),
            ];
            const truth = new Set(
              world.events
                .filter((e) => e.userId === row.userId && e.at >= before.asOf && ['click', 'purchase'].includes(e.kind))
                .map((e) => e.adId),
            );
            expect(row.engaged).toBe(truth.size);
            expect(row.rbo).toBe(
              rbo(
                a.candidates.map((c) => c.adId),
                b.candidates.map((c) => c.adId),
              ),
            );
            for (const [side, { candidates }] of [
              [row.a, a],
              [row.b, b],
            ] as const) {
              expect(side.ads).toEqual(candidates.map((c) => c.ordinal));
              expect([...side.via].map((digit) => channelNames[Number(digit)])).toEqual(candidates.map((c) => c.via));
              expect(side.hits).toEqual(candidates.filter((c) => truth.has(c.adId)).map((c) => c.rank));
              const recall = side.values[userMetrics(k).indexOf(`recall@${k}`)];
              if (truth.size === 0) expect(recall).toBeNull();
              else expect(recall).toBeCloseTo(side.hits.length / truth.size, 12);
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('say to which segments a user belongs, the rules that placed an ad among them', async () => {
    const world = makeWorld({ seed: 2, users: 5 });
    const before = { ...worldQuery('u0', { mode: 'legacy', k: 20 }), context: { promo: '618' } };
    const deps = worldDeps(world, {
      settings: {
        calendar: [
          { field: 'season', value: 'spring', from: 0, until: worldEnd * 2 },
          { field: 'promo', value: '11.11', from: 0, until: worldEnd * 2 },
        ],
      },
    });
    const { rows } = await compareUsers(
      createEngine(deps),
      { before, after: before, asOf: before.asOf, defaultAsOf: null, filters: [] },
      ['u1'],
    );
    const [row] = rows;
    const segments = new Map(row?.segments.filter(([field]) => field !== 'rule'));
    expect(segments.get('gender')).toBe(world.users[1]?.attributes['gender']);
    expect(segments.get('promotion promo')).toBe('618');
    expect(segments.get('promotion season')).toBe('spring');
    expect(segments.get('platform')).toBe('unknown');
    const fired = new Set([...(row?.a.via ?? '')].map((digit) => channelNames[Number(digit)]));
    expect(new Set(row?.segments.filter(([field]) => field === 'rule').map(([, value]) => value))).toEqual(fired);
  });

  it('keep the reason of a user whose vector vanishes, and go on', async () => {
    const world = makeWorld({ seed: 4, users: 3 });
    const before = worldQuery('u0', { mode: 'model' });
    const deps = worldDeps(world);
    const encoder = await deps.encoder();
    if (encoder === null) throw new Error('the world has a model');
    const { RecallError } = await import('../../src/errors.ts');
    let asked = 0;
    const failing = {
      ...encoder,
      fuse: (...args: Parameters<typeof encoder.fuse>) => {
        if ((asked += 1) === 1) throw new RecallError('unsupported', 'no direction');
        return encoder.fuse(...args);
      },
    };
    const { rows } = await compareUsers(
      createEngine({ ...deps, encoder: () => Promise.resolve(failing) }),
      { before, after: before, asOf: before.asOf, defaultAsOf: null, filters: [] },
      ['u0', 'u1', 'u2'],
    );
    expect(rows.map((row) => row.failed)).toEqual(['no direction', null, null]);
  });
});
