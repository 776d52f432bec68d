import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mode } from '../../../src/domain/query.ts';
import { modes } from '../../../src/domain/query.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { EngineDeps } from '../../../src/engine/deps.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { whyNot } from '../../../src/engine/why-not/why-not.ts';
import type { DepsOptions, MemoryWorld } from '../../support/memory-world.ts';
import { checkVerdict, exactOrder } from '../../support/check-verdict.ts';
import { makeWorld, worldDeps, worldEnd, worldQuery } from '../../support/memory-world.ts';

const anyCase = fc.record({
  seed: fc.integer({ min: 1, max: 60 }),
  user: fc.integer({ min: 0, max: 7 }),
  ad: fc.integer({ min: 0, max: 199 }),
  mode: fc.constantFrom<Mode>(...modes),
  index: fc.constantFrom<'exact' | 'lossy' | 'none'>('exact', 'lossy', 'lossy', 'none'),
  k: fc.constantFrom(3, 10, 25, 80),
  eligibility: fc.boolean(),
});

const setup = (
  seed: number,
  deps: DepsOptions = {},
  edit: (world: MemoryWorld) => MemoryWorld = (world) => world,
): { engine: Engine; world: MemoryWorld } => {
  // 200 ads: the toy index may ask for an ef of up to 190, and no real one needs more than its size.
  const world = edit(makeWorld({ seed, ads: 200 }));
  return { world, engine: createEngine(worldDeps(world, deps)) };
};

