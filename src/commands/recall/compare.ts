import type { CompareData } from '../../answers/recall.ts';
import { compareLists, withTitles } from '../../domain/compare-lists.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { flagArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { compareAll } from './compare-all.ts';
import { withoutPart } from './compare-ablation.ts';
import { differencesOf } from './compare-differences.ts';
import { asSide, sidesOf } from './compare-sides.ts';
import { queryFromArgs, queryFromFile } from '../query/args.ts';
import { compareAllServed } from './served.ts';
import { runRecall } from './recall.ts';
import { lacksUser } from '../../console/needs.ts';

/** Runs two queries and compares their lists: legacy and model, before and after, user and user. */
export const compareQueries = async (
  workspace: Workspace,
  a: RecallQuery,
  b: RecallQuery,
  context: Pick<CommandContext, 'signal'>,
): Promise<{ data: CompareData; timingsMs: Record<string, number> }> => {
  const first = await runRecall(workspace, a, context);
  const second = await runRecall(workspace, b, context);
  const data: CompareData = {
    queries: { a: first.result.query, b: second.result.query },
    a: first.data.candidates,
    b: second.data.candidates,
    ...withTitles(
      compareLists(first.data.candidates, second.data.candidates),
      first.data.candidates,
      second.data.candidates,
    ),
    truth: { a: first.data.truth, b: second.data.truth },
    approximations: [...new Set([...first.data.approximations, ...second.data.approximations])],
  };
  return { data, timingsMs: { a: total(first.result.timingsMs), b: total(second.result.timingsMs) } };
};

const total = (timings: Readonly<Record<string, number>>): number =>
  timings['total'] ?? Object.values(timings).reduce((x, y) => x + y, 0);

const queriesFrom = async (context: CommandContext, args: ArgValues): Promise<readonly [RecallQuery, RecallQuery]> => {
  const files = [textArg(args, 'a'), textArg(args, 'b')] as const;
  if (files[0] !== undefined && files[1] !== undefined)
    return [await queryFromFile(context, files[0]), await queryFromFile(context, files[1])];
  if (files[0] !== undefined || files[1] !== undefined)
    throw new RecallError('usage', '--a and --b come together', {
      expected: 'two query files',
      todo: 'recall USER --json | jq .query > a.json writes one',
    });
  const query = await queryFromArgs(context, args, textArg(args, 'user'));
  const other = textArg(args, 'with');
  if (other !== undefined) return [query, await queryFromArgs(context, args, other)];
  const without = textArg(args, 'without');
  if (without !== undefined) return [query, withoutPart(query, without)];
  const named = textArg(args, 'modes');
  const [a, b] =
    named === undefined ? (['legacy', query.mode === 'legacy' ? 'model' : query.mode] as const) : sidesOf(named);
  return [asSide(query, a), asSide(query, b)];
};

export const compareCommand: Command<'compare' | 'compare-all' | 'served-all'> = {
  id: 'compare',
  title: 'Compare two lists',
  doc: 'Compares the lists of two queries: the legacy rules with the model for one user (default), two modes, two users, or any two query files. With --all, compares them for all users: metrics of relevance, coverage, novelty and popularity of both sides with confidence intervals and tests, overall and by segment, the users whose lists differ most, and the ads that fill most places.',
  family: 'recall',
  needs: 'workspace',
  takesQuery: true,
  keys: ['x'],
  when: ({ userId }) => userId !== null || lacksUser(),
  args: [
    { name: 'user', type: 'user', position: 0, doc: 'The user (default: that of --query).' },
    { name: 'a', type: 'path', doc: 'First query, a RecallQuery as JSON, or - for stdin.' },
    { name: 'b', type: 'path', doc: 'Second query.' },
    {
      name: 'modes',
      type: 'string',
      doc: 'Two modes of the same query: legacy,model. The mode popular is the legacy recall with its rule popular alone.',
    },
    { name: 'with', type: 'user', doc: 'The same query for this other user.' },
    { name: 'without', type: 'string', doc: 'The query against itself without this rule, channel or feature group.' },
    { name: 'all', type: 'flag', doc: 'Compare for all users instead of one.' },
    {
      name: 'served',
      type: 'flag',
      doc: 'Compare every request of the serving log with the list recomputed as of its time: differences by cause, most different users first.',
    },
    {
      name: 'log',
      type: 'path',
      doc: 'With --served: the serving log (default: the log that the field served of recall.json names).',
    },
    { name: 'users', type: 'string', default: 'all', doc: 'With --all: how many users are sampled, or all.' },
    { name: 'seed', type: 'int', default: 1, doc: 'With --all: seed of the sample of users and of the tests.' },
    {
      name: 'allow-leak',
      type: 'flag',
      doc: 'With --all: compare even if the model or the item neighbours have seen data at or after as-of.',
    },
    {
      name: 'noise',
      type: 'int',
      doc: 'With --all: rebuild the index this many times with other seeds and insert orders, and flag only differences beyond the spread between these builds.',
    },
    {
      name: 'reseeded',
      type: 'path',
      repeat: true,
      doc: 'With --all: a copy of this workspace, trained with another --seed and indexed. The report then shows how far another seed alone moves each metric and the similarity of the lists.',
    },
    {
      name: 'resume',
      type: 'path',
      doc: 'With --all: write each user’s rows to this file, and continue from the rows that are already in it.',
    },
    { name: 'markdown', type: 'path', doc: 'With --all or --served: also write the report to this file as Markdown.' },
    { name: 'workers', type: 'int', doc: 'With --all: worker threads; 0 runs in this one.' },
  ],
  examples: [
    'compare u-00412',
    'compare u-00412 --modes i2i,model',
    'compare u-00412 --mode legacy --without popular',
    'compare --a before.json --b after.json',
    'compare --all --users 2000 --resume rows.jsonl',
    'compare --all --modes popular,merged --markdown report.md',
  ],
  run: async (context, args) => {
    if (flagArg(args, 'served')) return compareAllServed(context, args);
    if (flagArg(args, 'all')) return compareAll(context, args);
    const workspace = await context.workspace();
    const [a, b] = await queriesFrom(context, args);
    const { data, timingsMs } = await compareQueries(workspace, a, b, context);
    return {
      schema: 'compare',
      query: data.queries.b,
      data: { ...data, ...(await differencesOf(workspace, data)) },
      timingsMs,
    };
  },
};
