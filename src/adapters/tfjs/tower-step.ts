import type { Rank, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';
import type { DenseWeights } from '../../domain/tower/model.ts';
import type { TowerBatch, TowerGradients, TowerStep, TowerStepOptions } from '../../engine/ports/tower-step.ts';
import { loadBackend } from './backend.ts';
import type { Tf } from './backend.ts';
import { crossEntropy, product, unitRows, userRows } from './dense-ops.ts';
import type { DenseTensors } from './dense-ops.ts';

type Names = keyof DenseWeights;
const names: readonly Names[] = ['a', 'w1', 'b1', 'w2', 'b'];

/** Training's dense part on TensorFlow: the loss, its gradients and Adam over the dense weights. */
export const createTowerStep = async (options: TowerStepOptions): Promise<TowerStep> => {
  const { tf, info } = await loadBackend();
  const { dim } = options.shape;
  const width = options.shape.groups.length * dim;
  const variables = createVariables(tf, options, width);
  const optimiser = tf.train.adam(0.001);
  const step = (batch: TowerBatch, rate: number): TowerGradients => {
    setRate(optimiser, rate);
    const pooled = tf.tensor2d(batch.pooled, [batch.rows, width]);
    const ads = tf.tensor2d(batch.ads, [batch.candidates, dim]);
    const { value, grads } = tf.tidy(() => gradients(tf, batch, pooled, ads, variables, options.temperature));
    const [dPooled, dAds, ...dDense] = grads;
    optimiser.applyGradients(names.map((name, i) => ({ name: variables[name].name, tensor: mustHave(dDense[i]) })));
    const result: TowerGradients = {
      loss: value.dataSync()[0] ?? Number.NaN,
      pooled: floats(mustHave(dPooled).dataSync()),
      ads: floats(mustHave(dAds).dataSync()),
    };
    tf.dispose([pooled, ads, value, grads]);
    return result;
  };
  return {
    backend: info,
    learn: step,
    users: (pooled, rows) => read(tf.tidy(() => userRows(tf, tf.tensor2d(pooled, [rows, width]), variables))),
    scores: (users, rows, ads, columns) =>
      read(tf.tidy(() => tf.matMul(tf.tensor2d(users, [rows, dim]), tf.transpose(tf.tensor2d(ads, [columns, dim]))))),
    dense: () => ({
      a: copy(variables.a),
      w1: copy(variables.w1),
      b1: copy(variables.b1),
      w2: copy(variables.w2),
      b: copy(variables.b),
    }),
    dispose: () => {
      tf.dispose(names.map((n) => variables[n]));
      optimiser.dispose();
    },
  };
};

interface Variables {
  readonly a: Variable<Rank.R2>;
  readonly w1: Variable<Rank.R2>;
  readonly b1: Variable<Rank.R1>;
  readonly w2: Variable<Rank.R2>;
  readonly b: Variable<Rank.R1>;
}

const createVariables = (tf: Tf, { shape: { dim, hidden }, initial }: TowerStepOptions, width: number): Variables => ({
  a: tf.variable(tf.tensor2d(initial.a, [width, dim])),
  w1: tf.variable(tf.tensor2d(initial.w1, [width, hidden])),
  b1: tf.variable(tf.tensor1d(initial.b1)),
  w2: tf.variable(tf.tensor2d(initial.w2, [hidden, dim])),
  b: tf.variable(tf.tensor1d(initial.b)),
});

/**
 * Sampled softmax: mean over rows of −log softmax(⟨u, v⟩ ÷ τ − log Q)[label] over the batch's distinct
 * candidates.
 */
const gradients = (
  tf: Tf,
  batch: TowerBatch,
  pooled: Tensor2D,
  ads: Tensor2D,
  variables: Variables,
  temperature: number,
): { value: Tensor; grads: Tensor[] } => {
  const bias = tf.neg(tf.tensor1d(batch.logQ));
  const label = tf.tensor2d(oneHot(batch), [batch.rows, batch.candidates]);
  const loss = (x: Tensor2D, e: Tensor2D, w: DenseTensors): Tensor => {
    const users = tf.mul<Tensor2D>(userRows(tf, x, w), 1 / temperature);
    return crossEntropy(tf, tf.add(product(tf, users, tf.transpose(unitRows(tf, e))), bias), label);
  };
  const two = (x: Tensor | undefined): Tensor2D => {
    const t = mustHave(x);
    return t.as2D(t.shape[0] ?? 0, t.shape[1] ?? 0);
  };
  const f = tf.valueAndGrads((x, e, a, w1, b1, w2, b) =>
    loss(two(x), two(e), { a: two(a), w1: two(w1), b1: mustHave(b1).as1D(), w2: two(w2), b: mustHave(b).as1D() }),
  );
  return f([pooled, ads, ...names.map((n) => variables[n])]);
};

const oneHot = ({ rows, candidates, labels }: TowerBatch): Float32Array => {
  const out = new Float32Array(rows * candidates);
  for (let row = 0; row < rows; row += 1) out[row * candidates + (labels[row] ?? 0)] = 1;
  return out;
};

/** Adam of tfjs reads its rate at each step but offers no setter. */
const setRate = (optimiser: object, rate: number): void => {
  Reflect.set(optimiser, 'learningRate', rate);
};

const mustHave = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('TensorFlow returned fewer gradients than inputs');
  return value;
};

/** Outside of tidy: it walks whatever it returns element by element, typed arrays too. */
const read = (tensor: Tensor): Float32Array => {
  const data = floats(tensor.dataSync());
  tensor.dispose();
  return data;
};

const copy = (variable: Tensor): Float32Array => floats(variable.dataSync()).slice();

const floats = (data: ArrayLike<number>): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data);
