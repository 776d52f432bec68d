import { describe, expect, it } from 'vitest';
import { createTowerStep } from '../../../src/adapters/tfjs/tower-step.ts';
import { seededRandom } from '../../../src/domain/random.ts';
import type { TowerBatch, TowerStep } from '../../../src/engine/ports/tower-step.ts';
import { tinyGroups, tinyTower } from './tiny-tower.ts';

const model = tinyTower();
const width = tinyGroups.length * model.shape.dim;
const create = (): Promise<TowerStep> =>
  createTowerStep({ shape: model.shape, initial: model.weights.dense, temperature: 0.5 });
const random = seededRandom(9);
const floats = (n: number): Float32Array => Float32Array.from({ length: n }, () => random.next() - 0.5);
const batch: TowerBatch = {
  rows: 3,
  candidates: 5,
  pooled: floats(3 * width),
  ads: floats(5 * model.shape.dim),
  logQ: Float32Array.from([-1, -2, -0.5, -3, -1]),
  labels: Int32Array.from([0, 3, 0]),
};

/** The loss by its definition, in double precision. */
const lossOf = ({ rows, candidates, pooled, ads, logQ, labels }: TowerBatch): number => {
  const {
    shape: { dim, hidden },
    weights: {
      dense: { a, w1, b1, w2, b },
    },
  } = model;
  const unit = (v: number[]): number[] => v.map((x) => x / Math.hypot(...v));
  let total = 0;
  for (let r = 0; r < rows; r += 1) {
    const x = [...pooled.subarray(r * width, (r + 1) * width)];
    const z = Array.from({ length: hidden }, (_, m) =>
      Math.max(
        0,
        x.reduce((s, xi, i) => s + xi * (w1[i * hidden + m] ?? 0), b1[m] ?? 0),
      ),
    );
    const u = unit(
      Array.from(
        { length: dim },
        (_, d) =>
          x.reduce((s, xi, i) => s + xi * (a[i * dim + d] ?? 0), b[d] ?? 0) +
          z.reduce((s, zm, m) => s + zm * (w2[m * dim + d] ?? 0), 0),
      ),
    );
    const logits = Array.from({ length: candidates }, (_, c) => {
      const v = unit([...ads.subarray(c * dim, (c + 1) * dim)]);
      return v.reduce((s, vd, d) => s + vd * (u[d] ?? 0), 0) / 0.5 - (logQ[c] ?? 0);
    });
    total += Math.log(logits.reduce((s, l) => s + Math.exp(l), 0)) - (logits[labels[r] ?? 0] ?? 0);
  }
  return total / rows;
};

const bumped = (values: Float32Array, i: number, by: number): Float32Array =>
  values.map((x, k) => (k === i ? x + by : x));

describe('the dense training step', () => {
  it('computes sampled softmax with logQ correction', async () => {
    const step = await create();
    expect(step.learn(batch, 0).loss).toBeCloseTo(lossOf(batch), 4);
    step.dispose();
  });

  it('returns the gradients that finite differences give, for pooled groups and ads', async () => {
    const step = await create();
    const { pooled, ads } = step.learn(batch, 0);
    const h = 1e-3;
    for (let i = 0; i < batch.pooled.length; i += 5) {
      const slope =
        (lossOf({ ...batch, pooled: bumped(batch.pooled, i, h) }) -
          lossOf({ ...batch, pooled: bumped(batch.pooled, i, -h) })) /
        (2 * h);
      expect(pooled[i]).toBeCloseTo(slope, 3);
    }
    for (let i = 0; i < batch.ads.length; i += 1) {
      const slope =
        (lossOf({ ...batch, ads: bumped(batch.ads, i, h) }) - lossOf({ ...batch, ads: bumped(batch.ads, i, -h) })) /
        (2 * h);
      expect(ads[i]).toBeCloseTo(slope, 3);
    }
    step.dispose();
  });

  it('changes nothing at rate 0 and lowers the loss above it, each weight taking part', async () => {
    const step = await create();
    const first = step.learn(batch, 0).loss;
    expect(step.dense()).toEqual(model.weights.dense);
    for (let i = 0; i < 20; i += 1) step.learn(batch, 0.02);
    expect(step.learn(batch, 0).loss).toBeLessThan(first - 0.1);
    const [before, after] = [model.weights.dense, step.dense()];
    expect(
      [before.a, before.w1, before.b1, before.w2, before.b].map((w, i) =>
        w.some((x, k) => x !== [after.a, after.w1, after.b1, after.w2, after.b][i]?.[k]),
      ),
    ).toEqual([true, true, true, true, true]);
    step.dispose();
  });

  it('gives the same numbers when run again', async () => {
    const [one, two] = [await create(), await create()];
    for (let i = 0; i < 3; i += 1) expect(one.learn(batch, 0.01)).toEqual(two.learn(batch, 0.01));
    expect(one.dense()).toEqual(two.dense());
    one.dispose();
    two.dispose();
  });

  it('gives unit users and their inner products', async () => {
    const step = await create();
    const users = step.users(batch.pooled, 3);
    const scores = step.scores(users, 3, users, 3);
    expect([0, 4, 8].every((i) => Math.abs((scores[i] ?? 0) - 1) < 1e-5)).toBe(true);
    step.dispose();
  });
});
