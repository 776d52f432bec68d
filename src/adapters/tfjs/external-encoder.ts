import { join } from 'node:path';
import { tfjsAbilities } from '../../domain/external-model.ts';
import type { TfjsSpec } from '../../domain/external-model.ts';
import { normalise } from '../../domain/tower/sparse-rows.ts';
import { RecallError } from '../../errors.ts';
import type { UserEncoder } from '../../engine/ports/ports.ts';
import type { LoadedModel } from '../../engine/ports/artefacts.ts';
import { readIds } from '../files/ids.ts';
import { readTfjsFiles } from './external-files.ts';
import { loadExternalGraph } from './external-graph.ts';
import type { Feed, ExternalGraph } from './external-graph.ts';
import { describeExternal, rowOf, writeWeighted } from './external-rows.ts';
import type { MappedInput } from './external-rows.ts';
import { tablesOf, type Table } from './tables.ts';

/**
 * A TensorFlow.js model as user tower. Encoding prepares each user's rows for every input; fusion lays the weights over
 * them and runs the graph once for all rows of the batch. Throws `missing-artefact`, `bad-model`, `bad-input`, `unsupported`.
 */
export const openTfjsModel = async (dir: string, spec: TfjsSpec): Promise<LoadedModel> => {
  const inputs = await mappedInputs(dir, spec);
  const artifacts = await readTfjsFiles(dir);
  checkVocabularies(join(dir, 'model.json'), inputs, tablesOf(artifacts));
  const graph = await loadExternalGraph(dir, artifacts, spec);
  return { encoder: encoderOf(graph, inputs, spec), adEncoder: null, backend: graph.backend, userIds: null };
};

const mappedInputs = async (dir: string, { inputs, groups }: TfjsSpec): Promise<MappedInput[]> => {
  const read = new Map<string, ReadonlyMap<string, number>>();
  const out: MappedInput[] = [];
  for (const [name, spec] of Object.entries(inputs)) {
    if (spec.vocabulary !== null && !read.has(spec.vocabulary)) {
      read.set(
        spec.vocabulary,
        new Map((await readIds(join(dir, spec.vocabulary))).map((entry, line) => [entry, line])),
      );
    }
    out.push({
      name,
      spec,
      group: groups.findIndex((group) => group.name === spec.group),
      lines: spec.vocabulary === null ? null : (read.get(spec.vocabulary) ?? null),
    });
  }
  return out;
};

/** Each entry of a vocabulary, and what stands for the others, is a row of the table the input picks from. Throws `bad-model`. */
const checkVocabularies = (path: string, inputs: readonly MappedInput[], tables: readonly Table[]): void => {
  for (const { name, spec, lines } of inputs)
    for (const table of tables) {
      if (table.input !== name || (lines === null && spec.reads !== 'kinds')) continue;
      const entries = lines?.size ?? spec.kinds.length;
      const first = lines === null ? 1 : spec.first;
      const needed = Math.max(entries + first, spec.unknown + 1, spec.absent + 1);
      if (needed <= table.rows) continue;
      throw new RecallError(
        'bad-model',
        `${path}: ${spec.vocabulary ?? 'kinds'} names more entries than ${table.name} has rows`,
        {
          expected: `at most ${table.rows - first} entries, in rows ${first} to ${table.rows - 1}`,
          found: `${entries} entries + first ${first} = ${entries + first}; unknown ${spec.unknown}, absent ${spec.absent}`,
          todo: `correct ${spec.vocabulary ?? 'kinds'}, which may hold a line too many such as [UNK], or model.inputs.${name}.first in recall.json`,
        },
      );
    }
};

const encoderOf = (graph: ExternalGraph, inputs: readonly MappedInput[], spec: TfjsSpec): UserEncoder => {
  const { groups, dim } = spec;
  const starts = inputs.map((_, i) => inputs.slice(0, i).reduce((sum, input) => sum + input.spec.length, 0));
  return {
    groups,
    dim,
    backend: graph.backend,
    builtUntil: spec.builtUntil,
    abilities: tfjsAbilities(spec),
    contextFields: new Map(
      inputs.flatMap(({ spec: { field, reads }, lines }) =>
        typeof field === 'string' && (reads === 'value' || reads === 'choice')
          ? [[field, reads === 'choice' && lines !== null ? [...lines.keys()] : null] as const]
          : [],
      ),
    ),
    encodeGroups: (batch) =>
      Promise.resolve(
        batch.map((user) => {
          const rows = inputs.map((input) => rowOf(input, user));
          const projected = Float32Array.from(rows.flatMap((row) => [...row]));
          const bad = inputs.find((_, i) => rows[i]?.some((x) => !Number.isFinite(x)));
          if (bad !== undefined)
            throw new RecallError('unsupported', `the input ${bad.name} of ${user.userId} is not a number`, {
              expected: `a number in the context field ${bad.spec.field ?? ''}`,
              found: 'text',
              todo: `map it with reads "choice" and a vocabulary`,
            });
          return {
            // A group all of whose inputs say absent is exactly a group that is not there.
            present: groups.map((_, g) =>
              inputs.some((input, i) => input.group === g && rows[i]?.some((x) => x !== input.spec.absent)),
            ),
            h: projected,
            hDim: projected.length,
            projected,
          };
        }),
      ),
    fuse: (encodings, weights, rows) => {
      const feeds = inputs.map((input, i): Feed => {
        const { length } = input.spec;
        const row = encodings.projected.subarray(starts[i], (starts[i] ?? 0) + length);
        const data = new Float32Array(rows * length);
        for (let r = 0; r < rows; r += 1)
          writeWeighted(input, row, weights[r * groups.length + input.group] ?? 1, data, r * length);
        return { name: input.name, data, length };
      });
      const out = graph.run(feeds, rows);
      if (!spec.normalise) return out;
      for (let r = 0; r < rows; r += 1)
        if (normalise(out, r * dim, dim) < 1e-6)
          throw new RecallError('unsupported', 'the user vector vanishes under these weights', {
            expected: 'a norm of at least 1e-6',
            todo: 'change a weight; only the direction of the vector carries meaning',
          });
      return out;
    },
    describeInputs: (user) => describeExternal(inputs, user),
  };
};
