import { createHash } from 'node:crypto';
import { checkDistinct } from '../../base/atomic-file.ts';
import type { TriageData } from '../../answers/triage.ts';
import {
  problemRow,
  triageRow,
  triageTally,
  type CountedRow,
  type TriagePair,
  type TriageRow,
  type TriageTally,
  type TriageTotals,
} from '../../domain/triage.ts';
import { queryFor, type UsersPlan } from '../../engine/blast.ts';
import type { TriageAnswers, TriageQuestion } from '../../engine/triage.ts';
import { RecallError } from '../../errors.ts';
import { openVault } from '../../session/vault.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { refuseUnable } from '../../console/abilities.ts';
import { flagArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { requiredPath } from '../session/tools.ts';
import { usersPlan } from '../users/plan.ts';
import { userPool, type UserPool } from '../users/workers.ts';
import { readPairs, type ReadPair } from './triage-input.ts';
import { junitFile, openTriageFile, triageFormat, type JunitFile, type TriageFile } from './triage-output.ts';
import { repairLine } from './why-not.ts';

/** Pairs of a batch: those of one user and time that follow each other share their work. */
const [batchSize, repairBatch] = [64, 8];
/** So many pairs are read before it is known whether threads pay. */
const peeked = 201;

interface Batch {
  readonly pairs: readonly ReadPair[];
  readonly questions: readonly TriageQuestion[];
  /** Of each pair its question and its place there; null: it has none. */
  readonly places: ReadonlyArray<readonly [question: number, ad: number] | null>;
}

const batchOf = (workspace: Workspace, plan: UsersPlan, pairs: readonly ReadPair[]): Batch => {
  const questions: Array<{ key: string; query: TriageQuestion['query']; adIds: string[] }> = [];
  const places = pairs.map(({ userId, adId, at, problem }): Batch['places'][number] => {
    if (problem !== null || workspace.store.user(userId) === null) return null;
    const key = JSON.stringify([userId, at]);
    if (questions.at(-1)?.key !== key) {
      const own = at === null ? plan : { ...plan, asOf: at };
      questions.push({ key, query: queryFor(workspace.engine, own, userId), adIds: [] });
    }
    const question = questions.at(-1);
    return [questions.length - 1, (question?.adIds.push(adId) ?? 0) - 1];
  });
  return { pairs, places, questions: questions.map(({ query, adIds }) => ({ query, adIds })) };
};

const pairOf = ({ line, userId, adId, at, expect }: ReadPair): TriagePair => ({ line, userId, adId, at, expect });

const rowsOf = (workspace: Workspace, { pairs, places }: Batch, answers: readonly TriageAnswers[]): TriageRow[] =>
  pairs.map((read, i) => {
    const [pair, place] = [pairOf(read), places[i] ?? null];
    if (read.problem !== null) return problemRow(pair, 'unreadable', read.problem);
    if (place === null) return problemRow(pair, 'unknown-user', null);
    const answered = answers[place[0]];
    const answer = answered?.answers[place[1]];
    if (answer === undefined) return problemRow(pair, 'failed', answered?.failed ?? null);
    const { loss, repair } = answer;
    return triageRow(
      pair,
      loss,
      repair === null ? null : { change: repair.change, rank: repair.rank, command: repairLine(workspace, repair) },
    );
  });

/** The first pairs, and then all of them. */
const peek = async (
  pairs: AsyncGenerator<ReadPair>,
  count: number,
): Promise<{ head: number; all: AsyncGenerator<ReadPair> }> => {
  const first: ReadPair[] = [];
  while (first.length < count) {
    const { value, done } = await pairs.next();
    if (done === true) break;
    first.push(value);
  }
  const all = async function* (): AsyncGenerator<ReadPair> {
    yield* first;
    yield* pairs;
  };
  return { head: first.length, all: all() };
};

interface Run {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly plan: UsersPlan;
  readonly repair: boolean;
  readonly pool: UserPool;
  readonly file: TriageFile | null;
  readonly junit: JunitFile | null;
  readonly tally: TriageTally;
}

const samePair = (a: CountedRow, b: TriagePair): boolean =>
  a.line === b.line && a.userId === b.userId && a.adId === b.adId && a.at === b.at && a.expect === b.expect;

const count = async ({ tally, junit }: Run, row: CountedRow): Promise<void> => {
  tally.add(row);
  await junit?.add(row);
};

/** Passes over the pairs whose rows are in the file. How many; throws `bad-input` where they are of other pairs. */
const skipKept = async (run: Run, pairs: AsyncGenerator<ReadPair>, path: string): Promise<number> => {
  let kept = 0;
  for (let row = await run.file?.next(); row != null; row = await run.file?.next()) {
    const { value, done } = await pairs.next();
    if (done === true || !samePair(row, value))
      throw new RecallError('bad-input', `${path} holds rows of other pairs`, {
        expected: done === true ? 'no more rows than pairs' : `the pair of line ${value.line}`,
        found: `the pair of line ${row.line}`,
        todo: 'give another file, or remove this one',
      });
    await count(run, row);
    kept += 1;
  }
  return kept;
};

/** Runs the batches, as many at once as there are threads and one more, and hands their rows out in order. */
const runAll = async (run: Run, pairs: AsyncGenerator<ReadPair>): Promise<void> => {
  const { context, workspace, plan, pool, repair } = run;
  const size = repair ? repairBatch : batchSize;
  const flying: Array<Promise<TriageRow[]>> = [];
  let done = 0;
  const land = async (): Promise<void> => {
    const rows = (await flying.shift()) ?? [];
    run.file?.append(rows);
    for (const row of rows) {
      await count(run, row);
      if (run.file === null) await context.line?.(row);
    }
    context.progress({ stage: 'triage', done: (done += rows.length), total: null });
  };
  const start = async (part: readonly ReadPair[]): Promise<void> => {
    const batch = batchOf(workspace, plan, part);
    const rows = pool
      .run({ kind: 'triage', questions: batch.questions, repair })
      .then((answered) => rowsOf(workspace, batch, answered.kind === 'triage' ? answered.rows : []));
    // Whoever waits for it hears of its error, though others fail before.
    rows.catch(() => undefined);
    flying.push(rows);
    if (flying.length > pool.workers) await land();
  };
  let part: ReadPair[] = [];
  for await (const pair of pairs) {
    part.push(pair);
    if (part.length < size) continue;
    await start(part);
    part = [];
  }
  if (part.length > 0) await start(part);
  while (flying.length > 0) await land();
};

const exitOf = ({ failed, unreadable }: TriageTotals): 0 | 1 | 2 => (failed > 0 ? 1 : unreadable > 0 ? 2 : 0);

const summaryText = ({ rows, recalled, expected, failed, unreadable }: TriageTotals): string =>
  [
    `${rows} ${rows === 1 ? 'pair' : 'pairs'}, ${recalled} in the list`,
    ...(expected === 0 ? [] : [`${failed} of ${expected} expectations fail`]),
    ...(unreadable === 0 ? [] : [`${unreadable} unreadable`]),
  ].join(', ');

const openFiles = async (
  context: CommandContext,
  args: ArgValues,
  workspace: Workspace,
  plan: UsersPlan,
): Promise<Pick<Run, 'file' | 'junit'>> => {
  const [out, junit] = [textArg(args, 'out'), textArg(args, 'junit')];
  if (out === undefined && context.line === undefined)
    throw new RecallError('usage', 'no file for the rows', { expected: '--out FILE' });
  const header = {
    format: triageFormat,
    plan: createHash('sha256').update(JSON.stringify(plan)).digest('hex'),
    fingerprints: { ...workspace.fingerprints },
    repairs: !flagArg(args, 'no-repair'),
  } as const;
  const file = out === undefined ? null : await openTriageFile(out, header, context.signal);
  if (junit === undefined) return { file, junit: null };
  const { user } = await openVault(workspace);
  return { file, junit: junitFile(junit, user) };
};

const run = async (context: CommandContext, args: ArgValues): Promise<TriageData> => {
  const workspace = await context.workspace();
  checkDistinct([
    ['the input', requiredPath(args, 'file')],
    ['--out', textArg(args, 'out')],
    ['--junit', textArg(args, 'junit')],
    ['--report', textArg(args, 'report')],
  ]);
  const plan = await usersPlan(context, args);
  refuseUnable(workspace, [plan.query]);
  const { head, all } = await peek(readPairs(context, requiredPath(args, 'file')), peeked);
  const repair = !flagArg(args, 'no-repair');
  const files = await openFiles(context, args, workspace, plan);
  const pool = userPool(context, workspace, repair ? head * repairBatch : head, numberArg(args, 'workers'));
  const tally = triageTally();
  const whole: Run = { context, workspace, plan, repair, pool, ...files, tally };
  try {
    const kept = await skipKept(whole, all, textArg(args, 'out') ?? '');
    files.file?.begin();
    await runAll(whole, all);
    const totals = tally.totals();
    files.file?.close(totals);
    await files.junit?.finish(totals);
    if (files.file === null) await context.line?.({ summary: totals });
    return { ...totals, out: textArg(args, 'out') ?? null, kept, repairs: repair, workers: pool.workers };
  } catch (error) {
    await files.junit?.discard();
    throw error;
  } finally {
    await pool.close();
  }
};

export const triageCommand: Command<'triage'> = {
  id: 'triage',
  title: 'Judge many pairs of user and ad',
  doc: 'Reads pairs of a user and an ad from a ticket system and says of each whether the ad is in the list, and if not, why: a verdict and a group for its cause, as why-not gives them, and the cheapest change that brings it in (--no-repair leaves it out). The file is CSV, TSV or JSON lines with the columns user and ad and, where wanted, time (ISO-8601 or ms) and expect (present or absent). The rows come as JSON lines in the order of the pairs, as they are found, on standard output or in --out; the last line is the summary. A user or an ad that does not exist is a row, not an error. A run with --out that was stopped goes on where it ended. Exit 1 when an expectation fails, else 2 when a line cannot be read.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  args: [
    {
      name: 'file',
      type: 'path',
      position: 0,
      required: true,
      doc: 'The pairs: .csv, .tsv or JSON lines, or - for stdin.',
    },
    { name: 'out', type: 'path', doc: 'Write the rows to this file; rows that are in it already are kept.' },
    { name: 'no-repair', type: 'flag', doc: 'Give the verdicts only: some hundred times faster.' },
    { name: 'junit', type: 'path', doc: 'Also write the expectations as JUnit XML to this file.' },
    { name: 'workers', type: 'int', doc: 'Worker threads; 0 runs in this one.' },
  ],
  examples: ['triage tickets.csv --out rows.jsonl', 'triage - --no-repair --junit report.xml'],
  run: async (context, args) => {
    const data = await run(context, args);
    return {
      schema: 'triage',
      data,
      exitCode: exitOf(data),
      ...(data.out === null ? { streamed: true } : {}),
      notices: [summaryText(data)],
    };
  },
};
