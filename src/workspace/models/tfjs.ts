import { z } from 'zod';
import { groupsRead, tfjsAbilities } from '../../domain/external-model.ts';
import type { TfjsSpec } from '../../domain/external-model.ts';
import type { GroupSpec } from '../../domain/groups.ts';
import type { LoadedModel } from '../../engine/ports/artefacts.ts';
import { RecallError } from '../../errors.ts';
import { examineExternal } from '../doctor/external-model.ts';
import { externalFields } from './fields.ts';
import { modelKind } from './kind.ts';
import type { ModelExamination, ModelPlace } from './kind.ts';
import { graphInputs, layersInputs } from './model-json.ts';
import { placeOf } from '../places.ts';

const input = z
  .looseObject({
    reads: z.enum([
      'ads',
      'kinds',
      'ages',
      'mask',
      'event-weights',
      'weight',
      'tokens',
      'token-mask',
      'token-weights',
      'value',
      'choice',
    ]),
    group: z.string().min(1),
    length: z.number().int().min(1).max(10_000).default(1),
    vocabulary: z
      .string()
      .regex(/^(?!\.{1,2}$)[^/\\]+$/, "the name of a file in the model's folder")
      .nullable()
      .default(null),
    first: z.number().int().min(0).default(1),
    unknown: z.number().default(0),
    absent: z.number().default(0),
    kinds: z.array(z.string()).default([]),
    unitMs: z.number().positive().default(86_400_000),
    log: z.boolean().default(false),
    field: z.string().nullable().default(null),
  })
  .check((context) => {
    const { reads, vocabulary, field, kinds } = context.value;
    const lacks = (name: string): void => {
      context.issues.push({
        code: 'custom',
        input: context.value,
        path: [name],
        message: `${name}: an input that reads ${reads} needs it`,
      });
    };
    if ((reads === 'ads' || reads === 'tokens' || reads === 'choice') && vocabulary === null) lacks('vocabulary');
    if ((reads === 'value' || reads === 'choice') && field === null) lacks('field');
    if (reads === 'kinds' && kinds.length === 0) lacks('kinds');
  });

const fields = {
  ...externalFields,
  dir: z.string(),
  inputs: z.record(z.string(), input),
  output: z.string(),
  normalise: z.boolean().default(true),
  groupDropout: z.boolean().default(false),
  backend: z.enum(['default', 'cpu']).default('default'),
};

const graphSchema = z.looseObject({ ...fields, kind: z.literal('tfjs-graph') });
const layersSchema = z.looseObject({ ...fields, kind: z.literal('tfjs-layers') });
type TfjsEntry = z.infer<typeof graphSchema> | z.infer<typeof layersSchema>;

export const tfjsSpecOf = (entry: TfjsEntry, groups: readonly GroupSpec[]): TfjsSpec => ({
  kind: entry.kind,
  dim: entry.dim,
  builtUntil: entry.builtUntil,
  groups: groupsRead(groups, entry.inputs),
  inputs: entry.inputs,
  output: entry.output,
  normalise: entry.normalise,
  groupDropout: entry.groupDropout,
  backend: entry.backend,
});

/** Inputs that read a group the manifest does not declare. */
const strayInputs = ({ inputs }: TfjsEntry, groups: readonly GroupSpec[]): string[] =>
  Object.entries(inputs)
    .filter(([, { group }]) => !groups.some(({ name }) => name === group))
    .map(([name, { group }]) => `${name} reads ${group}`);

const checkInputs = (entry: TfjsEntry, groups: readonly GroupSpec[]): void => {
  const stray = strayInputs(entry, groups);
  if (stray.length > 0)
    throw new RecallError('bad-manifest', 'model.inputs: an input reads a group that the manifest does not declare', {
      expected: `one of ${groups.map(({ name }) => name).join(', ')}`,
      found: stray.join('; '),
      todo: 'declare the group in groups, or correct the input',
    });
};

/** The notice of `init` about a model.json: the names of its inputs do not show which groups they read. */
const recognised = (type: string, inputs: readonly string[] | null): { what: string; leftOut: string } | null =>
  inputs === null
    ? null
    : {
        what: `a TensorFlow.js model (${type})`,
        leftOut: `left out: what its inputs read cannot be told from their names (${inputs.join(', ') || 'none declared'}); write model.inputs into recall.json`,
      };

/** A TensorFlow.js model (model.json and its shards) as user tower. */
type OpenTfjsModel = (dir: string, spec: TfjsSpec) => Promise<LoadedModel>;

const shared = {
  path: ({ dir }: TfjsEntry) => dir,
  folder: true,
  hasAdTower: false,
  readsGroups: true,
  abilities: (entry: TfjsEntry, groups: readonly GroupSpec[]) => tfjsAbilities(tfjsSpecOf(entry, groups)),
  load: async ({ dir, entry, groups }: ModelPlace<TfjsEntry>, open: OpenTfjsModel) => {
    checkInputs(entry, groups);
    return open(placeOf(dir, entry.dir), tfjsSpecOf(entry, groups));
  },
  proves: 'each of its inputs mapped',
  examine: ({ loaded, sample, space }: ModelExamination<TfjsEntry>) =>
    examineExternal(loaded, sample, { directed: space === 'cosine' }),
};

export const tfjsGraph = modelKind({
  ...shared,
  schema: graphSchema,
  title: 'the GraphModel',
  init: { recognise: (json) => recognised('graph', graphInputs(json)) },
});

export const tfjsLayers = modelKind({
  ...shared,
  schema: layersSchema,
  title: 'the LayersModel',
  init: { recognise: (json) => recognised('layers', layersInputs(json)) },
});
