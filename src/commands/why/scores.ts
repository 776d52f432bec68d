import { scoreDistribution } from '../../engine/list-shape.ts';
import { numberArg, textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { saidOfModel } from '../../console/abilities.ts';
import { queryFromArgs } from '../query/args.ts';
import { RecallError } from '../../errors.ts';
import { lacksModel, lacksUser } from '../../console/needs.ts';

const mostBins = 200;

export const scoresCommand: Command<'scores'> = {
  id: 'scores',
  title: 'Show the scores of all eligible ads',
  doc: 'Shows a histogram of the model scores of all eligible ads for one user, with the exact cutoff where the list ends.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  keys: ['D'],
  when: ({ userId, hasModel }) => (!hasModel ? lacksModel() : userId !== null || lacksUser()),
  args: [
    { name: 'user', type: 'user', position: 0, doc: 'The user.' },
    { name: 'bins', type: 'int', default: 24, doc: 'Bars of the histogram.' },
  ],
  examples: ['scores u-00412'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const bins = numberArg(args, 'bins') ?? 24;
    if (bins < 1 || bins > mostBins)
      throw new RecallError('usage', `--bins cannot be ${bins}`, { expected: `a whole number from 1 to ${mostBins}` });
    const started = workspace.clock.tick();
    const data = await scoreDistribution(workspace.engine, query, bins);
    return {
      schema: 'scores',
      query,
      data: { k: query.k, ...data, approximations: await saidOfModel(workspace, [query]) },
      timingsMs: { total: workspace.clock.tick() - started },
    };
  },
};
