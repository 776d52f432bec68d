import type { FunnelCrowding, FunnelData, FunnelSubject, FunnelUser, MergedBy } from '../../answers/funnel.ts';
import { byCodeUnit } from '../../base/order.ts';
import { isReason, summariseLosses } from '../../domain/loss-reasons.ts';
import { furthest } from '../../domain/losses.ts';
import type { Loss, UserLosses } from '../../domain/losses.ts';
import { channelNames } from '../../domain/query.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { nearness } from '../../domain/verdict.ts';
import { dropReasons } from '../../domain/eligibility.ts';
import { didYouMean } from '../../base/nearest.ts';
import { sampleUsers } from '../../engine/blast.ts';
import type { LossQuestion } from '../../engine/losses.ts';
import { titlesOf } from '../../engine/titles.ts';
import { RecallError } from '../../errors.ts';
import { refuseUnable, saidOfModel } from '../../console/abilities.ts';
import { flagArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { queryCommandLine } from '../../console/command-line.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { queryFromArgs } from '../query/args.ts';
import { lossesOf } from '../users/losses.ts';
import { sampleSize } from '../users/sample-size.ts';
import { requiredText } from './explain.ts';
import { runChanges } from './funnel-gains.ts';
import type { Gains } from './funnel-gains.ts';
import { refuseExclude } from '../users/plan.ts';
import { openUserWorkers } from '../users/workers.ts';
import type { UserWorkers } from '../users/workers.ts';
import type { Answer } from '../../answers/answers.ts';
import { subjectOf } from './funnel-subject.ts';

const usersByDefault = 2_000;
/** By default so many pairs are asked at most, of no fewer users than `fewestUsers`. */
const pairsByDefault = 100_000;
const fewestUsers = 100;

interface Sample {
  readonly users: readonly string[];
  readonly of: number;
  readonly seed: number;
  readonly fewer: boolean;
}

/** The users that are asked; by default fewer for many ads. */
const sampleFor = ({ store }: Workspace, args: ArgValues, ads: number): Sample => {
  const ids = store.userIds();
  const seed = numberArg(args, 'seed') ?? 1;
  const most = Math.min(usersByDefault, Math.max(fewestUsers, Math.floor(pairsByDefault / ads)));
  const size = sampleSize(args, ids.length, String(most));
  const fewer = textArg(args, 'users') === undefined && size < Math.min(usersByDefault, ids.length);
  return { users: sampleUsers(ids, size, seed), of: ids.length, seed, fewer };
};

/** Each user under the one ad that came furthest: their losses are that one alone. */
const furthestRows = (rows: readonly UserLosses[]): UserLosses[] =>
  rows.map((row) => {
    const best = furthest(row.losses);
    return { ...row, losses: best === null ? [] : [best] };
  });

/** Whose places the lists are made of that the pairs were merged out of. */
const mergedBy = (losses: readonly Loss[]): MergedBy[] => {
  const places = channelNames.map((channel) => ({
    channel,
    places: losses.reduce((sum, { by }) => sum + (by[channel] ?? 0), 0),
  }));
  const all = places.reduce((sum, one) => sum + one.places, 0);
  return places
    .filter((one) => one.places > 0)
    .map((one) => ({ ...one, share: one.places / all }))
    .sort((a, b) => b.places - a.places);
};

const crowdingOf = (losses: readonly Loss[]): FunnelCrowding => {
  const lost = losses.filter(({ verdict }) => verdict !== 'recalled');
  const crowded = lost.filter(({ crowding }) => crowding > 0);
  return {
    pairs: crowded.length,
    share: lost.length === 0 ? 0 : crowded.length / lost.length,
    places: crowded.reduce((sum, { crowding }) => sum + crowding, 0),
  };
};

const reasonNames: readonly string[] = [
  'recalled',
  'unknown-ad',
  'ineligible',
  'merged-out',
  ...nearness.filter((verdict) => verdict !== 'selected'),
  ...dropReasons,
  'deleted',
];

/** The reason that is asked for. Throws `usage` with the nearest name. */
const reasonArg = (args: ArgValues): string | null => {
  const name = textArg(args, 'reason');
  if (name === undefined || reasonNames.includes(name)) return name ?? null;
  const hint = didYouMean(name, reasonNames);
  throw new RecallError('usage', `no reason "${name}"`, {
    expected: `one of ${reasonNames.join(', ')}`,
    ...(hint === '' ? {} : { todo: hint }),
  });
};

interface DrillQuestion {
  readonly reason: string;
  readonly rows: readonly UserLosses[];
  readonly queries: ReadonlyMap<string, RecallQuery>;
  readonly limit: number;
}

/** The users with a pair of this reason, nearest first, each with the line that asks why not. */
const drillOf = (workspace: Workspace, { reason, rows, queries, limit }: DrillQuestion): FunnelData['drill'] => {
  const found = rows
    .flatMap(({ losses }) => furthest(losses.filter((loss) => isReason(loss, reason))) ?? [])
    .sort((a, b) => missing(a) - missing(b) || byCodeUnit(a.userId, b.userId));
  const users = found.slice(0, limit).flatMap((loss): FunnelUser[] => {
    const query = queries.get(loss.userId);
    const words = ['why-not', loss.userId, loss.adId];
    return query === undefined ? [] : [{ ...loss, command: queryCommandLine(workspace, query, words) }];
  });
  return { reason, users: found.length, rows: users };
};

const missing = ({ rankMargin, rank }: Loss): number => rankMargin ?? rank ?? Number.MAX_SAFE_INTEGER;

const funnelLine = (workspace: Workspace, subject: FunnelSubject, sample: Sample, query: RecallQuery): string =>
  queryCommandLine(workspace, query, [
    'funnel',
    subject.kind === 'ad' ? subject.name : `${subject.kind}:${subject.name}`,
    '--users',
    String(sample.users.length),
    '--seed',
    String(sample.seed),
  ]);

const questionsOf = async (
  context: CommandContext,
  args: ArgValues,
  users: readonly string[],
  adIds: readonly string[],
): Promise<LossQuestion[]> => {
  const questions: LossQuestion[] = [];
  for (const userId of users) questions.push({ query: await queryFromArgs(context, args, userId), adIds });
  return questions;
};

export const funnelCommand: Command<'funnel'> = {
  id: 'funnel',
  title: 'Find where an ad, a campaign or a category is lost, and what regains most users',
  doc: 'Asks why-not, without repairs, for every pair of a user and one of the ads, and ranks the reasons with the stage of the funnel where they lie: not eligible, not matched, not indexed, missed by the index, below the cutoff, over a quota, merged out, in the list. Then runs a list of single changes over all these users (k, ef, weights, quotas and places of channels, near-identical ads of the own campaign removed, a filter lifted for these ads) and ranks them by the users they regain, with the ads they displace and the recall of engaged ads before and after. For several ads each user also counts once, under the ad that came furthest.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  keys: ['V'],
  args: [
    {
      name: 'ads',
      type: 'string',
      position: 0,
      required: true,
      doc: 'An ad id, campaign:NAME, or category:PART of a path.',
    },
    {
      name: 'users',
      type: 'string',
      doc: 'How many users are sampled, or all (default: 2000, fewer where the ads are more than 50).',
    },
    { name: 'seed', type: 'int', default: 1, doc: 'Seed of the sample of users.' },
    {
      name: 'reason',
      type: 'string',
      doc: 'List the users lost for this reason (a verdict or a filter), with the line of their why-not; no change is run.',
    },
    { name: 'limit', type: 'int', default: 20, unit: 'users', doc: 'Users to list with --reason.' },
    { name: 'no-changes', type: 'flag', doc: 'Give the reasons only, without running any change.' },
    { name: 'workers', type: 'int', doc: 'Worker threads; 0 runs in this one.' },
  ],
  examples: ['funnel ad-05313', 'funnel campaign:c-0412 --mode merged', 'funnel ad-05313 --reason below-cutoff'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const threads = openUserWorkers(context, workspace);
    try {
      return await answer(context, workspace, args, threads);
    } finally {
      await threads.end();
    }
  },
};

const answer = async (
  context: CommandContext,
  workspace: Workspace,
  args: ArgValues,
  threads: UserWorkers,
): Promise<Answer<'funnel'>> => {
  refuseExclude(args);
  const subject = subjectOf(workspace, requiredText(args, 'ads'));
  const reason = reasonArg(args);
  const sample = sampleFor(workspace, args, subject.ads);
  const questions = await questionsOf(context, args, sample.users, subject.adIds);
  const query = await queryFromArgs(context, args, context.baseQuery?.userId ?? sample.users[0]);
  refuseUnable(workspace, [query]);
  const { tick } = workspace.clock;
  const started = tick();
  const workers = numberArg(args, 'workers');
  const ran = await lossesOf(threads, workspace, { questions, workers, stage: 'verdicts' });
  const judged = tick();
  const rows = ran.rows.filter(({ failed }) => failed === null);
  const commandOf = (changed: RecallQuery): string => funnelLine(workspace, subject, sample, changed);
  const gains =
    reason !== null || flagArg(args, 'no-changes')
      ? { changes: [], notRun: [] }
      : await runChanges(threads, workspace, {
          query,
          questions,
          rows,
          adIds: subject.adIds,
          seed: sample.seed,
          workers,
          commandOf,
        });
  const queries = new Map(questions.map((one) => [one.query.userId, one.query]));
  const limit = Math.max(0, numberArg(args, 'limit') ?? 20);
  const [best] = gains.changes;
  const data: FunnelData = {
    subject,
    sample: { users: sample.users.length, of: sample.of, seed: sample.seed, fewer: sample.fewer },
    ...countsOf(ran.rows),
    ...gains,
    best: best !== undefined && best.regained > best.lost ? best : null,
    ...named(workspace, gains, reason === null ? null : drillOf(workspace, { reason, rows, queries, limit })),
    approximations: await saidOfModel(workspace, [query]),
    workers: ran.workers,
  };
  return { schema: 'funnel', query, data, timingsMs: { verdicts: judged - started, changes: tick() - judged } };
};

type Counts = Pick<
  FunnelData,
  'users' | 'failed' | 'pairs' | 'reached' | 'reasons' | 'byUser' | 'mergedBy' | 'crowding'
>;

/** Everything that is counted from the losses alone. */
const countsOf = (all: readonly UserLosses[]): Counts => {
  const rows = all.filter(({ failed }) => failed === null);
  const losses = rows.flatMap((row) => row.losses);
  return {
    users: rows.length,
    failed: all.length - rows.length,
    pairs: losses.length,
    reached: rows.filter((row) => row.losses.some(({ verdict }) => verdict === 'recalled')).length,
    reasons: summariseLosses(rows),
    byUser: summariseLosses(furthestRows(rows)),
    mergedBy: mergedBy(losses),
    crowding: crowdingOf(losses),
  };
};

/** The users of the reason, and the titles of all ads that the answer names. */
const named = (
  { catalog }: Workspace,
  { changes }: Gains,
  drill: FunnelData['drill'],
): Pick<FunnelData, 'drill' | 'titles'> => {
  const adIds = [
    ...changes.flatMap(({ displaced }) => displaced.ads.map(({ adId }) => adId)),
    ...(drill?.rows ?? []).map(({ adId }) => adId),
  ];
  return { drill, titles: Object.fromEntries(titlesOf(catalog, adIds)) };
};
