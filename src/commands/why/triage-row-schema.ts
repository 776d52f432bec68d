import { z } from 'zod';
import type { CountedRow } from '../../domain/triage.ts';

/** What a kept row must have to be counted again; the rest of it is passed over. */
const kept = z.object({
  line: z.int().min(1),
  userId: z.string(),
  adId: z.string(),
  at: z.number().nullable(),
  expect: z.enum(['present', 'absent']).nullable(),
  group: z.string(),
  rank: z.number().nullable(),
  holds: z.boolean().nullable(),
  repair: z.object({ change: z.object({ type: z.string() }) }).nullable(),
});

/** A row of a file that this program wrote, as far as it is counted; null: it is none. */
export const triageRowOf = (value: unknown): CountedRow | null => kept.safeParse(value).data ?? null;
