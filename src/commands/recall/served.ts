import { privateFile, writeTextFile } from '../../base/atomic-file.ts';
import type { ServedAllData, ServedData } from '../../answers/recall.ts';
import { type CauseCount, causeCounts } from '../../domain/served/summary.ts';
import { grid, iso, number, markdownText } from '../../base/markdown.ts';
import type { ResultOf } from '../../answers/answers.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { ServedComparison, ServedLog, ServedRequest } from '../../domain/served/served.ts';
import { compareServed } from '../../engine/served/served.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { queryFromArgs } from '../query/args.ts';
import { readServed } from './served-file.ts';
import { lacksUser } from '../../console/needs.ts';

const causesOf = (causes: readonly CauseCount[]): string =>
  causes.map(({ cause, ads }) => `${cause} ${ads}`).join(', ');

/** The result of `compare --served` as Markdown: all requests, most different first. */
export const servedMarkdown = (
  { requests, same, jaccard, rbo, causes, users, failed, faulty }: ServedAllData,
  workspace: string,
): string =>
  [
    '# What was served against what is recomputed',
    '',
    ...grid(
      ['', ''],
      [
        ['workspace', markdownText(workspace)],
        ['requests', `${requests}; ${same} recomputed ad by ad`],
        ['mean Jaccard, mean RBO', `${number(jaccard)}, ${number(rbo)}`],
        ...Object.entries(failed).map(([reason, n]) => ['could not be asked', `${n}: ${markdownText(reason)}`]),
        ...faulty.map((line) => ['a faulty line', markdownText(line)]),
      ],
    ),
    '',
    '## Differences by cause',
    '',
    'A cause is named only where a run or a stated fact proves it.',
    '',
    ...grid(
      ['cause', 'differences'],
      causes.map(({ cause, ads }) => [cause, String(ads)]),
    ),
    '',
    '## Requests, most different first',
    '',
    ...grid(
      ['user', 'time', 'RBO', 'Jaccard', 'differences', 'causes'],
      users.map((u) => [
        markdownText(u.userId),
        iso(u.at),
        number(u.rbo, 3),
        number(u.jaccard, 3),
        String(u.differences),
        causesOf(u.causes),
      ]),
    ),
    '',
  ].join('\n');

const titleOf =
  ({ catalog }: Workspace) =>
  (adId: string): string => {
    const ordinal = catalog.ordinalOf(adId);
    return ordinal === null ? '(an ad the sample does not have)' : (catalog.ads([ordinal])[0]?.title ?? '');
  };

const compared = async (
  context: CommandContext,
  args: ArgValues,
  request: ServedRequest,
): Promise<ServedComparison & { query: RecallQuery }> => {
  const workspace = await context.workspace();
  const asked = await queryFromArgs(context, { ...args, at: request.at }, request.userId);
  const query = { ...asked, k: numberArg(args, 'k') ?? (request.list.length || asked.k) };
  return { query, ...(await compareServed(workspace.engine, query, request, titleOf(workspace), context.signal)) };
};

/** Why a request says nothing of how lists differ; null: it is compared. */
const skipped = ({ store }: Workspace, { userId, list }: ServedRequest): string | null =>
  store.user(userId) === null ? 'unknown user' : list.length === 0 ? 'an empty list was served' : null;

/** So many faulty lines are named. */
const mostNamed = 5;

/**
 * Compares every request of the log; those with an unknown user or nothing served are counted, and so are lines that are
 * no request. Throws `cancelled`, and what `readServed` throws.
 */
