import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { modes } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/**
 * A line of `planted.jsonl`: a click whose cause is known. `query` holds what differs from the
 * workspace's default query where the case needs it.
 */
const plantedRow = z.looseObject({
  case: z.string(),
  userId: z.string(),
  /** ms UTC; the click comes later. */
  asOf: z.number().int(),
  adId: z.string(),
  /** What brought the click about; null for rows that plant a verdict only. */
  group: z.string().nullable(),
  eventIds: z.array(z.string()),
  verdict: z.string().optional(),
  query: z
    .looseObject({ mode: z.enum(modes).optional(), k: z.number().int().optional(), ef: z.number().int().optional() })
    .optional(),
});

export type PlantedRow = z.infer<typeof plantedRow>;

const parseRow = (line: string, number: number, path: string): PlantedRow => {
  let json: unknown = null;
  try {
    json = JSON.parse(line);
  } catch {
    /* null is no row: said below */
  }
  const row = plantedRow.safeParse(json);
  if (row.success) return row.data;
  throw new RecallError('bad-input', `${path}: line ${number} is no planted click`, {
    expected: '{case, userId, asOf, adId, group, eventIds, verdict?}',
    found: line.slice(0, 120),
  });
};

/** The planted clicks of a workspace. Throws `unsupported` where it has none: only the demo does. */
export const readPlanted = async (workspace: Pick<Workspace, 'dir' | 'name'>): Promise<PlantedRow[]> => {
  const path = join(workspace.dir, 'planted.jsonl');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RecallError('unsupported', `${workspace.name} has no planted clicks`, {
      expected: path,
      todo: 'the demo has them: run `recall-tui demo` without -w',
      cause,
    });
  });
  return text.split('\n').flatMap((line, i) => (line === '' ? [] : [parseRow(line, i + 1, path)]));
};
