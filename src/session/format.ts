import { z } from 'zod';
import type { StepAnswer, StepList } from '../answers/session.ts';

/**
 * A session on disk: JSONL. Line 1 is the header, every other line a step, or an amendment of an earlier
 * step (what was noted or expected after it had been written). Unknown fields are kept by a rewrite.
 */
export const sessionFormat = 'recall-tui/session@1';

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex')
  .nullable();
const ids = z.array(z.string());
const share = z.number().min(0).max(1);
const stepNumber = z.number().int().min(1);

export const artefactsSchema = z.looseObject({
  model: sha256,
  vectors: sha256.default(null),
  index: sha256,
  i2i: sha256.default(null),
  db: sha256,
  rules: sha256,
  /** Digest of the manifest's settings: groups, eligibility, calendar, horizon. */
  settings: sha256.default(null),
});

export const headerSchema = z.looseObject({
  format: z.literal(sessionFormat),
  artefacts: artefactsSchema,
  /** `tfjs-node`, `wasm`; null: the recording never used the model. */
  backend: z.string().nullable(),
  /**
   * Kind of user model: `two-tower`, `vectors`, `tfjs-graph`, `tfjs-layers`; null: none. Absent in recordings made
   * before it was kept.
   */
  modelKind: z.string().nullable().optional(),
  icu: z.string(),
  tool: z.string(),
  note: z.string().default(''),
  /** How ids and text are hidden; `key` names the workspace's key without giving it away. */
  privacy: z.looseObject({ scheme: z.literal('hmac-sha256+aes-256-gcm@1'), key: z.string(), text: z.boolean() }),
  branch: z.looseObject({ step: stepNumber, prefix: z.string(), changed: z.array(z.string()) }).optional(),
});

/** A ranked list; `via` is one channel for all, or one per ad. */
const list = z.looseObject({ ids, scores: z.array(z.number()), via: z.union([z.string(), z.array(z.string())]) });

/** The part of a command's result that is kept: enough to judge every kind of expectation. */
export const answerSchema: z.ZodType<StepAnswer> = z.discriminatedUnion('kind', [
  list.extend({ kind: z.literal('list') }),
  z.looseObject({ kind: z.literal('lists'), a: list, b: list }),
  z.looseObject({
    kind: z.literal('verdict'),
    verdict: z.string(),
    rank: z.number().int().nullable(),
    channel: z.string().nullable(),
  }),
  z.looseObject({
    kind: z.literal('explanation'),
    score: z.number(),
    baseline: z.number(),
    topGroup: z.string().nullable(),
  }),
  /** `unread`: the step itself could not be read, whatever it is run on. */
  z.looseObject({
    kind: z.literal('error'),
    code: z.string(),
    message: z.string().optional(),
    expected: z.string().optional(),
    found: z.string().optional(),
    unread: z.literal(true).optional(),
  }),
  z.looseObject({ kind: z.literal('other'), digest: z.string() }),
]);

/** Every field given must hold. */
export const expectationSchema = z.looseObject({
  /** In this order; two ads closer than 1e-5 in score may change places. */
  ids: ids.optional(),
  set: ids.optional(),
  rbo: z.looseObject({ ids, atLeast: share }).optional(),
  /** Scores by ad, within ± tolerance; of an explanation, that of its ad. */
  scores: z.looseObject({ values: z.record(z.string(), z.number()), tolerance: z.number().min(0) }).optional(),
  verdict: z.string().optional(),
  /** In the list, at this rank or better where one is given. */
  present: z.array(z.looseObject({ adId: z.string(), rank: z.number().int().min(1).optional() })).optional(),
  absent: ids.optional(),
  /** Group with the largest |φ| of an explanation. */
  topGroup: z.string().optional(),
  /** Compared with an earlier step's present list: RBO bounds, ads that rise or fall (or leave). */
  against: z
    .looseObject({
      step: stepNumber,
      atLeast: share.optional(),
      atMost: share.optional(),
      rises: ids.optional(),
      falls: ids.optional(),
    })
    .optional(),
});

const argValue = z.union([z.string(), z.number(), z.boolean(), ids]);
/** A RecallQuery with its ids hashed and its text sealed; read by `parseQuery` once opened. */
const sealedQuery = z.looseObject({ userId: z.string() });

const historyEntry = z.looseObject({
  decision: z.enum(['accepted', 'rejected']),
  at: z.string(),
  why: z.string(),
  was: expectationSchema.optional(),
  observed: answerSchema.optional(),
});

export const stepSchema = z.looseObject({
  step: stepNumber,
  command: z.string().min(1).max(64),
  args: z.record(z.string(), argValue).default({}),
  query: sealedQuery.optional(),
  /** `compare`: the first of its two queries. */
  other: sealedQuery.optional(),
  /** Parts of the query that were the workspace's own, and are read from it again at replay. */
  follows: z.array(z.literal('rules')).optional(),
  /** Digest of each part of the query as recorded: shows which one was changed in the file. */
  knobs: z.record(z.string(), z.string()).optional(),
  expect: expectationSchema.optional(),
  observed: answerSchema.optional(),
  notes: z.array(z.string()).optional(),
  history: z.array(historyEntry).optional(),
});

/** Written after the step: 0 amends the header's note. */
export const amendmentSchema = z.looseObject({
  amends: z.number().int().min(0),
  expect: expectationSchema.optional(),
  note: z.string().optional(),
});

export type SessionHeader = z.infer<typeof headerSchema>;
export type SessionArtefacts = z.infer<typeof artefactsSchema>;
export type SessionStep = z.infer<typeof stepSchema>;
export type Expectation = z.infer<typeof expectationSchema>;
export type Answer = StepAnswer;
export type AnswerList = StepList;
export type HistoryEntry = z.infer<typeof historyEntry>;

export interface Session {
  readonly header: SessionHeader;
  readonly steps: readonly SessionStep[];
}

/** The lines' JSON Schema, as committed in docs/session.schema.json. */
export const sessionJsonSchema = (): unknown =>
  z.toJSONSchema(z.union([headerSchema, stepSchema, amendmentSchema]), { io: 'input', target: 'draft-2020-12' });

export const headerLine = (header: SessionHeader): string => `${JSON.stringify(header)}\n`;
export const stepLine = (step: SessionStep): string => `${JSON.stringify(step)}\n`;
export const sessionText = ({ header, steps }: Session): string => headerLine(header) + steps.map(stepLine).join('');