export const compareAllServed = async (context: CommandContext, args: ArgValues): Promise<ResultOf<'served-all'>> => {
  const workspace = await context.workspace();
  const { requests, faults } = await readServed(workspace, textArg(args, 'log'), context);
  const done: Array<Awaited<ReturnType<typeof compared>>> = [];
  const failed: Record<string, number> = faults.length === 0 ? {} : { 'not a served request': faults.length };
  for (const [i, request] of requests.entries()) {
    context.progress({ stage: 'served', done: i, total: requests.length });
    const reason = skipped(workspace, request);
    if (reason !== null) failed[reason] = (failed[reason] ?? 0) + 1;
    else done.push(await compared(context, args, request));
  }
  const mean = (of: (one: ServedComparison) => number): number =>
    done.length === 0 ? 1 : done.reduce((sum, one) => sum + of(one), 0) / done.length;
  const users = done
    .map((one) => ({
      userId: one.request.userId,
      at: one.request.at,
      rbo: one.overlap.rbo,
      jaccard: one.overlap.jaccard,
      differences: one.rows.filter((row) => row.cause !== null).length,
      causes: causeCounts(one.rows),
    }))
    .sort((a, b) => a.rbo - b.rbo || (a.userId < b.userId ? -1 : 1));
  const data: ServedAllData = {
    query: askedAs(done[0]?.query, numberArg(args, 'k')),
    requests: requests.length + faults.length,
    same: done.filter((one) => one.same).length,
    jaccard: mean((one) => one.overlap.jaccard),
    rbo: mean((one) => one.overlap.rbo),
    causes: causeCounts(done.flatMap((one) => one.rows)),
    users,
    failed,
    faulty: faults.slice(0, mostNamed).map(({ error }) => [error.message, error.found].join(': ')),
  };
  const markdown = textArg(args, 'markdown');
  if (markdown !== undefined) await writeTextFile(markdown, servedMarkdown(data, workspace.name), privateFile);
  return { schema: 'served-all', data };
};

const askedAs = (query: RecallQuery | undefined, k: number | undefined): ServedAllData['query'] => {
  if (query === undefined) return null;
  const { userId: _, asOf: __, ...rest } = query;
  return { ...rest, k: k ?? null };
};

const chosen = (requests: readonly ServedRequest[], userId: string, at: number | undefined): ServedRequest => {
  const own = requests.filter((request) => request.userId === userId);
  const found =
    at === undefined
      ? own.reduce<ServedRequest | undefined>(
          (last, one) => (last === undefined || one.at > last.at ? one : last),
          undefined,
        )
      : own.find((request) => request.at === at);
  if (found !== undefined) return found;
  throw new RecallError(
    'usage',
    `the serving log has no request of ${userId}${at === undefined ? '' : ' at that time'}`,
    {
      expected:
        own.length === 0
          ? `one of ${new Set(requests.map((request) => request.userId)).size} users`
          : `one of ${own.map((request) => new Date(request.at).toISOString()).join(', ')}`,
      found: at === undefined ? userId : new Date(at).toISOString(),
      todo: 'compare --served shows all requests',
    },
  );
};

/** A fault in the line of another user keeps nobody from their answer; one whose user cannot be read may be anybody's. */
const requestsFor = (userId: string, { requests, faults }: ServedLog): readonly ServedRequest[] => {
  const fault = faults.find((one) => one.userId === null || one.userId === userId);
  if (fault !== undefined) throw fault.error;
  return requests;
};

export const servedCommand: Command<'served'> = {
  id: 'served',
  title: 'Compare a served list with the recomputed one',
  doc: 'Compares the list that the serving log has for a user with the list recomputed as of the request’s time, and names the cause of each difference: not eligible then or now, another ef, the age of the features. A cause is named only where a run proves it; otherwise it is unknown, and an artefact newer than the request is named with it.',
  family: 'recall',
  needs: 'workspace',
  takesQuery: true,
  when: ({ userId }) => userId !== null || lacksUser(),
  args: [
    {
      name: 'user',
      type: 'user',
      position: 0,
      required: true,
      doc: 'The user. Their last request in the log is taken, or the one at --at.',
    },
    {
      name: 'log',
      type: 'path',
      doc: 'The serving log: JSON lines with user, time, list; or .csv, .tsv, .parquet with user, time and list, or ad and rank (default: the log that the field served of recall.json names).',
    },
  ],
  examples: ['served u-00412', 'served u-00412 --at 2025-06-15T00:00:00Z --log served.jsonl'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const requests = requestsFor(
      textArg(args, 'user') ?? '',
      await readServed(workspace, textArg(args, 'log'), context),
    );
    const { query, ...comparison } = await compared(
      context,
      args,
      chosen(requests, textArg(args, 'user') ?? '', numberArg(args, 'at')),
    );
    const data: ServedData = { ...comparison, requests: requests.length, causes: causeCounts(comparison.rows) };
    return { schema: 'served', query, data };
  },
};
