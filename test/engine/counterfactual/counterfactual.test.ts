import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecallQuery } from '../../../src/domain/query.ts';
import { byEvents } from '../../../src/engine/counterfactual/events.ts';
import { vectorAt } from '../../../src/engine/counterfactual/weight-path.ts';
import { byWeights } from '../../../src/engine/counterfactual/weights.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { makeWorld, worldDeps, worldQuery } from '../../support/memory-world.ts';

const anyCase = fc.record({
  seed: fc.integer({ min: 1, max: 40 }),
  user: fc.integer({ min: 0, max: 7 }),
  ad: fc.integer({ min: 0, max: 59 }),
  k: fc.constantFrom(5, 10, 20),
});

const setup = (seed: number, model: 'mlp' | 'linear' = 'mlp'): { engine: Engine; adIds: string[] } => {
  const world = makeWorld({ seed });
  return { engine: createEngine(worldDeps(world, { model })), adIds: world.ads.map((ad) => ad.adId) };
};

/** Exact membership of the changed query, by the scan. */
const inList = async (engine: Engine, query: RecallQuery, adId: string): Promise<boolean> => {
  const { core } = engine;
  const vector = await core.userVector(query);
  const top = vector === null ? undefined : await core.deps.scan?.topK(vector, query.k, core.mask(query) ?? undefined);
  return top?.ordinals.includes(core.deps.catalog.ordinalOf(adId) ?? -1) ?? false;
};

const withWeights = (
  query: RecallQuery,
  changes: ReadonlyArray<{ group: string; from: number; to: number }>,
): RecallQuery => ({
  ...query,
  weights: {
    ...query.weights,
    ...Object.fromEntries(changes.map(({ group, to }) => [group, to])),
  },
});

describe('counterfactual by weights', () => {
  it('reaches its goal when applied, and not yet a thousandth before', async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ seed, user, ad, k }) => {
        const { engine, adIds } = setup(seed);
        const query = worldQuery(`u${user}`, { k, eligibility: false });
        const adId = adIds[ad] ?? '';
        const result = await byWeights(engine, query, adId);
        const goal = result.goal === 'in';
        expect(await inList(engine, query, adId)).toBe(!goal);
        if (result.changes.length === 0) return;
        changed += 1;
        expect(await inList(engine, withWeights(query, result.changes), adId)).toBe(goal);
        const [only] = result.changes;
        if (result.changes.length === 1 && only !== undefined && Math.abs(only.to - only.from) > 0.002)
          expect(
            await inList(
              engine,
              withWeights(query, [{ ...only, to: only.to - Math.sign(only.to - only.from) / 1000 }]),
              adId,
            ),
          ).toBe(!goal);
        expect(result.changes.every(({ to }) => Math.abs(to * 1e7 - Math.round(to * 1e7)) < 1e-4)).toBe(true);
        expect(result.verified).toBe(true);
        expect(result.l1).toBeCloseTo(
          result.changes.reduce((sum, { from, to }) => sum + Math.abs(to - from), 0),
          12,
        );
        for (const { weight, nearest } of result.intervals)
          if (nearest !== null) expect(result.l1 ?? Infinity).toBeLessThanOrEqual(Math.abs(nearest - weight) + 1e-9);
      }),
      { numRuns: 12 },
    );
    expect(changed).toBeGreaterThan(4);
  });

  it('finds the same intervals as a grid of 10,000 weights, to the grid’s step', async () => {
    for (const [seed, user, ad, g] of [
      [2, 1, 7, 0],
      [5, 3, 33, 2],
      [9, 0, 50, 3],
      [14, 5, 12, 1],
    ] as const) {
      const { engine, adIds } = setup(seed);
      const query = worldQuery(`u${user}`, { k: 8, eligibility: false });
      const adId = adIds[ad] ?? '';
      const { intervals } = await byWeights(engine, query, adId);
      const group = intervals[g];
      const encoded = await engine.core.encode(query);
      if (encoded === null || group === undefined) throw new Error('the world has a model');
      const weights = engine.core.weightsOf(query, encoded.encoder);
      const ordinal = engine.core.deps.catalog.ordinalOf(adId) ?? -1;
      for (let i = 0; i <= 10_000; i += 1) {
        const at = (4 * i) / 10_000;
        const near = group.intervals.some(({ from, to }) => Math.min(Math.abs(at - from), Math.abs(at - to)) <= 4e-4);
        if (near) continue;
        const scores =
          engine.core.deps.scan?.scoresOf(
            vectorAt(encoded, weights, g, at),
            adIds.map((_, o) => o),
          ) ?? new Float32Array(0);
        const own = scores[ordinal] ?? 0;
        const before = scores.reduce(
          (n, score, other) => n + (score > own || (score === own && other < ordinal) ? 1 : 0),
          0,
        );
        expect(before < query.k, `group ${group.group} at ${at}`).toBe(
          group.intervals.some(({ from, to }) => from <= at && at <= to),
        );
      }
    }
  });

  it('crosses, on a linear model, exactly where the two scores are equal: w = −⟨c, Δv⟩ ÷ ⟨d, Δv⟩', async () => {
    let crossings = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      // Two eligible ads and k = 1: the list's only border is where one passes the other. Normalising u changes no order.
      const world = makeWorld({ seed, ads: 2 });
      const engine = createEngine(worldDeps(world, { model: 'linear' }));
      const query = worldQuery('u1', { k: 1, eligibility: false });
      const { intervals } = await byWeights(engine, query, world.ads[0]?.adId ?? '');
      const encoded = await engine.core.encode(query);
      if (encoded === null) throw new Error('the world has a model');
      const weights = engine.core.weightsOf(query, encoded.encoder);
      const difference = Array.from(
        { length: world.dim },
        (_, d) => (world.vectors[d] ?? 0) - (world.vectors[world.dim + d] ?? 0),
      );
      const dot = (vector: ArrayLike<number>): number =>
        difference.reduce((sum, x, d) => sum + x * (vector[d] ?? 0), 0);
      const bias = engine.core.deps.vectors === null ? [] : await biasOf(engine, query);
      for (const [g, group] of intervals.entries()) {
        if (!group.present) continue;
        const part = (i: number): Float32Array =>
          encoded.encodings.projected.subarray(i * world.dim, (i + 1) * world.dim);
        const fixed =
          dot(bias) + Array.from(weights).reduce((sum, weight, i) => (i === g ? sum : sum + weight * dot(part(i))), 0);
        const expected = -fixed / dot(part(g));
        const ends = group.intervals.flatMap(({ from, to }) => [from, to]).filter((end) => end > 0 && end < 4);
        if (expected > 0 && expected < 4) {
          crossings += 1;
          expect(ends).toHaveLength(1);
          expect(ends[0]).toBeCloseTo(expected, 4);
        } else expect(ends).toEqual([]);
      }
    }
    expect(crossings).toBeGreaterThan(10);
  });

  it('says that weights move no rule-based list', async () => {
    const { engine } = setup(1);
    await expect(byWeights(engine, worldQuery('u0', { mode: 'legacy' }), 'ad-0007')).rejects.toMatchObject({
      code: 'unsupported',
    });
  });
});

