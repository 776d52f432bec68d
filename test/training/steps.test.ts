import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/domain/random.ts';
import { sparseRowsBuilder } from '../../src/domain/tower/sparse-rows.ts';
import { candidateSampler } from '../../src/training/candidates.ts';
import { embeddingPass } from '../../src/training/embedding-pass.ts';
import { targetRanks } from '../../src/training/evaluate.ts';
import { fitHyper, defaultHyper } from '../../src/training/hyper.ts';
import type { SampleColumns } from '../../src/training/samples.ts';
import { lazyAdam } from '../../src/training/sparse-adam.ts';
import type { TowerStep } from '../../src/engine/ports/tower-step.ts';

describe('candidateSampler', () => {
  it('lists each candidate once, with every target among them', () => {
    const sampler = candidateSampler(Uint32Array.from([5, 1, 1, 1, 0, 0]), 4, seededRandom(1));
    const { ordinals, labels, logQ } = sampler.draw(Int32Array.from([0, 0, 2, 0]));
    expect(new Set(ordinals).size).toBe(ordinals.length);
    expect([...labels].map((column) => ordinals[column])).toEqual([0, 0, 2, 0]);
    expect(logQ).toHaveLength(ordinals.length);
  });

  it('corrects by the probability to be in a batch, as counted over many batches', () => {
    const counts = Uint32Array.from([40, 20, 5, 1, 0, 0, 0, 0]);
    const random = seededRandom(2);
    const sampler = candidateSampler(counts, 3, random);
    const population = [...counts].flatMap((n, ordinal) => Array.from({ length: n }, () => ordinal));
    const met = new Float64Array(8);
    const logQ = new Float64Array(8);
    const rounds = 20_000;
    for (let i = 0; i < rounds; i += 1) {
      const drawn = sampler.draw(
        Int32Array.from({ length: 4 }, () => population[random.below(population.length)] ?? 0),
      );
      drawn.ordinals.forEach((ordinal, c) => {
        met[ordinal] = (met[ordinal] ?? 0) + 1;
        logQ[ordinal] = drawn.logQ[c] ?? 0;
      });
    }
    met.forEach((n, ordinal) => expect(Math.abs(n / rounds - Math.exp(logQ[ordinal] ?? 0))).toBeLessThan(0.015));
  });
});

describe('lazyAdam', () => {
  it("takes Adam's steps: the first is the rate in the direction of the sign", () => {
    const table = Float32Array.from([1, 1, 1, 1]);
    const adam = lazyAdam(table, 2);
    adam.advance(0.1);
    adam.update(1, Float32Array.from([3, -0.001]), 0);
    expect([...table].map((x) => Math.round(x * 1e4) / 1e4)).toEqual([1, 1, 0.9, 1.1]);
  });

  it('finds a minimum', () => {
    const table = Float32Array.from([5, -3]);
    const adam = lazyAdam(table, 2);
    for (let i = 0; i < 600; i += 1) {
      adam.advance(0.05);
      adam.update(0, Float32Array.from([2 * (table[0] ?? 0) - 2, 2 * (table[1] ?? 0)]), 0);
    }
    expect(Math.abs((table[0] ?? 0) - 1) + Math.abs(table[1] ?? 9)).toBeLessThan(0.01);
  });
});

const things = (): ReturnType<ReturnType<typeof sparseRowsBuilder>['build']> => {
  const builder = sparseRowsBuilder();
  builder.add((emit) => {
    emit(0, 1);
    emit(3, 0.5);
  });
  builder.add((emit) => emit(1, 1));
  builder.add((emit) => {
    emit(2, 2);
    emit(3, 0.5);
  });
  return builder.build();
};
const dim = 5;
// two samples, two groups; pool logarithms 0, 1 positions, 2 kind, 3 age
const samples: SampleColumns = {
  groups: 2,
  count: 2,
  targets: Int32Array.from([0, 1]),
  offsets: Uint32Array.from([0, 2, 3, 3, 4]),
  thing: Uint32Array.from([0, 1, 2, 2]),
  position: Uint16Array.from([0, 1, 0, 1]),
  kind: Uint16Array.from([2, 2, 2, 2]),
  age: Uint16Array.from([3, 3, 3, 3]),
  strength: Float32Array.from([1, 1, 1.5, 1]),
};
const rows = Uint32Array.from([0, 1]);
const setUp = () => {
  const random = seededRandom(4);
  const table = Float32Array.from({ length: 4 * dim }, () => random.next() - 0.5);
  const pool = Float32Array.from([0.1, -0.3, 0.2, -0.1]);
  return { table, pool, pass: embeddingPass({ table, pool, dim, things: things() }) };
};

