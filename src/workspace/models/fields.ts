import { z } from 'zod';

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex');

/** Fields of every model: its hash, its dimension, and until when (ms) the behaviour it saw goes; null = unknown. */
export const modelFields = { sha256, dim: z.number().int().min(1), builtUntil: z.number().int().nullable() };

/** The same of a model made elsewhere, which seldom says which sample it saw. */
export const externalFields = {
  ...modelFields,
  builtUntil: z.number().int().nullable().default(null),
  builtFrom: z.looseObject({ sample: sha256.nullable().default(null) }).prefault({}),
};
