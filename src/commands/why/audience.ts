import type { RecallQuery } from '../../domain/query.ts';
import { audienceBatch, summariseAudience } from '../../engine/audience.ts';
import type { AudienceRow } from '../../engine/audience.ts';
import { sampleUsers } from '../../engine/blast.ts';
import { ordinalOfAd } from '../../engine/explain/vectors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { refuseUnable, saidOfModel } from '../../console/abilities.ts';
import { numberArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';
import { requiredText } from './explain.ts';
import { queryFromArgs } from '../query/args.ts';
import { titlesOf } from '../../engine/titles.ts';
import type { UserTask } from '../users/jobs.ts';
import { runUsers } from '../users/workers.ts';

/** The rows of these queries, in worker threads where that pays. */
const rowsOf = async (
  context: CommandContext,
  workspace: Workspace,
  adId: string,
  queries: readonly RecallQuery[],
  workers: number | undefined,
): Promise<{ rows: AudienceRow[]; workers: number }> => {
  const tasks = Array.from({ length: Math.ceil(queries.length / audienceBatch) }, (_, i): UserTask => ({
    kind: 'audience',
    adId,
    queries: queries.slice(i * audienceBatch, (i + 1) * audienceBatch),
  }));
  const ran = await runUsers(context, workspace, { tasks, users: queries.length, workers, stage: 'audience' });
  return { rows: ran.rows.flatMap((batch) => (batch.kind === 'audience' ? batch.rows : [])), workers: ran.workers };
};

export const audienceCommand: Command<'audience'> = {
  id: 'audience',
  title: 'Find the users who recall an ad',
  doc: 'Lists the sampled users who recall an ad, best rank first, and its reach by channel and by segment (user attributes and history length). Exit 1 when no sampled user recalls it.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  args: [
    { name: 'ad', type: 'ad', position: 0, required: true, doc: 'The ad.' },
    { name: 'users', type: 'int', default: 500, unit: 'users', doc: 'How many users are sampled; 0 takes all.' },
    { name: 'seed', type: 'int', default: 1, doc: 'Seed of the sample.' },
    { name: 'workers', type: 'int', doc: 'Worker threads; 0 runs in this one.' },
  ],
  examples: ['audience ad-05313', 'audience ad-05313 --users 0 --mode merged'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const adId = requiredText(args, 'ad');
    const seed = numberArg(args, 'seed') ?? 1;
    ordinalOfAd(workspace, adId);
    const count = numberArg(args, 'users') ?? 500;
    const ids = workspace.store.userIds();
    const users = sampleUsers(ids, count <= 0 ? ids.length : count, seed);
    const queries: RecallQuery[] = [];
    for (const userId of users) queries.push(await queryFromArgs(context, args, userId));
    refuseUnable(workspace, queries.slice(0, 1));
    const started = workspace.clock.tick();
    const { rows, workers } = await rowsOf(context, workspace, adId, queries, numberArg(args, 'workers'));
    const result = summariseAudience(adId, rows);
    return {
      schema: 'audience',
      data: {
        ...result,
        approximations: await saidOfModel(workspace, queries.slice(0, 1)),
        title: titlesOf(workspace.catalog, [adId]).get(adId) ?? '',
        sample: { users: users.length, of: workspace.store.userCount, seed },
        workers,
      },
      timingsMs: { total: workspace.clock.tick() - started },
      ...(result.reached === 0 ? { exitCode: 1 as const } : {}),
    };
  },
};
