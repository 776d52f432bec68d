import type { ResultOf } from '../../answers/answers.ts';
import type { ExplainData } from '../../answers/why.ts';
import { exactMembers, exactMembersOnRequest } from '../../domain/owen.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { defaultEventBudget } from '../../engine/explain/events.ts';
import type { EventOptions } from '../../engine/explain/events.ts';
import { explain } from '../../engine/explain/explain.ts';
import type { ExplainOptions } from '../../engine/explain/explain.ts';
import { explainAll } from '../../engine/explain/groups.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { modelCan } from '../../console/abilities.ts';
import { flagArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import type { ArgSpec } from '../../answers/help.ts';
import { windowOf } from '../look/inputs.ts';
import { queryFromArgs } from '../query/args.ts';
import { titlesOf } from '../../engine/titles.ts';
import { lacksUser } from '../../console/needs.ts';

/** How events are valued: the same for `explain` and `contrast`. */
export const eventArgs: readonly ArgSpec[] = [
  {
    name: 'exact',
    type: 'flag',
    doc: `Value groups of up to ${exactMembersOnRequest} inputs exactly, not only up to ${exactMembers}.`,
  },
  {
    name: 'budget',
    type: 'int',
    default: defaultEventBudget,
    unit: 'encodings',
    doc: 'Maximum number of encodings for a sampled group.',
  },
];

export const eventOptions = (context: Pick<CommandContext, 'signal'>, args: ArgValues): EventOptions => {
  const budget = numberArg(args, 'budget') ?? defaultEventBudget;
  if (budget < 1) throw new RecallError('usage', `--budget cannot be ${budget}`, { expected: 'a whole number from 1' });
  return { exactUpTo: flagArg(args, 'exact') ? exactMembersOnRequest : exactMembers, budget, signal: context.signal };
};

/** A required text argument of a command that also runs from the REPL and the TUI. */
export const requiredText = (args: ArgValues, name: string): string => {
  const value = textArg(args, name);
  if (value === undefined) throw new RecallError('usage', `no ${name}`, { expected: name.toUpperCase() });
  return value;
};

/** Runs an explanation and names its ads; what the TUI and `explain` both show. */
export const runExplain = async (
  workspace: Workspace,
  query: RecallQuery,
  adId: string,
  options: ExplainOptions,
): Promise<ExplainData> => {
  const { query: _, ...explanation } = await explain(workspace.engine, query, adId, options);
  const titles = titlesOf(workspace.catalog, [
    adId,
    ...explanation.events.flatMap((event) => event.adId ?? []),
    ...explanation.nearest.map((near) => near.adId),
  ]);
  const specs = new Map(workspace.settings.groups.map((spec) => [spec.name, spec]));
  return {
    ...explanation,
    groups: explanation.groups.map((part) => ({ ...part, ...windowOf(specs.get(part.group)) })),
    title: titles.get(adId) ?? '',
    titles: Object.fromEntries(titles),
  };
};

/** Every ad of the list by groups, from one batch. */
const explainList = async (
  workspace: Workspace,
  query: RecallQuery,
  context: CommandContext,
): Promise<ResultOf<'explain-list'>> => {
  const result = await workspace.engine.recall(query, { signal: context.signal });
  const scored = result.candidates.filter((candidate) => candidate.modelScore !== null);
  const started = workspace.clock.tick();
  const { groups, rows, approximations } = await explainAll(
    workspace.engine.core,
    result.query,
    scored.map((candidate) => candidate.ordinal),
  );
  const titles = titlesOf(
    workspace.catalog,
    rows.map((row) => row.adId),
  );
  return {
    schema: 'explain-list',
    query: result.query,
    data: {
      approximations,
      groups,
      rows: rows.map((row, i) => ({ rank: scored[i]?.rank ?? null, title: titles.get(row.adId) ?? '', ...row })),
    },
    timingsMs: { ...result.timingsMs, explain: workspace.clock.tick() - started },
  };
};

export const explainCommand: Command<'explain' | 'explain-list'> = {
  id: 'explain',
  title: 'Explain why an ad is in the list',
  doc: 'Explains why an ad is in the list: its model score as baseline + exact Shapley values of the feature groups + residual, the value of each group divided among its events (Owen values, exact up to 8 events, sampled with a standard error above), the nearest behaviours, and every channel that produced the ad, with its evidence. Without an ad, it shows the groups of the whole list.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  keys: ['e'],
  when: (facts) => (facts.userId === null ? lacksUser() : modelCan(facts, 'groups')),
  args: [
    { name: 'user', type: 'user', position: 0, doc: 'The user (default: that of --query).' },
    { name: 'ad', type: 'ad', position: 1, doc: 'The ad (default: every ad of the list, by groups).' },
    ...eventArgs,
  ],
  examples: ['explain u-00412 ad-05313', 'explain u-00412 ad-05313 --weight search=1.6', 'explain u-00412'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const adId = textArg(args, 'ad');
    if (adId === undefined) return explainList(workspace, query, context);
    const started = workspace.clock.tick();
    const data = await runExplain(workspace, query, adId, eventOptions(context, args));
    return { schema: 'explain', query, data, timingsMs: { total: workspace.clock.tick() - started } };
  },
};
