import { stability } from '../../engine/stability.ts';
import { modelCan } from '../../console/abilities.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { progressOf } from './counterfactual.ts';
import { queryFromArgs } from '../query/args.ts';
import { lacksUser } from '../../console/needs.ts';

export const stabilityCommand: Command<'stability'> = {
  id: 'stability',
  title: 'Show how far weights can move without effect',
  doc: 'Varies the weight of one feature group at a time and gives the interval in which the ad stays in the list as recalled, or out of it; without an ad, in which the set of the first ten stays the same.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  when: (facts) => (facts.userId === null ? lacksUser() : modelCan(facts, 'weights')),
  args: [
    { name: 'user', type: 'user', position: 0, required: true, doc: 'The user.' },
    { name: 'ad', type: 'ad', position: 1, doc: 'The ad (default: the set of the first ten).' },
  ],
  examples: ['stability u-00412', 'stability u-00412 ad-05313'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const started = workspace.clock.tick();
    const { query: _, ...data } = await stability(
      workspace.engine,
      query,
      textArg(args, 'ad') ?? null,
      progressOf(context, 'stability'),
    );
    return { schema: 'stability', query, data, timingsMs: { total: workspace.clock.tick() - started } };
  },
};
