import type { GradSaveFunc, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from './backend.ts';

const tensor = (x: Tensor | GradSaveFunc | undefined): Tensor => {
  if (x === undefined || typeof x === 'function') throw new Error('customGrad: expected a tensor');
  return x;
};

/** a·b with its gradient by explicit transposes: on wasm, matMul's transpose flags fall back to a loop 5 to 12 times slower. */
export const product = (tf: Tf, a: Tensor2D, b: Tensor2D): Tensor2D => {
  const op = tf.customGrad((...inputs) => {
    const x = tensor(inputs[0]);
    const y = tensor(inputs[1]);
    const save = inputs[2];
    if (typeof save === 'function') save([x, y]);
    return {
      value: tf.matMul(x, y),
      gradFunc: (dy: Tensor, saved: Tensor[]) => [
        tf.matMul(dy, tf.transpose(tensor(saved[1]))),
        tf.matMul(tf.transpose(tensor(saved[0])), dy),
      ],
    };
  });
  return op(a, b).as2D(a.shape[0], b.shape[1]);
};

/**
 * Mean over rows of −log softmax(logits)·label, with the gradient (softmax − label) ÷ rows in closed form:
 * half the passes over the batch that the chain of log, sum and exp would take. A label's probability
 * cannot underflow, as logits of unit vectors stay within ±(1 ÷ τ + log 1/Q).
 */
export const crossEntropy = (tf: Tf, logits: Tensor2D, label: Tensor2D): Tensor => {
  const rows = logits.shape[0];
  const op = tf.customGrad((...inputs) => {
    const share = tf.softmax(tensor(inputs[0]));
    const save = inputs[1];
    if (typeof save === 'function') save([share, label]);
    return {
      value: tf.neg(tf.mean(tf.log(tf.sum(tf.mul(share, label), 1)))),
      gradFunc: (dy: Tensor, saved: Tensor[]) => tf.mul(tf.sub(tensor(saved[0]), tensor(saved[1])), tf.div(dy, rows)),
    };
  });
  return op(logits);
};

export interface DenseTensors {
  readonly a: Tensor2D;
  readonly w1: Tensor2D;
  readonly b1: Tensor1D;
  readonly w2: Tensor2D;
  readonly b: Tensor1D;
}

/** Unit rows; 1e-12 under the root keeps the gradient of a zero row finite. */
export const unitRows = (tf: Tf, x: Tensor2D): Tensor2D =>
  tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), 1, true), 1e-12)));

/** u = normalise(b + x·A + relu(b1 + x·W1)·W2) for pooled rows x, n×(G·D). */
export const userRows = (tf: Tf, x: Tensor2D, w: DenseTensors): Tensor2D => {
  const hidden: Tensor2D = tf.relu(tf.add<Tensor2D>(product(tf, x, w.w1), w.b1));
  const direct: Tensor2D = tf.add(product(tf, x, w.a), w.b);
  return unitRows(tf, tf.add<Tensor2D>(direct, product(tf, hidden, w.w2)));
};
