import type { CounterfactualData } from '../../answers/why.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { byEvents } from '../../engine/counterfactual/events.ts';
import { byWeights } from '../../engine/counterfactual/weights.ts';
import type { CounterfactualOptions } from '../../engine/counterfactual/weights.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { modelCan } from '../../console/abilities.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';
import { recallCommandLine } from '../../console/command-line.ts';
import { requiredText } from './explain.ts';
import { queryFromArgs } from '../query/args.ts';
import { titlesOf } from '../../engine/titles.ts';
import { lacksUser } from '../../console/needs.ts';

export const progressOf = (
  context: Pick<CommandContext, 'signal' | 'progress'>,
  stage: string,
): CounterfactualOptions => ({
  signal: context.signal,
  onProgress: (done, total) => context.progress({ stage, done, total }),
});

/** Finds the change and gives it the command line that applies it; what the TUI and `counterfactual` both show. */
export const runCounterfactual = async (
  workspace: Workspace,
  query: RecallQuery,
  adId: string,
  by: 'weights' | 'events',
  options: CounterfactualOptions,
): Promise<CounterfactualData> => {
  const { query: _, ...data } = await (by === 'events' ? byEvents : byWeights)(workspace.engine, query, adId, options);
  const titles = titlesOf(workspace.catalog, [adId, ...data.displaced]);
  return {
    ...data,
    command: data.applied === null ? null : recallCommandLine(workspace, data.applied),
    title: titles.get(adId) ?? '',
    titles: Object.fromEntries(titles),
  };
};

export const counterfactualCommand: Command<'counterfactual'> = {
  id: 'counterfactual',
  title: 'Find the smallest change that moves an ad in or out',
  doc: 'Finds the smallest change that brings an ad into the list of the model or of the merge (mode merged), or takes it out. The list is the one that recall gives: the index at the query’s ef. Weights and behaviours never change a legacy or i2i list. --by weights gives, for each group, the intervals of [0, 4] in which the ad is in the list, as run, and the smallest change over all groups; --by events gives the smallest set of behaviours whose removal does it. Only a change that was run and works is offered; for an ad that the index missed that is the ef that finds it.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  keys: ['c'],
  when: (facts) => (facts.userId === null ? lacksUser() : modelCan(facts, 'weights', 'events')),
  args: [
    { name: 'user', type: 'user', position: 0, required: true, doc: 'The user.' },
    { name: 'ad', type: 'ad', position: 1, required: true, doc: 'The ad.' },
    { name: 'by', type: 'choice', choices: ['weights', 'events'], default: 'weights', doc: 'What may change.' },
  ],
  examples: ['counterfactual u-00412 ad-05313', 'counterfactual u-00412 ad-05313 --by events'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const started = workspace.clock.tick();
    const data = await runCounterfactual(
      workspace,
      query,
      requiredText(args, 'ad'),
      textArg(args, 'by') === 'events' ? 'events' : 'weights',
      progressOf(context, 'counterfactual'),
    );
    return { schema: 'counterfactual', query, data, timingsMs: { total: workspace.clock.tick() - started } };
  },
};
