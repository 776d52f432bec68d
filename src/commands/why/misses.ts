import { privateFile, writeTextFile } from '../../base/atomic-file.ts';
import type { MissesData, MissSide } from '../../answers/misses.ts';
import { movesBetween } from '../../domain/miss-moves.ts';
import { missParts } from '../../domain/miss-parts.ts';
import { missCutoffs, missSummary, type InSteps, type MissRow } from '../../domain/misses.ts';
import { audienceBatch } from '../../engine/audience.ts';
import { sampleUsers } from '../../engine/blast.ts';
import { yieldToEventLoop } from '../../engine/interrupt.ts';
import type { LossQuestion } from '../../engine/losses.ts';
import { cancelledError, RecallError } from '../../errors.ts';
import { refuseUnable, saidOfModel } from '../../console/abilities.ts';
import { flagArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { refuseLeaks } from '../recall/compare-sides.ts';
import { besideArg, openBeside, type Beside } from '../users/beside.ts';
import type { UserTask } from '../users/jobs.ts';
import { sampleSize } from '../users/sample-size.ts';
import { runUsers } from '../users/workers.ts';
import { factsFor } from './miss-facts.ts';
import { missesMarkdown } from './miss-report.ts';
import { leaksOfSides, missesSides, questionsOf, type MissesSide } from './miss-sides.ts';

interface SideRows {
  readonly side: MissesSide;
  readonly rows: readonly MissRow[];
  readonly summary: MissSide;
  readonly workers: number;
}

/** Keys and Esc come in between two steps. */
const inSteps = async <T>({ progress, signal }: CommandContext, steps: InSteps<T>): Promise<T> => {
  for (let done = 0, step = steps.next(); ; done += 1, step = steps.next()) {
    if (step.done === true) return step.value;
    progress({ stage: 'intervals', done, total: null });
    await yieldToEventLoop();
    if (signal.aborted) throw cancelledError();
  }
};

const askSide = async (
  context: CommandContext,
  side: MissesSide,
  questions: readonly LossQuestion[],
  options: { stage: string; seed: number; workers: number | undefined },
): Promise<SideRows> => {
  const { workspace, plan, name } = side;
  const tasks = Array.from({ length: Math.ceil(questions.length / audienceBatch) }, (_, i): UserTask => ({
    kind: 'misses',
    questions: questions.slice(i * audienceBatch, (i + 1) * audienceBatch),
  }));
  const { stage, seed, workers } = options;
  const ran = await runUsers(context, workspace, { tasks, users: questions.length, workers, stage });
  const rows = ran.rows.flatMap((batch) => (batch.kind === 'misses' ? batch.rows : []));
  refuseAllFailed(rows);
  const { query } = plan;
  const cutoffs = missCutoffs(query.k, workspace.catalog.adCount);
  const summary = await inSteps(context, missSummary(rows, cutoffs, { k: query.k, seed }));
  const failed = rows.filter((row) => row.failed !== null).length;
  const asOf = plan.asOf ?? plan.defaultAsOf;
  return { side, rows, workers: ran.workers, summary: { name, dir: workspace.dir, query, asOf, failed, ...summary } };
};

const refuseAllFailed = (rows: readonly MissRow[]): void => {
  const first = rows[0]?.failed ?? null;
  if (first !== null && rows.every(({ failed }) => failed !== null))
    throw new RecallError('unsupported', first, { found: `so for all ${rows.length} users` });
};

const missesData = async (context: CommandContext, args: ArgValues, beside: Beside | null): Promise<MissesData> => {
  const sides = await missesSides(context, args, beside);
  for (const { workspace, plan } of sides) refuseUnable(workspace, [plan.query]);
  const [{ workspace }] = sides;
  const seed = numberArg(args, 'seed') ?? 1;
  const ids = workspace.store.userIds();
  const users = sampleUsers(ids, sampleSize(args, ids.length, '2000'), seed);
  if (!flagArg(args, 'allow-leak')) refuseLeaks(await leaksOfSides(sides, users), users.length);
  const { questions, without, missing } = questionsOf(sides, users);
  if ((questions[0]?.length ?? 0) === 0)
    throw new RecallError('unsupported', 'no user engaged with an ad after as-of: there is nothing to miss', {
      found: `${users.length} users`,
      todo: 'choose an earlier --at, or more --users',
    });
  const answers: SideRows[] = [];
  for (const [s, side] of sides.entries()) {
    const stage = sides.length === 1 ? 'users' : `users, side ${s === 0 ? 'a' : 'b'}`;
    answers.push(
      await askSide(context, side, questions[s] ?? [], { stage, seed, workers: numberArg(args, 'workers') }),
    );
  }
  const [first] = answers;
  const last = answers.at(-1);
  if (first === undefined || last === undefined) throw new RecallError('internal', 'no side was asked');
  const two = first !== last;
  return {
    ...last.summary,
    parts: await inSteps(context, missParts(last.rows, factsFor(last.side.workspace, last.side.plan), seed)),
    a: two ? first.summary : null,
    moves: two ? movesBetween(first.rows, last.rows) : null,
    horizonMs: workspace.settings.horizonMs,
    sample: { of: ids.length, sampled: users.length, without, missing, seed },
    workers: last.workers,
    approximations: await saidOfModel(last.side.workspace, [last.side.plan.query]),
    ...(flagArg(args, 'rows') ? { rows: last.rows } : {}),
  };
};

export const missesCommand: Command<'misses'> = {
  id: 'misses',
  title: 'Count why engaged ads are missed',
  doc: 'Asks why-not, without repairs, for every ad that users engaged with after as-of: how many are in the list, and how many are lost where and for what reason; by segment of the users, by category, age and popularity of the ads. It also measures what is to be gained at all: the recall of longer lists, of an exact search (ef → all), of doubled quotas, of all channels together (no merge can exceed it) and of the model’s exact list. With two sides (--a and --b, --since, --beside) it counts which pairs moved from which reason to which. Intervals are 95 %, by bootstrap over users.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  keys: ['Y'],
  args: [
    { name: 'users', type: 'string', default: '2000', doc: 'How many users are sampled, or all.' },
    { name: 'seed', type: 'int', default: 1, doc: 'Seed of the sample of users and of the intervals.' },
    { name: 'a', type: 'path', doc: 'Side a: a RecallQuery as JSON.' },
    { name: 'b', type: 'path', doc: 'Side b.' },
    { name: 'since', type: 'time', doc: 'Side a is the same query as of this earlier time, side b as asked.' },
    besideArg('Side b is the same query in this second workspace; the engaged ads are those of the first.'),
    {
      name: 'allow-leak',
      type: 'flag',
      doc: 'Measure even if the model or the item neighbours have seen data at or after as-of.',
    },
    { name: 'markdown', type: 'path', doc: 'Also write the report to this file as Markdown.' },
    { name: 'rows', type: 'flag', doc: 'Add every pair, by user.' },
    { name: 'workers', type: 'int', doc: 'Worker threads; 0 runs in this one.' },
  ],
  examples: ['misses', 'misses --mode merged --users all', 'misses --since 2025-06-10', 'misses --beside ../yesterday'],
  run: async (context, args) => {
    const { tick } = (await context.workspace()).clock;
    const started = tick();
    const beside = await openBeside(context, args);
    try {
      const data = await missesData(context, args, beside);
      const markdown = textArg(args, 'markdown');
      if (markdown !== undefined) await writeTextFile(markdown, missesMarkdown(data), privateFile);
      return { schema: 'misses', query: data.query, data, timingsMs: { total: tick() - started } };
    } finally {
      await beside?.close();
    }
  },
};