describe('the verdict of why-not', () => {
  it('claims only what brute force confirms, for any user, ad, mode and index', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ seed, user, ad, mode, index, k, eligibility }) => {
        const { engine, world } = setup(seed, { index });
        const query = worldQuery(`u${user}`, { mode, k, ef: k, eligibility });
        const adId = world.ads[ad]?.adId ?? '';
        const verdict = await whyNot(engine, query, adId, { allChannels: true });
        seen.set(verdict.verdict, (seen.get(verdict.verdict) ?? 0) + 1);
        await checkVerdict(engine, query, adId, verdict);
      }),
      { numRuns: 150, seed: 7 },
    );
    for (const verdict of ['recalled', 'ineligible', 'not-matched', 'below-cutoff', 'quota', 'merged-out'])
      expect(seen.get(verdict) ?? 0, `no case of ${verdict} in ${JSON.stringify([...seen])}`).toBeGreaterThan(0);
  });

  it('separates the ads an index misses from those it can never find, with a certificate', async () => {
    const seen = { 'ann-missed': 0, unreachable: 0 };
    for (let seed = 1; seed <= 6; seed += 1) {
      const { engine } = setup(seed, { index: 'lossy' });
      const query = worldQuery('u4', { k: 40, ef: 40 });
      const listed = new Set((await engine.recall(query)).candidates.map((candidate) => candidate.ordinal));
      for (const { ordinal } of (await exactOrder(engine, query))
        .slice(0, 40)
        .filter((one) => !listed.has(one.ordinal))) {
        const adId = engine.core.deps.catalog.idOf(ordinal);
        const verdict = await whyNot(engine, query, adId);
        await checkVerdict(engine, query, adId, verdict);
        if (verdict.verdict === 'ann-missed') expect(verdict.repair?.change.type).toMatch(/^(ef|k)$/);
        if (verdict.verdict === 'ann-missed' || verdict.verdict === 'unreachable') seen[verdict.verdict] += 1;
      }
    }
    expect(seen['ann-missed']).toBeGreaterThan(10);
    expect(seen.unreachable).toBeGreaterThan(3);
  });

  it('never calls the loser of a tie missed: ten identical creatives around the cutoff have margin 0', async () => {
    for (const index of ['exact', 'lossy'] as const) {
      for (let seed = 1; seed <= 6; seed += 1) {
        const { engine, world } = setup(seed, { index }, (made) => {
          for (let twin = 21; twin < 30; twin += 1)
            made.vectors.copyWithin(twin * made.dim, 20 * made.dim, 21 * made.dim);
          return made;
        });
        const base = worldQuery('u1', { eligibility: false, k: 200, ef: 200 });
        const order = await exactOrder(engine, base);
        const first = order.findIndex(({ ordinal }) => ordinal >= 20 && ordinal < 30);
        const query = { ...base, k: first + 4, ef: first + 4 };
        const { candidates } = await engine.recall(query);
        const lastScore = candidates.at(-1)?.score;
        for (let twin = 20; twin < 30; twin += 1) {
          const adId = world.ads[twin]?.adId ?? '';
          const verdict = await whyNot(engine, query, adId);
          await checkVerdict(engine, query, adId, verdict);
          if (verdict.verdict !== 'recalled' && lastScore === order[first]?.score) {
            expect(verdict.channels[0]).toMatchObject({ verdict: 'below-cutoff', margin: 0 });
          }
        }
      }
    }
  });

  it('repairs an ad however far below the cutoff by a list as long as its exact rank, where one channel makes the list', async () => {
    const ways: string[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 7 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 199 }),
        async (seed, user, k, ad) => {
          const { engine, world } = setup(seed);
          const query = worldQuery(`u${user}`, { mode: 'model', eligibility: false, k, ef: 10 });
          const adId = world.ads[ad]?.adId ?? '';
          const verdict = await whyNot(engine, query, adId);
          await checkVerdict(engine, query, adId, verdict);
          if (verdict.verdict !== 'below-cutoff') return;
          ways.push(verdict.repair?.change.type ?? 'none');
          const rank =
            (await exactOrder(engine, query)).findIndex((one) => engine.core.deps.catalog.idOf(one.ordinal) === adId) +
            1;
          if (verdict.repair?.change.type === 'k' && rank > 10 * k)
            expect(verdict.repair).toMatchObject({
              change: { from: k, to: rank },
              verified: true,
              effect: { rank, displaced: [] },
            });
          expect((verdict.repair?.cost ?? 0) > 1).toBe(verdict.repair?.change.type === 'k' && rank > 10 * k);
        },
      ),
      { numRuns: 60, seed: 3 },
    );
    expect(ways).not.toContain('none');
    expect(ways.filter((way) => way === 'k').length).toBeGreaterThan(5);
    expect(ways).toContain('weight');
  });

  it('names the nearest id for an unknown ad', async () => {
    const { engine } = setup(1);
    const verdict = await whyNot(engine, worldQuery('u0'), 'ad-0008x');
    expect(verdict).toMatchObject({ verdict: 'unknown-ad', channels: [], repair: null });
    expect(verdict.suggestions.length).toBeGreaterThan(0);
  });

  it('moves as-of into an ad’s dates when nothing else keeps it out', async () => {
    const { engine, world } = setup(5, {}, (made) => ({
      ...made,
      ads: made.ads.map((ad) => ({
        ...ad,
        targeting: null,
        budgetLeft: null,
        endAt: null,
        startAt: ad.ordinal === 10 ? worldEnd : null,
      })),
    }));
    const query = worldQuery('u2', { k: 199 });
    const verdict = await whyNot(engine, query, world.ads[10]?.adId ?? '');
    expect(verdict).toMatchObject({
      verdict: 'ineligible',
      reason: 'not-started',
      repair: { change: { type: 'as-of', to: worldEnd }, verified: true },
    });
  });

  const overlay = (deps: EngineDeps, world: MemoryWorld, ordinal: number, fresh: Float32Array): EngineDeps => ({
    ...deps,
    adEncoder: () =>
      Promise.resolve({
        dim: world.dim,
        encodeAds: (ads) =>
          Promise.resolve(ads[0]?.ordinal === ordinal ? fresh : new Float32Array(ads.length * world.dim)),
      }),
  });

  it('finds a stale vector only where the fresh one would be recalled', async () => {
    const world = makeWorld({ seed: 11 });
    const deps = worldDeps(world);
    const query = worldQuery('u3', { eligibility: false });
    const plain = createEngine(deps);
    const order = await exactOrder(plain, query);
    const worst = order.at(-1)?.ordinal ?? 0;
    const vector = (await plain.core.userVector(query)) ?? new Float32Array(world.dim);
    const good = await whyNot(
      createEngine(overlay(deps, world, worst, vector.slice())),
      query,
      world.ads[worst]?.adId ?? '',
    );
    expect(good.channels[0]).toMatchObject({
      verdict: 'stale-vector',
      evidence: { type: 'stale', against: 'ad-tower', freshRank: 1, storedRank: 60 },
    });
    const bad = await whyNot(
      createEngine(
        overlay(
          deps,
          world,
          worst,
          vector.map((x) => -x),
        ),
      ),
      query,
      world.ads[worst]?.adId ?? '',
    );
    expect(bad.channels[0]).toMatchObject({ verdict: 'below-cutoff' });
  });

  it('calls an ad without a row not indexed', async () => {
    const world = makeWorld({ seed: 12, ads: 200 });
    const deps = worldDeps(world, {});
    if (deps.vectors === null) throw new Error('the world has vectors');
    const present = new Uint8Array(world.ads.length).fill(1);
    present[30] = 0;
    const engine = createEngine({ ...deps, vectors: { ...deps.vectors, present } });
    const verdict = await whyNot(engine, worldQuery('u0', { eligibility: false }), world.ads[30]?.adId ?? '');
    expect(verdict).toMatchObject({ verdict: 'not-indexed', repair: null });
  });

  it('ranks a row of zeros as any other, where the metric gives it a score', async () => {
    const { engine, world } = setup(12, {}, (made) => {
      made.vectors.fill(0, 30 * made.dim, 31 * made.dim);
      return made;
    });
    const query = worldQuery('u0', { eligibility: false });
    const adId = world.ads[30]?.adId ?? '';
    const verdict = await whyNot(engine, query, adId);
    expect(verdict.channels[0]).toMatchObject({ verdict: 'below-cutoff', evidence: { type: 'rank', score: 0 } });
    await checkVerdict(engine, query, adId, verdict);
  });

  it('counts the near-identical creatives of the same campaign that hold the slots above', async () => {
    const { engine, world } = setup(3, {}, (made) => {
      for (let twin = 41; twin < 46; twin += 1) made.vectors.copyWithin(twin * made.dim, 40 * made.dim, 41 * made.dim);
      return {
        ...made,
        ads: made.ads.map((ad) =>
          ad.ordinal >= 40 && ad.ordinal < 46 ? { ...ad, campaign: ad.ordinal === 43 ? 'other' : 'flood' } : ad,
        ),
      };
    });
    const base = worldQuery('u1', { eligibility: false, k: 200, ef: 200 });
    const order = await exactOrder(engine, base);
    const last = order.findIndex(({ ordinal }) => ordinal === 45);
    const verdict = await whyNot(engine, { ...base, k: last, ef: last }, world.ads[45]?.adId ?? '');
    expect(verdict.crowding).toEqual({
      campaign: 'flood',
      cosine: 0.95,
      slots: 4,
      adIds: [40, 41, 42, 44].map((ordinal) => world.ads[ordinal]?.adId),
    });
  });
});
