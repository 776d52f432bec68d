import { efCurve } from '../../engine/list-shape.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { saidOfModel } from '../../console/abilities.ts';
import { queryFromArgs } from '../query/args.ts';
import { lacksIndex, lacksModel, lacksUser } from '../../console/needs.ts';

export const efCurveCommand: Command<'ef-curve'> = {
  id: 'ef-curve',
  title: 'Measure recall against ef',
  doc: 'Measures recall@k of the native index against the exact scan for one user, and the time of a search, at growing ef.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  keys: ['F'],
  when: ({ userId, hasModel, hasIndex }) =>
    !hasModel ? lacksModel() : !hasIndex ? lacksIndex() : userId !== null || lacksUser(),
  args: [{ name: 'user', type: 'user', position: 0, doc: 'The user.' }],
  examples: ['ef-curve u-00412', 'ef-curve u-00412 -k 10'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const started = workspace.clock.tick();
    const data = await efCurve(workspace.engine, query, context.signal);
    const approximations = await saidOfModel(workspace, [query]);
    return {
      schema: 'ef-curve',
      query,
      data: { ...data, approximations },
      timingsMs: { total: workspace.clock.tick() - started },
    };
  },
};
