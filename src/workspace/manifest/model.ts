import { z } from 'zod';
import { allAbilities } from '../../domain/abilities.ts';
import type { Abilities } from '../../domain/abilities.ts';
import { groupsRead, tfjsAbilities, vectorsAbilities } from '../../domain/external-model.ts';
import type { TfjsSpec } from '../../domain/external-model.ts';
import type { GroupSpec } from '../../domain/groups.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex');
const common = { sha256, dim: z.number().int().min(2), builtUntil: z.number().int().nullable() };
/** A team's own model seldom says which sample it saw. */
const unsaid = {
  ...common,
  builtUntil: z.number().int().nullable().default(null),
  builtFrom: z.looseObject({ sample: sha256.nullable().default(null) }).prefault({}),
};

const twoTower = z.looseObject({
  ...common,
  kind: z.literal('two-tower'),
  /** Folder with model.json and its weight files; sha256 over their names and bytes in name order. */
  dir: z.string(),
  builtFrom: z.looseObject({ sample: sha256 }),
});

/** User vectors as `.npy` or `.fvecs`, and one user id a line. */
const vectors = z.looseObject({
  ...unsaid,
  kind: z.literal('vectors'),
  file: z.string(),
  ids: z.looseObject({ file: z.string(), sha256 }),
  /** Scale each to unit length. */
  normalise: z.boolean().default(true),
});

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
    vocabulary: z.string().nullable().default(null),
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

const tfjs = {
  ...unsaid,
  dir: z.string(),
  inputs: z.record(z.string(), input),
  output: z.string(),
  normalise: z.boolean().default(true),
  groupDropout: z.boolean().default(false),
  backend: z.enum(['default', 'cpu']).default('default'),
};

/** The user model, one of four kinds. */
export const modelSchema = z.discriminatedUnion('kind', [
  twoTower,
  vectors,
  z.looseObject({ ...tfjs, kind: z.literal('tfjs-graph') }),
  z.looseObject({ ...tfjs, kind: z.literal('tfjs-layers') }),
]);

export type ModelEntry = z.infer<typeof modelSchema>;
export type TfjsEntry = Extract<ModelEntry, { kind: 'tfjs-graph' | 'tfjs-layers' }>;

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

/** What the model can be asked for, known without loading it. */
export const abilitiesOf = (entry: ModelEntry, groups: readonly GroupSpec[]): Abilities => {
  if (entry.kind === 'two-tower') return allAbilities;
  return entry.kind === 'vectors' ? vectorsAbilities(entry) : tfjsAbilities(tfjsSpecOf(entry, groups));
};

/** Inputs that read a group the manifest does not declare. */
export const strayGroups = (entry: TfjsEntry, groups: readonly GroupSpec[]): string[] =>
  Object.entries(entry.inputs)
    .filter(([, one]) => !groups.some(({ name }) => name === one.group))
    .map(([name, one]) => `${name} reads ${one.group}`);