/** The linear model's constant: two opposite mixtures of the same parts leave it, up to the length that fuse removes. */
const biasOf = async (engine: Engine, query: RecallQuery): Promise<Float64Array> => {
  const encoded = await engine.core.encode(query);
  if (encoded === null) throw new Error('the world has a model');
  const { encoder, encodings } = encoded;
  const groups = encoder.groups.length;
  const g = encodings.present.indexOf(true);
  const none = encoder.fuse(encodings, new Float32Array(groups), 1);
  const one = encoder.fuse(
    encodings,
    Float32Array.from({ length: groups }, (_, i) => (i === g ? 1 : 0)),
    1,
  );
  const part = encodings.projected.subarray(g * encoder.dim, (g + 1) * encoder.dim);
  // length·none + part is parallel to one: the length from the two coordinates that determine it best.
  let best = { determinant: 0, length: 0 };
  for (let i = 0; i < encoder.dim; i += 1) {
    for (let j = 0; j < encoder.dim; j += 1) {
      const determinant = (none[i] ?? 0) * (one[j] ?? 0) - (none[j] ?? 0) * (one[i] ?? 0);
      if (Math.abs(determinant) > Math.abs(best.determinant))
        best = { determinant, length: ((part[j] ?? 0) * (one[i] ?? 0) - (part[i] ?? 0) * (one[j] ?? 0)) / determinant };
    }
  }
  return Float64Array.from(none, (x) => x * best.length);
};

describe('counterfactual by events', () => {
  const subsets = <T>(items: readonly T[], size: number): T[][] =>
    size === 0
      ? [[]]
      : items.flatMap((item, i) => subsets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));

  it('finds a set that works, and no smaller one does, by all subsets up to three, for 50 users', async () => {
    let found = 0;
    let several = 0;
    for (let seed = 1; seed <= 50; seed += 1) {
      const world = makeWorld({ seed, users: 3, ads: 40, eventsPerUser: 9 });
      const engine = createEngine(worldDeps(world));
      const query = worldQuery('u1', { k: 8, eligibility: false });
      const vector = await engine.core.userVector(query);
      const top = vector === null ? undefined : await engine.core.deps.scan?.topK(vector, 14);
      // Near and far from the border: in the first half of the seeds an ad that is in, else one that is out.
      const adId = engine.core.deps.catalog.idOf(
        top?.ordinals[(seed <= 25 ? [7, 3, 0] : [8, 11, 13])[seed % 3] ?? 0] ?? 0,
      );
      const result = await byEvents(engine, query, adId);
      const goal = result.goal === 'in';
      const eventIds = [
        ...new Set(
          (await engine.core.inputs(query)).groups.flatMap((group) =>
            group.items.flatMap(({ eventId }) => eventId ?? []),
          ),
        ),
      ];
      const reaches = async (set: readonly string[]): Promise<boolean> =>
        (await inList(engine, { ...query, excludedEvents: [...set] }, adId)) === goal;
      expect(eventIds.length).toBeLessThanOrEqual(15);
      const size = result.changes.length;
      if (size > 0) {
        found += 1;
        if (size > 1) several += 1;
        expect(await reaches(result.changes.map((event) => event.eventId))).toBe(true);
        expect(result.verified).toBe(true);
      }
      const smaller = [1, 2, 3].filter((one) => size === 0 || one < size).flatMap((one) => subsets(eventIds, one));
      for (const set of smaller) expect(await reaches(set)).toBe(false);
    }
    expect(found).toBeGreaterThan(20);
    expect(several).toBeGreaterThan(3);
  });
});
