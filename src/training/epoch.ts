import { setImmediate as nextTick } from 'node:timers/promises';
import type { GroupSpec } from '../domain/groups.ts';
import { seededRandom } from '../domain/random.ts';
import type { Random } from '../domain/random.ts';
import type { DenseWeights, TowerShape, TowerWeights } from '../domain/tower/model.ts';
import { initialPool } from '../domain/tower/pool.ts';
import type { TowerStep, TowerStepOptions } from '../engine/ports/tower-step.ts';
import { candidateSampler } from './candidates.ts';
import type { CandidateSampler } from './candidates.ts';
import type { DataSet } from './data-set.ts';
import { embeddingPass } from './embedding-pass.ts';
import type { EmbeddingPass } from './embedding-pass.ts';
import { adMatrix, recallAt, targetRanks } from './evaluate.ts';
import type { Hyper } from './hyper.ts';

/** A training under way: weights that change in place. */
export interface Training {
  readonly hyper: Hyper;
  readonly shape: TowerShape;
  readonly data: DataSet;
  readonly step: TowerStep;
  readonly pass: EmbeddingPass;
  readonly sampler: CandidateSampler;
  readonly random: Random;
  /** Recall on the held-out engagements, full ranking; null without any. */
  recallAt100(): number | null;
  /** A copy of the weights as they are now. */
  snapshot(): TowerWeights;
}

export interface StartOptions {
  readonly hyper: Hyper;
  readonly createStep: (options: TowerStepOptions) => Promise<TowerStep>;
}

export const startTraining = async (
  data: DataSet,
  groups: readonly GroupSpec[],
  { hyper, createStep }: StartOptions,
): Promise<Training> => {
  const random = seededRandom(hyper.seed);
  const { dim, hidden } = hyper;
  const shape: TowerShape = { dim, hidden, groups };
  const table = normals(data.vocabulary.size * dim, 0.1, random);
  const pool = initialPool(groups);
  const step = await createStep({ shape, initial: initialDense(shape, random), temperature: hyper.temperature });
  const pass = embeddingPass({ table, pool, dim, things: data.things });
  return {
    hyper,
    shape,
    data,
    step,
    pass,
    random,
    sampler: candidateSampler(data.counts, hyper.negatives, random),
    recallAt100: () =>
      data.heldOut.count === 0
        ? null
        : recallAt(
            targetRanks(step, pass, data.heldOut, adMatrix(data.things, data.counts.length, table, dim), dim),
            100,
          ),
    snapshot: () => ({ table: table.slice(), pool: pool.slice(), dense: step.dense() }),
  };
};

export interface EpochOptions {
  readonly signal: AbortSignal;
  readonly onStep: (done: number, total: number, note: string) => void;
}

/** Steps between two looks at the clock, the signal and the screen. */
const breath = 20;

/** One pass over the shuffled samples; returns the mean loss. Stops early on `signal`. */
export const runEpoch = async (
  training: Training,
  epoch: number,
  { signal, onStep }: EpochOptions,
): Promise<number> => {
  const {
    data: { train },
    hyper,
    random,
  } = training;
  const order = random.shuffle(Uint32Array.from({ length: train.count }, (_, i) => i));
  const steps = Math.ceil(train.count / hyper.batch);
  let loss = 0;
  let done = 0;
  const started = performance.now();
  for (; done < steps && !signal.aborted; done += 1) {
    const rate = hyper.rate * rateAt(hyper, (epoch - 1) * steps + done, steps);
    loss += runStep(training, order.subarray(done * hyper.batch, (done + 1) * hyper.batch), rate);
    if (done % breath === breath - 1) {
      const left = ((performance.now() - started) / (done + 1)) * (steps - done - 1);
      onStep(done + 1, steps, `loss ${(loss / (done + 1)).toFixed(3)}, ${Math.ceil(left / 1000)} s left in the epoch`);
      await nextTick();
    }
  }
  return loss / Math.max(1, done);
};

/** Linear decay from 1 to a tenth over all planned epochs. */
const rateAt = ({ epochs }: Hyper, done: number, steps: number): number => 1 - (0.9 * done) / (epochs * steps);

const runStep = (
  { data: { train }, pass, sampler, step, hyper, random }: Training,
  rows: Uint32Array,
  rate: number,
): number => {
  pass.begin();
  const keep = Uint8Array.from({ length: rows.length * train.groups }, () =>
    random.next() < hyper.groupDropout ? 0 : 1,
  );
  const pooled = pass.pool(train, rows, keep);
  const { ordinals, labels, logQ } = sampler.draw(Int32Array.from(rows, (row) => train.targets[row]!));
  const slots = ordinals.map((ordinal) => pass.slotOf(ordinal));
  const result = step.learn(
    { rows: rows.length, candidates: ordinals.length, pooled, ads: pass.gather(slots), logQ, labels },
    rate,
  );
  pass.backGather(slots, result.ads);
  pass.backPool(train, rows, keep, result.pooled);
  pass.apply(rate);
  return result.loss;
};

/** A starts as the identity: with shared embeddings a user begins as the sum of their behaviours. */
const initialDense = ({ dim, hidden, groups }: TowerShape, random: Random): DenseWeights => {
  const width = groups.length * dim;
  const a = new Float32Array(width * dim);
  for (let row = 0; row < width; row += 1) a[row * dim + (row % dim)] = 1;
  return {
    a,
    w1: normals(width * hidden, 1 / Math.sqrt(dim), random),
    b1: new Float32Array(hidden).fill(0.01),
    w2: normals(hidden * dim, 0.5 / Math.sqrt(hidden), random),
    b: normals(dim, 0.05, random),
  };
};

const normals = (n: number, deviation: number, random: Random): Float32Array =>
  Float32Array.from(
    { length: n },
    () => deviation * Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next()),
  );