describe('embeddingPass', () => {
  const loss = (table: Float32Array, pool: Float32Array, direction: Float32Array): number => {
    const pass = embeddingPass({ table: table.slice(), pool: pool.slice(), dim, things: things() });
    pass.begin();
    const out = pass.pool(samples, rows, null);
    return out.reduce((sum, x, i) => sum + x * (direction[i] ?? 0), 0);
  };

  it('pools Σ strength · exp(position + kind + age) · e, and nothing for an empty or dropped group', () => {
    const { table, pool, pass } = setUp();
    pass.begin();
    const out = pass.pool(samples, rows, Uint8Array.from([1, 1, 1, 0]));
    const e2 = Array.from({ length: dim }, (_, d) => 2 * (table[2 * dim + d] ?? 0) + 0.5 * (table[3 * dim + d] ?? 0));
    const factor = 1.5 * Math.exp((pool[0] ?? 0) + (pool[2] ?? 0) + (pool[3] ?? 0));
    e2.forEach((x, d) => expect(out[dim + d]).toBeCloseTo(factor * x, 5));
    expect(out.subarray(2 * dim).every((x) => x === 0)).toBe(true);
  });

  it('moves every weight against the slope that finite differences give', () => {
    const { table, pool, pass } = setUp();
    const direction = Float32Array.from({ length: 4 * dim }, (_, i) => Math.sin(i + 1));
    const before = { table: table.slice(), pool: pool.slice() };
    pass.begin();
    pass.pool(samples, rows, null);
    pass.backPool(samples, rows, null, direction);
    pass.apply(0.01);
    const bump = (a: Float32Array, i: number, by: number): Float32Array => a.map((x, k) => (k === i ? x + by : x));
    // Adam's first step is the rate in the direction of the gradient's sign
    table.forEach((x, i) => {
      const slope =
        loss(bump(before.table, i, 1e-2), before.pool, direction) -
        loss(bump(before.table, i, -1e-2), before.pool, direction);
      expect(Math.sign((before.table[i] ?? 0) - x)).toBe(Math.sign(slope));
    });
    pool.forEach((x, i) => {
      const slope =
        loss(before.table, bump(before.pool, i, 1e-2), direction) -
        loss(before.table, bump(before.pool, i, -1e-2), direction);
      expect(Math.sign((before.pool[i] ?? 0) - x)).toBe(Math.sign(slope));
    });
  });

  it('adds up the gradients of an ad that is both looked at and a candidate', () => {
    const { table, pass } = setUp();
    const start = table.slice();
    pass.begin();
    const slots = Int32Array.from([pass.slotOf(1), pass.slotOf(0)]);
    pass.pool(samples, rows, null);
    const same = new Float32Array(2 * dim).fill(1);
    pass.backGather(slots, same);
    pass.backGather(
      slots,
      same.map((x) => -x),
    );
    pass.apply(0.01);
    expect(table).toEqual(start);
  });
});

describe('targetRanks', () => {
  it('ranks over all ads, ties by ordinal', () => {
    const { pass } = setUp();
    const scored = Float32Array.from([0.5, 0.9, 0.5, 0.1]);
    const step: Pick<TowerStep, 'users' | 'scores'> = {
      users: (_, n) => new Float32Array(n * dim),
      scores: (_, n, ads) =>
        Float32Array.from(
          { length: n * (ads.length / dim) },
          (__, i) => scored[ads[(i % (ads.length / dim)) * dim] ?? 0] ?? 0,
        ),
    };
    const ads = Float32Array.from({ length: 4 * dim }, (_, i) => Math.floor(i / dim));
    const two = { ...samples, targets: Int32Array.from([2, 0]) };
    expect([...targetRanks(step, pass, two, ads, dim)]).toEqual([3, 2]);
  });
});

describe('fitHyper', () => {
  it('goes through small data more often, and drops one of many groups more often than the only one', () => {
    expect([1_000, 100_000, 10_000_000].map((n) => fitHyper(defaultHyper, n, 6).epochs)).toEqual([20, 15, 5]);
    expect(fitHyper(defaultHyper, 1000, 1).groupDropout).toBeLessThan(fitHyper(defaultHyper, 1000, 6).groupDropout);
    expect(fitHyper({ ...defaultHyper, epochs: 2, groupDropout: 0 }, 1000, 6)).toMatchObject({
      epochs: 2,
      patience: 1,
      groupDropout: 0,
    });
  });
});
