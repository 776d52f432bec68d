import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summariseBlast, type BlastRow } from '../../src/domain/blast.ts';
import { compareResults } from '../../src/domain/compare-lists.ts';
import { modes } from '../../src/domain/query.ts';
import { blastUsers, sampleUsers, type BlastChange } from '../../src/engine/blast.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { makeWorld, worldDeps, worldEnd, worldQuery, worldGroups } from '../support/memory-world.ts';

const change = fc.record({
  seed: fc.integer({ min: 1, max: 50 }),
  mode: fc.constantFrom(...modes),
  weight: fc.double({ min: 0, max: 4, noNaN: true }),
  group: fc.constantFrom(...worldGroups.map((g) => g.name)),
  search: fc.boolean(),
  filter: fc.boolean(),
  ownTimes: fc.boolean(),
  k: fc.integer({ min: 1, max: 20 }),
});

describe('the blast radius of a change', () => {
  it('equals a naive loop of two fresh recalls a user, in every mode', async () => {
    await fc.assert(
      fc.asyncProperty(change, async (c) => {
        const world = makeWorld({ seed: c.seed, users: 9, eventsPerUser: 16 });
        const before = worldQuery('u0', { mode: c.mode, k: c.k });
        const after = {
          ...before,
          weights: { ...before.weights, [c.group]: c.weight },
          extraEvents: c.search ? [{ kind: 'search', at: before.asOf - 5, query: 'smart lamp' }] : [],
        };
        const filters = c.filter ? [{ terms: [{ field: 'kind', value: 'view' } as const] }] : [];
        const asked: BlastChange = { before, after, asOf: c.ownTimes ? null : before.asOf, defaultAsOf: null, filters };
        const users = world.users.map((u) => u.userId);
        const rows = await blastUsers(createEngine(worldDeps(world)), asked, users);
        expect(rows.map((r) => r.userId)).toEqual(users);
        for (const row of rows) {
          const own = world.events.filter((e) => e.userId === row.userId);
          const asOf = c.ownTimes ? Math.max(...own.map((e) => e.at)) + 1 : before.asOf;
          expect(row.asOf).toBe(asOf);
          const seen = own.filter((e) => c.filter && e.kind === 'view' && e.at < asOf).map((e) => e.eventId);
          const a = await createEngine(worldDeps(world)).recall({ ...before, userId: row.userId, asOf });
          const b = await createEngine(worldDeps(world)).recall({
            ...after,
            userId: row.userId,
            asOf,
            excludedEvents: seen,
            extraEvents: after.extraEvents.map((e) => ({ ...e, at: asOf - 5 })),
          });
          const { entered, left, moved, overlap } = compareResults(a, b);
          expect(row).toMatchObject({
            entered: entered.map((m) => m.adId),
            left: left.map((m) => m.adId),
            moved: moved.length,
            rbo: overlap.rbo,
            jaccard: overlap.jaccard,
            failed: null,
          });
          const truth = new Set(
            own.filter((e) => e.at >= asOf && ['click', 'purchase'].includes(e.kind)).map((e) => e.adId),
          );
          expect([row.engaged, row.hitsBefore, row.hitsAfter]).toEqual([
            truth.size,
            a.candidates.filter((x) => truth.has(x.adId)).length,
            b.candidates.filter((x) => truth.has(x.adId)).length,
          ]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('encodes each user once when only weights change', async () => {
    const world = makeWorld({ seed: 3, users: 100, eventsPerUser: 4 });
    const deps = worldDeps(world);
    const encoder = await deps.encoder();
    if (encoder === null) throw new Error('the world has a model');
    let encoded = 0;
    const counting = {
      ...encoder,
      encodeGroups: (batch: Parameters<typeof encoder.encodeGroups>[0]) => {
        encoded += batch.length;
        return encoder.encodeGroups(batch);
      },
    };
    const before = worldQuery('u0');
    const engine = createEngine({ ...deps, encoder: () => Promise.resolve(counting) });
    await blastUsers(
      engine,
      {
        before,
        after: { ...before, weights: { ...before.weights, search: 2 } },
        asOf: before.asOf,
        defaultAsOf: null,
        filters: [],
      },
      world.users.map((u) => u.userId),
    );
    expect(encoded).toBe(100);
  });

  it('stops when it is cancelled', async () => {
    const world = makeWorld({ seed: 3 });
    const before = worldQuery('u0');
    let asked = 0;
    const run = blastUsers(
      createEngine(worldDeps(world)),
      { before, after: before, asOf: worldEnd, defaultAsOf: null, filters: [] },
      ['u0', 'u1', 'u2'],
      () => (asked += 1) > 1,
    );
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked).toBe(2);
  });
});

const row = (userId: string, more: Partial<BlastRow>): BlastRow => ({
  userId,
  asOf: 0,
  changed: false,
  entered: [],
  left: [],
  moved: 0,
  rbo: 1,
  jaccard: 1,
  engaged: 0,
  hitsBefore: 0,
  hitsAfter: 0,
  failed: null,
  ...more,
});

describe('the summary of a blast radius', () => {
  it('counts impressions, leaves failed users out, and tests recall over users with engagements alone', () => {
    const rows = [
      ...Array.from({ length: 10 }, (_, i) =>
        row(`u${i}`, {
          changed: true,
          entered: ['new'],
          left: ['old'],
          rbo: 0.5,
          engaged: 2,
          hitsBefore: 0,
          hitsAfter: 1,
        }),
      ),
      row('quiet', {}),
      row('order', { changed: true, moved: 2, rbo: 0.9 }),
      row('gone', { failed: 'the user vector vanishes' }),
    ];
    const s = summariseBlast(rows, { top: 5, seed: 1 });
    expect(s).toMatchObject({
      users: 12,
      failed: 1,
      changed: 11,
      entered: 10,
      left: 10,
      gains: [{ adId: 'new', net: 10 }],
      losses: [{ adId: 'old', net: -10 }],
    });
    expect(s.shareChanged).toBeCloseTo(11 / 12, 12);
    expect(s.shareSetChanged).toBeCloseTo(10 / 12, 12);
    expect(s.meanRbo).toBeCloseTo((5 + 1 + 0.9) / 12, 12);
    // Ten strictly positive differences: p = 2 ÷ 1024.
    expect(s.recall).toMatchObject({
      users: 10,
      bootstrap: { meanA: 0, meanB: 0.5, delta: 0.5 },
      test: { p: 2 / 1024 },
    });
  });

  it('has no figures without users, and no recall without users who engaged', () => {
    expect(summariseBlast([], { top: 5, seed: 1 })).toMatchObject({
      users: 0,
      shareChanged: 0,
      meanRbo: 1,
      recall: null,
    });
  });

  it('draws the same users for the same seed, each once', () => {
    const ids = Array.from({ length: 50 }, (_, i) => `u${String(i).padStart(2, '0')}`);
    const drawn = sampleUsers(ids, 20, 7);
    expect(new Set(drawn).size).toBe(20);
    expect(drawn).toEqual(sampleUsers(ids, 20, 7));
    expect(drawn).not.toEqual(sampleUsers(ids, 20, 8));
    expect(sampleUsers(ids, 99, 7)).toEqual(ids);
  });
});
