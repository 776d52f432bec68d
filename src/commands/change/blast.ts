import type { TitledShift, BlastData } from '../../answers/change.ts';
import { summariseBlast, type AdShift, type BlastRow } from '../../domain/blast.ts';
import { isEventFilter, parseEventFilter } from '../../domain/filter/events.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { blastBatch, sampleUsers, type BlastChange } from '../../engine/blast.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { refuseUnable, saidOfModel } from '../../console/abilities.ts';
import { flagArg, listArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { sampleSize } from '../users/sample-size.ts';
import { settingDifferences } from '../query/presets-diff.ts';
import { queryFromArgs, queryFromFile } from '../query/args.ts';
import { defaultQuery } from '../../console/query-defaults.ts';
import { titlesOf } from '../../engine/titles.ts';
import type { UserTask } from '../users/jobs.ts';
import { runUsers } from '../users/workers.ts';

const top = 10;

/** The same question as the workspace asks it by default: what a change is measured against. */
const plainOf = (workspace: Workspace, after: RecallQuery): RecallQuery => {
  const { userId, asOf, k, ef, mode, eligibility } = after;
  return { ...defaultQuery(workspace, userId), asOf, k, ef, mode, eligibility };
};

const baselineOf = async (
  context: CommandContext,
  workspace: Workspace,
  args: ArgValues,
  after: RecallQuery,
): Promise<RecallQuery> => {
  const against = textArg(args, 'against');
  if (against === undefined) return plainOf(workspace, after);
  const stdin = against.startsWith('{') ? { ...context, stdin: () => Promise.resolve(against) } : context;
  return queryFromFile(stdin, against.startsWith('{') ? '-' : against);
};

/** The change the arguments ask for; its filters are kept apart, as every user has other events. */
export const blastChange = async (context: CommandContext, args: ArgValues): Promise<BlastChange> => {
  const workspace = await context.workspace();
  const filters = listArg(args, 'exclude')
    .filter(isEventFilter)
    .map((text) => parseEventFilter(text));
  const nobody = context.baseQuery === null && textArg(args, 'query') === undefined;
  const user = textArg(args, 'user') ?? (nobody ? workspace.store.listUsers({ limit: 1 })[0]?.userId : undefined);
  const after = await queryFromArgs(
    context,
    { ...args, exclude: listArg(args, 'exclude').filter((text) => !isEventFilter(text)) },
    user,
  );
  const own = defaultQuery(workspace, after.userId).asOf;
  return {
    before: await baselineOf(context, workspace, args, after),
    after,
    asOf: after.asOf === own ? null : after.asOf,
    defaultAsOf: workspace.manifest.asOf,
    filters,
  };
};

const batchesOf = (users: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(users.length / blastBatch) }, (_, i) =>
    users.slice(i * blastBatch, (i + 1) * blastBatch),
  );

/** The rows of these users, in worker threads where that pays. */
export const blastRows = async (
  context: CommandContext,
  workspace: Workspace,
  change: BlastChange,
  users: readonly string[],
  workers?: number,
): Promise<{ rows: BlastRow[]; workers: number }> => {
  const tasks = batchesOf(users).map((batch): UserTask => ({ kind: 'blast', change, users: batch }));
  const ran = await runUsers(context, workspace, { tasks, users: users.length, workers, stage: 'users' });
  return { rows: ran.rows.flatMap((batch) => (batch.kind === 'blast' ? batch.rows : [])), workers: ran.workers };
};

export const blastCommand: Command<'blast'> = {
  id: 'blast',
  title: 'Measure how many users a change reaches',
  doc: 'Applies the change of the query (weights, preset, context, what-if events, quotas) to many users and reports its reach: share of users whose list changes, similarity of the lists, ads that gain and lose most impressions, and recall before and after of the ads that users engaged with, with a paired test.',
  family: 'change',
  needs: 'workspace',
  takesQuery: true,
  keys: ['b'],
  args: [
    {
      name: 'user',
      type: 'user',
      position: 0,
      doc: 'The user whose query carries the change (default: that of --query, else the first of the sample).',
    },
    { name: 'users', type: 'string', default: '2000', doc: 'How many users are sampled, or all.' },
    { name: 'seed', type: 'int', default: 1, doc: 'Seed of the sample of users and of the test.' },
    {
      name: 'against',
      type: 'path',
      doc: 'The query that the change is measured against: a RecallQuery as JSON, or a file with one (default: the workspace’s plain query in the same mode).',
    },
    { name: 'workers', type: 'int', doc: 'Worker threads; 0 runs in this one.' },
    { name: 'rows', type: 'flag', doc: 'Add one row per user.' },
  ],
  examples: [
    'blast --weight search=2',
    'blast --preset 618 --users all',
    'blast --exclude platform:web --mode merged --users 500',
  ],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const {
      clock: { tick },
      store,
    } = workspace;
    const change = await blastChange(context, args);
    refuseUnable(workspace, [change.after], change.filters.length > 0 ? ['events'] : []);
    const seed = numberArg(args, 'seed') ?? 1;
    const ids = store.userIds();
    const users = sampleUsers(ids, sampleSize(args, ids.length, '2000'), seed);
    const started = tick();
    const { rows, workers } = await blastRows(context, workspace, change, users, numberArg(args, 'workers'));
    const ran = tick();
    const summary = summariseBlast(rows, { top, seed });
    const titles = titlesOf(
      workspace.catalog,
      [...summary.gains, ...summary.losses].map((s) => s.adId),
    );
    const titled = (shifts: readonly AdShift[]): TitledShift[] =>
      shifts.map((s) => ({ ...s, title: titles.get(s.adId) ?? '' }));
    const data: BlastData = {
      ...summary,
      gains: titled(summary.gains),
      losses: titled(summary.losses),
      sampled: users.length,
      of: ids.length,
      seed,
      workers,
      approximations: await saidOfModel(
        workspace,
        [change.before, change.after],
        change.filters.length > 0 ? ['events'] : [],
      ),
      change: [
        ...settingDifferences(change.before, change.after),
        ...listArg(args, 'exclude')
          .filter(isEventFilter)
          .map((text) => ({ path: 'knocked out', a: null, b: text })),
        ...change.after.extraEvents.map((e) => ({
          path: `added ${e.kind}`,
          a: null,
          b: e.query ?? e.adId ?? e.peerId ?? '',
        })),
      ],
      ...(flagArg(args, 'rows') ? { rows } : {}),
    };
    return {
      schema: 'blast',
      query: change.after,
      data,
      timingsMs: { users: ran - started, test: tick() - ran },
    };
  },
};
