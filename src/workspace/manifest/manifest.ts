import { z } from 'zod';
import { channelNames, defaultMerge } from '../../domain/channels.ts';
import { modes } from '../../domain/query.ts';
import { quotaCount } from '../../domain/rules.ts';
import { indexSchema } from '../indexes/index.ts';
import { space } from '../indexes/fields.ts';
import { modelKindOf, modelSchema } from '../models/index.ts';
import { mappingSchema } from './mapping-schema.ts';
import { servedSchema } from './served-schema.ts';

/**
 * `recall.json`: what a workspace holds, and what each artefact was built from. Paths are relative to
 * the manifest's folder. Unknown fields are kept.
 */
export const manifestFormat = 'recall-tui/workspace@1';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex');
const ms = z.number().int();

const group = z.looseObject({
  name: z.string().min(1),
  source: z.enum(['events', 'social', 'context', 'trend']),
  kinds: z.array(z.string()).default([]),
  ownKinds: z.array(z.string()).default([]),
  maxItems: z.number().int().min(1).max(500).default(20),
  windowMs: z.number().positive().nullable().default(null),
});

const eligibility = z.looseObject({
  dates: z.boolean().default(true),
  budget: z.boolean().default(true),
  targeting: z.boolean().default(true),
  alreadyBought: z
    .looseObject({ kinds: z.array(z.string()) })
    .nullable()
    .default(null),
  frequencyCap: z
    .looseObject({ kinds: z.array(z.string()), max: z.number().int().min(1), windowMs: z.number().positive() })
    .nullable()
    .default(null),
  blocklist: z.array(z.string()).default([]),
});

/** A context field with a known time span, read at as-of unless the query sets the field. */
const calendarEntry = z.looseObject({ field: z.string().min(1), value: z.string(), from: ms, until: ms });

const sample = z
  .looseObject({
    /** `native`: a sample.sqlite of ours; `mapped`: a team's own SQLite file, read through `tables`. */
    kind: z.enum(['native', 'mapped']).default('native'),
    /** Relative to the manifest's folder, or absolute. */
    file: z.string(),
    sha256,
    users: z.number().int(),
    ads: z.number().int(),
    events: z.number().int(),
    tables: mappingSchema.optional(),
  })
  .refine(({ kind, tables }) => kind === 'native' || tables !== undefined, {
    path: ['tables'],
    message: 'a mapping of tables: {"ads": {"from": "items", "id": "sku", …}, …}',
  });

/** A file of recall-tui, or a team's: `.npy`, `.fvecs` or raw float32, `count` rows of it. */
const vectors = z.looseObject({
  file: z.string(),
  sha256,
  dim: z.number().int(),
  count: z.number().int(),
  /** Every row is declared to be of unit length; doctor checks it. */
  normalised: z.boolean(),
  /** One ad id a line, in the order of the rows; null: row = ordinal, one for each ad. */
  ids: z.looseObject({ file: z.string(), sha256 }).nullable().default(null),
  /** The metric an index over them is built in; absent: inner product. */
  metric: space.optional(),
  /** null: unknown (a team's own file). */
  builtFrom: z
    .looseObject({ model: sha256.nullable().default(null), sample: sha256.nullable().default(null) })
    .prefault({}),
});

const i2i = z.looseObject({
  file: z.string(),
  sha256,
  builtUntil: ms.nullable(),
  builtFrom: z.looseObject({ sample: sha256 }),
});

const channelQuota = z.partialRecord(z.enum(channelNames), quotaCount);

const defaults = z.looseObject({
  k: z.number().int().min(1).default(100),
  ef: z.number().int().min(1).default(128),
  mode: z.enum(modes).default('model'),
  context: z.record(z.string(), z.string()).default({}),
  merge: z.looseObject({ order: z.array(z.enum(channelNames)), quota: channelQuota }).default(defaultMerge),
});

const fields = z.looseObject({
  format: z.literal(manifestFormat),
  name: z.string().min(1),
  /** Files may lie outside the manifest's folder; else a path that leads out of it is refused. */
  outside: z.boolean().optional(),
  /** Default as-of, ms; null = the user's last event + 1 ms. */
  asOf: ms.nullable().default(null),
  horizonMs: z.number().positive().nullable().default(null),
  engagementKinds: z.array(z.string()).default(['click', 'purchase']),
  syntheticTimes: z.boolean().default(false),
  tzOffsetMinutes: z.number().int().default(0),
  calendar: z.array(calendarEntry).default([]),
  tightFilter: z.number().min(0).max(1).default(0.05),
  /**
   * The groups that the user tower reads; may be empty only where there is none (precomputed vectors): rules and i2i
   * then follow the engagement kinds alone.
   */
  groups: z.array(group).max(12),
  eligibility: eligibility.prefault({}),
  defaults: defaults.prefault({}),
  sample: sample.nullable().default(null),
  model: modelSchema.nullable().default(null),
  vectors: vectors.nullable().default(null),
  index: indexSchema,
  i2i: i2i.nullable().default(null),
  served: servedSchema.nullable().default(null),
  rules: z.looseObject({ file: z.string(), sha256 }).nullable().default(null),
  presets: z.looseObject({ file: z.string() }).nullable().default(null),
  /** File with the workspace's key (32 bytes, hex) for sealing sessions; a re-import keeps it. */
  key: z.string().default('key.hex'),
  /** What an import has dropped, its files still there: the next `train` and `index` clear them. */
  left: z.array(z.object({ file: z.string(), sha256 })).optional(),
  /** How the sample was made: format, source, options, mapping. */
  import: z.looseObject({ format: z.string() }).nullable().default(null),
});

/** Constraints across several fields. */
export const manifestSchema = fields.check((context) => {
  const { groups, model } = context.value;
  if (groups.length === 0 && (model === null || modelKindOf(model).readsGroups))
    context.issues.push({
      code: 'custom',
      input: groups,
      path: ['groups'],
      message: 'at least one group: a user tower reads nothing else',
    });
});

export type Manifest = z.infer<typeof manifestSchema>;
