import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '../../base/json.ts';
import { readText } from '../../base/text-file.ts';
import { modes, type RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { ComparedMode, GroupRecall } from '../../answers/start.ts';
import { attributeGroups } from '../../engine/explain/groups.ts';
import type { Progress } from '../../console/command.ts';
import { defaultQuery } from '../../console/query-defaults.ts';

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
  /** The feature group that the click was planted on; null for rows that plant a verdict only. */
  group: z.string().nullable(),
  eventIds: z.array(z.string()),
  verdict: z.string().optional(),
  query: z
    .looseObject({ mode: z.enum(modes).optional(), k: z.number().int().optional(), ef: z.number().int().optional() })
    .optional(),
});

export type PlantedRow = z.infer<typeof plantedRow>;

const parseRow = (line: string, number: number, path: string): PlantedRow => {
  const row = plantedRow.safeParse(parseJson(line));
  if (row.success) return row.data;
  throw new RecallError('bad-input', `${path}: line ${number} is not a planted click`, {
    expected: '{case, userId, asOf, adId, group, eventIds, verdict?}',
    found: line.slice(0, 120),
  });
};

/** The planted clicks of a workspace. Throws `unsupported` where it has none: only the demo does. */
export const readPlanted = async (workspace: Pick<Workspace, 'dir' | 'name'>): Promise<PlantedRow[]> => {
  const path = join(workspace.dir, 'planted.jsonl');
  const text = await readText(path).catch((cause: unknown) => {
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('unsupported', `${workspace.name} has no planted clicks`, {
      expected: path,
      todo: 'the demo has them: run `recall-tui demo` without -w',
      cause,
    });
  });
  return text.split('\n').flatMap((line, i) => (line === '' ? [] : [parseRow(line, i + 1, path)]));
};

/** The outcome of one planted click. */
export interface PlantedOutcome {
  readonly row: PlantedRow;
  readonly adId: string;
  /** Rank of the clicked ad in each mode's list; null = not in it. */
  readonly ranks: Readonly<Record<ComparedMode, number | null>>;
  /** Groups by φ of the clicked ad, largest first; empty when the model did not recall it. */
  readonly groups: readonly { readonly group: string; readonly phi: number }[];
}

/** The query a planted row asks: the workspace's defaults at the row's as-of. */
export const plantedQuery = (workspace: Workspace, row: PlantedRow): RecallQuery => {
  const base = defaultQuery(workspace, row.userId);
  const { mode, k, ef } = row.query ?? {};
  return { ...base, asOf: row.asOf, mode: mode ?? base.mode, k: k ?? base.k, ef: ef ?? base.ef };
};

/** Runs every planted click in each mode. Encodings are made in one batch; `signal` stops between clicks. */
export const runPlanted = async (
  workspace: Workspace,
  rows: readonly PlantedRow[],
  context: { signal: AbortSignal; progress: (progress: Progress) => void },
): Promise<PlantedOutcome[]> => {
  const out: PlantedOutcome[] = [];
  for (const [i, row] of rows.entries()) {
    context.signal.throwIfAborted();
    if (i % 50 === 0) context.progress({ stage: 'planted clicks', done: i, total: rows.length });
    out.push(await outcome(workspace, row, context.signal));
  }
  context.progress({ stage: 'planted clicks', done: rows.length, total: rows.length });
  return out;
};

const outcome = async (workspace: Workspace, row: PlantedRow, signal: AbortSignal): Promise<PlantedOutcome> => {
  const query = plantedQuery(workspace, row);
  const rankIn = async (mode: ComparedMode): Promise<number | null> => {
    const { candidates } = await workspace.engine.recall({ ...query, mode }, { signal });
    return candidates.find((c) => c.adId === row.adId)?.rank ?? null;
  };
  const ranks = { model: await rankIn('model'), legacy: await rankIn('legacy'), i2i: await rankIn('i2i') };
  return {
    row,
    adId: row.adId,
    ranks,
    groups: ranks.model === null ? [] : await groupsByPhi(workspace, query, row.adId),
  };
};

/** Shapley values of the groups for one ad, largest first; a tie goes by name. */
export const groupsByPhi = async (
  { engine, catalog }: Workspace,
  query: RecallQuery,
  adId: string,
): Promise<Array<{ group: string; phi: number }>> => {
  const ordinal = catalog.ordinalOf(adId);
  if (ordinal === null) return [];
  const { phi, encoded } = await attributeGroups(engine.core, query, [ordinal]);
  return encoded.encoder.groups
    .map(({ name }, g) => ({ group: name, phi: phi[g] ?? 0 }))
    .sort((a, b) => b.phi - a.phi || (a.group < b.group ? -1 : 1));
};

const share = (rows: readonly PlantedOutcome[], holds: (row: PlantedOutcome) => boolean): number =>
  rows.filter(holds).length / Math.max(1, rows.length);

/** Recall of the clicked ads by planted group, in the order of `groups`, and over all of them. */
export const recallByGroup = (
  outcomes: readonly PlantedOutcome[],
  groups: readonly string[],
): { byGroup: GroupRecall[]; overall: GroupRecall } => {
  const summary = (group: string, rows: readonly PlantedOutcome[]): GroupRecall => {
    const recalled = rows.filter((o) => o.ranks.model !== null);
    return {
      group,
      clicks: rows.length,
      model: share(rows, (o) => o.ranks.model !== null),
      legacy: share(rows, (o) => o.ranks.legacy !== null),
      i2i: share(rows, (o) => o.ranks.i2i !== null),
      carriedByGroup: recalled.length === 0 ? null : share(recalled, (o) => o.groups[0]?.group === o.row.group),
    };
  };
  const byGroup = groups.flatMap((group) => {
    const rows = outcomes.filter((o) => o.row.group === group);
    return rows.length === 0 ? [] : [summary(group, rows)];
  });
  return { byGroup, overall: summary('all', outcomes) };
};
