import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelNames, type RecallQuery } from '../../src/domain/query.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { knockOutIds } from '../../src/engine/what-if.ts';
import { makeWorld, worldDeps, worldGroups, worldQuery } from '../support/memory-world.ts';

const engineOf = (seed: number, model: 'mlp' | 'linear' = 'mlp'): Engine =>
  createEngine(worldDeps(makeWorld({ seed }), { model }));
const weightsOf = (change: Record<string, number>): RecallQuery['weights'] =>
  Object.fromEntries(worldGroups.map(({ name }) => [name, change[name] ?? 1]));
const none = Object.fromEntries(worldGroups.map(({ name }) => [name, 0]));
const who = fc.record({ seed: fc.integer({ min: 1, max: 60 }), user: fc.nat(7) });

/** Groups whose every input is an event that can be knocked out. */
const owning = worldGroups.filter(({ source }) => source === 'events' || source === 'social').map((g) => g.name);

const close = (a: readonly { adId: string; score: number }[], b: readonly { adId: string; score: number }[]): void => {
  expect(a.map((c) => c.adId)).toEqual(b.map((c) => c.adId));
  a.forEach((c, i) => {
    expect(Math.abs(c.score - (b[i]?.score ?? Number.NaN))).toBeLessThan(1e-6);
  });
};

