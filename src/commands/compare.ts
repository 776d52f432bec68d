import { compareLists, type ListComparison, type Movement } from '../domain/compare-lists.ts';
import type { RecallQuery } from '../domain/query.ts';
import { modes, type Mode } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { textArg } from './arg-values.ts';
import type { ArgValues, Command, CommandContext } from './command.ts';
import { queryFromArgs, queryFromFile } from './query-args.ts';
import { runRecall, type RecallData, type RecallRow } from './recall.ts';

/** An ad with its rank in either list; null = not there. */
export interface TitledMovement extends Movement { readonly title: string }

export interface CompareData {
  readonly queries: { readonly a: RecallQuery; readonly b: RecallQuery };
  readonly a: readonly RecallRow[];
  readonly b: readonly RecallRow[];
  readonly overlap: ListComparison['overlap'];
  /** In b only, by rank in b. */
  readonly entered: readonly TitledMovement[];
  /** In a only, by rank in a. */
  readonly left: readonly TitledMovement[];
  /** In both at different ranks, by rank in b. */
  readonly moved: readonly TitledMovement[];
  readonly truth: { readonly a: RecallData['truth']; readonly b: RecallData['truth'] };
}

/** What moved from list `a` to list `b`, by name. */
const movements = (a: readonly RecallRow[], b: readonly RecallRow[]): Pick<CompareData, 'entered' | 'left' | 'moved' | 'overlap'> => {
  const titles = new Map([...a, ...b].map((row) => [row.adId, row.title]));
  const titled = (list: readonly Movement[]): TitledMovement[] => list.map(({ adId, from, to }) => ({ adId, title: titles.get(adId) ?? '', from, to }));
  const { overlap, entered, left, moved } = compareLists(a, b);
  return { overlap, entered: titled(entered), left: titled(left), moved: titled(moved) };
};

/** Runs two queries and compares their lists: legacy and model, before and after, user and user. */
export const compareQueries = async (workspace: Workspace, a: RecallQuery, b: RecallQuery, context: Pick<CommandContext, 'signal'>): Promise<{ data: CompareData; timingsMs: Record<string, number> }> => {
  const first = await runRecall(workspace, a, context);
  const second = await runRecall(workspace, b, context);
  const data: CompareData = {
    queries: { a: first.result.query, b: second.result.query },
    a: first.data.candidates,
    b: second.data.candidates,
    ...movements(first.data.candidates, second.data.candidates),
    truth: { a: first.data.truth, b: second.data.truth },
  };
  return { data, timingsMs: { a: total(first.result.timingsMs), b: total(second.result.timingsMs) } };
};

const total = (timings: Readonly<Record<string, number>>): number => timings['total'] ?? Object.values(timings).reduce((x, y) => x + y, 0);

const modesOf = (text: string): readonly [Mode, Mode] => {
  const named = text.split(',').map((name) => modes.find((m) => m === name));
  const [a, b] = named;
  if (named.length === 2 && a !== undefined && b !== undefined) return [a, b];
  throw new RecallError('usage', `--modes cannot be "${text}"`, { expected: 'two modes, like legacy,model', todo: `the modes are ${modes.join(', ')}` });
};

const queriesFrom = async (context: CommandContext, args: ArgValues): Promise<readonly [RecallQuery, RecallQuery]> => {
  const files = [textArg(args, 'a'), textArg(args, 'b')] as const;
  if (files[0] !== undefined && files[1] !== undefined) return [await queryFromFile(context, files[0]), await queryFromFile(context, files[1])];
  if (files[0] !== undefined || files[1] !== undefined) throw new RecallError('usage', '--a and --b come together', { expected: 'two query files', todo: 'recall USER --json | jq .query > a.json writes one' });
  const query = await queryFromArgs(context, args, textArg(args, 'user'));
  const other = textArg(args, 'with');
  if (other !== undefined) return [query, await queryFromArgs(context, args, other)];
  const named = textArg(args, 'modes');
  const [a, b] = named === undefined ? (['legacy', query.mode === 'legacy' ? 'model' : query.mode] as const) : modesOf(named);
  return [{ ...query, mode: a }, { ...query, mode: b }];
};

export const compareCommand: Command = {
  id: 'compare',
  title: 'Compare two lists',
  doc: 'Compares the lists of two queries: the legacy rules with the model for one user (default), two modes, two users, or any two query files.',
  family: 'recall',
  needs: 'workspace',
  takesQuery: true,
  keys: ['x'],
  when: ({ userId }) => userId !== null || 'choose a user first',
  args: [
    { name: 'user', type: 'user', position: 0, doc: 'The user (default: that of --query).' },
    { name: 'a', type: 'path', doc: 'First query, a RecallQuery as JSON, or - for stdin.' },
    { name: 'b', type: 'path', doc: 'Second query.' },
    { name: 'modes', type: 'string', doc: 'Two modes of the same query: legacy,model.' },
    { name: 'with', type: 'user', doc: 'The same query for this other user.' },
  ],
  examples: ['compare u-00412', 'compare u-00412 --modes i2i,model', 'compare --a before.json --b after.json'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const [a, b] = await queriesFrom(context, args);
    const { data, timingsMs } = await compareQueries(workspace, a, b, context);
    return { schema: 'compare', query: data.queries.b, data: { ...data }, timingsMs };
  },
};
