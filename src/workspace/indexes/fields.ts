import { z } from 'zod';

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in lower-case hex');
export const space = z.enum(['ip', 'l2', 'cosine']);

/** The metric of an index, the columns of its vectors, and how many ads it holds. */
export const sizeFields = { space, dim: z.number().int(), count: z.number().int() };

export const originFields = {
  /** Ads kept out of the index on purpose; any other ad without an element is a fault. */
  leftOut: z.array(z.string()).default([]),
  /**
   * Which ad a label stands for: `.csv` (label,ad_id), `.npy` of labels next to `ids`, or one id a line (label = line,
   * from 0). null: labels are ordinals.
   */
  labels: z
    .looseObject({ file: z.string(), sha256, ids: z.string().nullable().default(null) })
    .nullable()
    .default(null),
  /** null: unknown (a team's own file). */
  builtFrom: z.looseObject({ vectors: sha256.nullable().default(null) }).prefault({}),
};
