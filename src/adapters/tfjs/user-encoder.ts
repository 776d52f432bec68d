import { contextFieldsOf } from '../../domain/context-fields.ts';
import { allAbilities } from '../../domain/abilities.ts';
import { RecallError } from '../../errors.ts';
import type { TowerInput, UserInputs } from '../../domain/groups.ts';
import { fuseRows } from '../../domain/tower/fuse.ts';
import type { TowerModel } from '../../domain/tower/model.ts';
import type { GroupEncodings, UserEncoder } from '../../engine/ports/ports.ts';
import type { Backend } from './backend.ts';
import { describeInputs } from './describe-inputs.ts';
import { createUserPool } from './user-pool.ts';
import type { UserPool } from './user-pool.ts';

/** Users per call into TensorFlow: more gain nothing and only hold memory. */
const chunk = 512;

/** The user tower: pooling on typed arrays, projections in TensorFlow, fusion in plain TypeScript. */
export const createUserEncoder = ({ tf, info }: Backend, model: TowerModel): UserEncoder => {
  const {
    shape: { dim, hidden, groups },
    weights: { dense },
  } = model;
  const pool = createUserPool(model);
  const projection = tf.keep(tf.tensor3d(projectionWeights(model), [groups.length, dim, dim + hidden]));
  const fusion = { dim, hidden, b: dense.b, b1: dense.b1, w2: dense.w2 };
  /** n×G×(D+M): [A_g h_g, W1_g h_g] of n×G×D pooled groups. */
  const project = async (h: Float32Array, n: number): Promise<Float32Array> => {
    const out = tf.tidy(() =>
      tf.transpose(tf.matMul(tf.transpose(tf.tensor3d(h, [n, groups.length, dim]), [1, 0, 2]), projection), [1, 0, 2]),
    );
    const data = await out.data();
    out.dispose();
    return data instanceof Float32Array ? data : Float32Array.from(data);
  };
  return {
    groups,
    dim,
    backend: info,
    builtUntil: model.builtUntil,
    abilities: allAbilities,
    encodeGroups: async (batch) => {
      const encoded: GroupEncodings[] = [];
      for (let from = 0; from < batch.length; from += chunk) {
        const users = batch.slice(from, from + chunk);
        const h = pooled(pool, model, users);
        const projected = await project(h, users.length);
        users.forEach((_, i) => encoded.push(encodingOf(model, h, projected, i)));
      }
      return encoded;
    },
    fuse: (encodings, weights, rows) => fuseRows(fusion, encodings.projected, weights, rows),
    contextFields: contextFieldsOf(model.vocabulary.keys.context),
    describeInputs: (inputs): readonly TowerInput[] => describeInputs(pool, model, inputs),
  };
};

const pooled = (pool: UserPool, { shape: { dim, groups } }: TowerModel, users: readonly UserInputs[]): Float32Array => {
  const width = groups.length * dim;
  const h = new Float32Array(users.length * width);
  users.forEach((inputs, i) => {
    if (inputs.groups.length !== groups.length || inputs.groups.some((g, k) => g.group !== groups[k]?.name)) {
      throw new RecallError('bad-model', 'the model was trained on other feature groups', {
        expected: groups.map((g) => g.name).join(', '),
        found: inputs.groups.map((g) => g.group).join(', '),
        todo: "train the model again with this workspace's groups",
      });
    }
    pool.pool(inputs, h, i * width);
  });
  return h;
};

const encodingOf = (
  { shape: { dim, hidden, groups } }: TowerModel,
  h: Float32Array,
  projected: Float32Array,
  user: number,
): GroupEncodings => {
  const width = groups.length * dim;
  const own = h.slice(user * width, (user + 1) * width);
  const projectedWidth = groups.length * (dim + hidden);
  return {
    present: groups.map((_, g) => own.subarray(g * dim, (g + 1) * dim).some((x) => x !== 0)),
    h: own,
    hDim: dim,
    projected: projected.slice(user * projectedWidth, (user + 1) * projectedWidth),
  };
};

/** G×D×(D+M): A_g next to W1_g. */
const projectionWeights = ({
  shape: { dim, hidden, groups },
  weights: {
    dense: { a, w1 },
  },
}: TowerModel): Float32Array => {
  const out = new Float32Array(groups.length * dim * (dim + hidden));
  for (let row = 0; row < groups.length * dim; row += 1) {
    out.set(a.subarray(row * dim, (row + 1) * dim), row * (dim + hidden));
    out.set(w1.subarray(row * hidden, (row + 1) * hidden), row * (dim + hidden) + dim);
  }
  return out;
};