describe('the weights of groups', () => {
  it('leave, all at 0, the list of the baseline vector, which every user shares', async () => {
    await fc.assert(
      fc.asyncProperty(who, async ({ seed, user }) => {
        const engine = engineOf(seed);
        const query = worldQuery(`u${user}`, { weights: none, eligibility: false });
        const encoded = await engine.core.encode(query);
        if (encoded === null) throw new Error('the world has a model');
        const baseline = encoded.encoder.fuse(encoded.encodings, new Float32Array(worldGroups.length), 1);
        const exact = await engine.core.deps.scan?.topK(baseline, query.k);
        const { candidates } = await engine.recall(query);
        expect(candidates.map((c) => c.ordinal)).toEqual(Array.from(exact?.ordinals ?? []));
        const other = await engine.recall(worldQuery(`u${(user + 1) % 8}`, { weights: none, eligibility: false }));
        expect(other.candidates.map((c) => c.adId)).toEqual(candidates.map((c) => c.adId));
      }),
      { numRuns: 25 },
    );
  });

  it('give at 0, for a group that owns its events, the list without all of these events, to 1e-6', async () => {
    let knocked = 0;
    await fc.assert(
      fc.asyncProperty(who, fc.constantFrom(...owning), async ({ seed, user }, group) => {
        const engine = engineOf(seed);
        const query = worldQuery(`u${user}`, { k: 20 });
        const excludedEvents = await knockOutIds(engine.core, query, [{ terms: [{ field: 'group', value: group }] }]);
        knocked += excludedEvents.length;
        // An event that two groups read would be taken from both.
        const others = (await engine.core.inputs(query)).groups
          .filter((g) => g.group !== group)
          .flatMap((g) => g.items.map((i) => i.eventId));
        fc.pre(!excludedEvents.some((id) => others.includes(id)));
        const out = await engine.recall({ ...query, excludedEvents });
        const zero = await engine.recall({ ...query, weights: weightsOf({ [group]: 0 }) });
        close(out.candidates, zero.candidates);
      }),
      { numRuns: 60 },
    );
    expect(knocked).toBeGreaterThan(60);
  });

  it('leave, as knock-outs do, trend, popular, i2i and keyword as they were', async () => {
    await fc.assert(
      fc.asyncProperty(who, async ({ seed, user }) => {
        const engine = engineOf(seed);
        const query = worldQuery(`u${user}`, { mode: 'merged' });
        const all = await knockOutIds(engine.core, query, [{ terms: [{ field: 'until', value: query.asOf }] }]);
        expect(all.length).toBeGreaterThan(0);
        const out = { ...query, excludedEvents: all };
        for (const channel of channelNames.filter((name) => name !== 'model')) {
          expect((await engine.core.runChannel(out, channel, 30)).hits).toEqual(
            (await engine.core.runChannel(query, channel, 30)).hits,
          );
        }
        const trendOf = async (q: RecallQuery): Promise<unknown> =>
          (await engine.core.inputs(q)).groups.find((g) => g.group === 'trend');
        expect(await trendOf(out)).toEqual(await trendOf(query));
        expect(
          (await engine.core.inputs(out)).groups
            .flatMap((g) => g.items)
            .filter((i) => i.eventId !== null)
            .every((i) => i.excluded),
        ).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});

describe('a weight in a linear fusion', () => {
  it('makes two ads change places along its ramp exactly where the closed form says', async () => {
    let crossings = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const engine = engineOf(seed, 'linear');
      const query = worldQuery(`u${seed % 8}`, { k: 60, eligibility: false });
      const encoded = await engine.core.encode(query);
      const { vectors } = engine.core.deps;
      if (encoded === null || vectors === null) throw new Error('the world has a model');
      const g = 0;
      if (encoded.encodings.present[g] !== true) continue;
      // u(w) ∝ r + w·a: an ad's order depends on ⟨r + w·a, v⟩ alone, so two ads meet at w = −⟨r, v−v′⟩ ÷ ⟨a, v−v′⟩.
      const at = async (w: number): Promise<Float32Array> => Float32Array.from(await direction(engine, query, w));
      const [zero, two] = [await at(0), await at(2)];
      const { dim, data } = vectors;
      const dot = (u: Float32Array, i: number, j: number): number => {
        let s = 0;
        for (let d = 0; d < dim; d += 1) s += (u[d] ?? 0) * ((data[i * dim + d] ?? 0) - (data[j * dim + d] ?? 0));
        return s;
      };
      for (let i = 0; i < 59; i += 7) {
        const j = i + 1;
        const [r, a] = [dot(zero, i, j), (dot(two, i, j) - dot(zero, i, j)) / 2];
        const w = -r / a;
        if (!(w > 0.05 && w < 3.95) || Math.abs(a) < 0.02) continue;
        crossings += 1;
        const first = async (weight: number): Promise<boolean> => {
          const ids = (await engine.recall({ ...query, weights: weightsOf({ browse: weight }) })).candidates.map(
            (c) => c.ordinal,
          );
          return ids.indexOf(i) < ids.indexOf(j);
        };
        expect(await first(w - 1e-3)).not.toBe(await first(w + 1e-3));
        expect(await first(w - 0.04)).toBe(await first(w - 1e-3));
      }
    }
    expect(crossings).toBeGreaterThan(10);
  });
});

/** b + Σ w_g A_g h_g before normalisation: with all weights 1 but the first; its length from the linear parts. */
const direction = async (engine: Engine, query: RecallQuery, w: number): Promise<number[]> => {
  const encoded = await engine.core.encode(query);
  if (encoded === null) throw new Error('the world has a model');
  const { encoder, encodings } = encoded;
  const dim = encoder.dim;
  const part = (g: number): Float32Array => encodings.projected.subarray(g * dim, (g + 1) * dim);
  // The bias is known up to its length from the fusion without groups, and its length from one group added.
  const bias = biasOf(
    encoder.fuse(encodings, new Float32Array(worldGroups.length), 1),
    (weights) => encoder.fuse(encodings, weights, 1),
    part(0),
  );
  return Array.from(
    { length: dim },
    (_, d) => (bias[d] ?? 0) + worldGroups.reduce((sum, _g, g) => sum + (g === 0 ? w : 1) * (part(g)[d] ?? 0), 0),
  );
};

/** The bias b from b̂ = b ÷ |b| and û = (b + p) ÷ |b + p|: |b|·b̂ + p is parallel to û, solved by least squares over the plane's normal. */
const biasOf = (unit: Float32Array, fuse: (weights: Float32Array) => Float32Array, p: Float32Array): number[] => {
  const u = fuse(Float32Array.from(worldGroups, (_, g) => (g === 0 ? 1 : 0)));
  const inner = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
    Array.from(x).reduce((sum, v, d) => sum + v * (y[d] ?? 0), 0);
  const away = (x: ArrayLike<number>): number[] => {
    const along = inner(x, u);
    return Array.from(x, (v, d) => v - along * (u[d] ?? 0));
  };
  const [b, q] = [away(unit), away(p)];
  const length = -inner(b, q) / inner(b, b);
  return Array.from(unit, (v) => v * length);
};
