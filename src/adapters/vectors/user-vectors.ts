import { vectorsAbilities } from '../../domain/external-model.ts';
import type { VectorsSpec } from '../../domain/external-model.ts';
import { normalise } from '../../domain/tower/sparse-rows.ts';
import { RecallError } from '../../errors.ts';
import type { GroupEncodings } from '../../engine/ports/ports.ts';
import type { LoadedModel } from '../../engine/ports/artefacts.ts';
import { readIds } from '../files/ids.ts';
import { readMatrix } from '../files/matrix.ts';

/**
 * User vectors of a file as a user model: it has no groups, so every query is fused to the user's own row. A user
 * without a row fails when the vector is asked for, not before: many users are encoded together.
 * Throws `bad-vectors`, `bad-input`, `missing-artefact` naming file and field.
 */
export const openUserVectors = async (path: string, idsPath: string, spec: VectorsSpec): Promise<LoadedModel> => {
  const [{ data, count, dim }, ids] = [await readMatrix(path), await readIds(idsPath)];
  if (dim !== spec.dim)
    throw new RecallError('bad-vectors', `${path}: the dimension differs from model.dim`, {
      expected: `${spec.dim} columns, as model.dim says`,
      found: `${dim} columns`,
      todo: 'correct model.dim in recall.json',
    });
  if (ids.length !== count)
    throw new RecallError('bad-vectors', `${idsPath}: the number of ids differs from the number of rows of ${path}`, {
      expected: `${count} ids, one a line`,
      found: `${ids.length} ids`,
      todo: 'write one id for each row of the vectors, in the order of the rows',
    });
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const users = new WeakMap<GroupEncodings, string>();
  const backend = { name: 'none', version: '', reason: 'the user vectors are precomputed: nothing is computed' };
  const rowFor = (userId: string): Float32Array => {
    const row = rowOf.get(userId);
    if (row === undefined)
      throw new RecallError('unsupported', `${idsPath} holds no vector for the user ${userId}`, {
        expected: `one of ${count} ids`,
        found: 'no line with this id',
        todo: 'export a vector for this user, or ask the rules (--mode legacy)',
      });
    const out = Float32Array.from(data.subarray(row * dim, (row + 1) * dim));
    if (spec.normalise && normalise(out, 0, dim) < 1e-6)
      throw new RecallError('unsupported', `${path}: the vector of ${userId} (row ${row}) has no direction`, {
        expected: 'a norm of at least 1e-6',
        todo: 'export it again',
      });
    return out;
  };
  return {
    adEncoder: null,
    backend,
    userIds: ids,
    encoder: {
      groups: [],
      dim,
      backend,
      builtUntil: spec.builtUntil,
      abilities: vectorsAbilities(spec),
      encodeGroups: (batch) =>
        Promise.resolve(
          batch.map(({ userId }) => {
            const encodings: GroupEncodings = {
              present: [],
              h: new Float32Array(0),
              hDim: 0,
              projected: new Float32Array(0),
            };
            users.set(encodings, userId);
            return encodings;
          }),
        ),
      fuse: (encodings, _weights, rows) => {
        const row = rowFor(users.get(encodings) ?? '');
        const out = new Float32Array(rows * dim);
        for (let r = 0; r < rows; r += 1) out.set(row, r * dim);
        return out;
      },
      describeInputs: () => [],
    },
  };
};
