import type { WeightRow } from '../../answers/change.ts';
import { maxWeight, minWeight } from '../../domain/query.ts';
import { modelCan } from '../../console/abilities.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { queryFromArgs } from '../query/args.ts';
import { lacksUser } from '../../console/needs.ts';

export const weightsCommand: Command<'weights'> = {
  id: 'weights',
  title: 'Show the weights of the feature groups',
  doc: 'Shows the weight of each feature group after presets and flags, and which data the group reads. Weights act on the model channel only.',
  family: 'change',
  needs: 'workspace',
  takesQuery: true,
  keys: ['w'],
  when: (facts) => (facts.userId === null ? lacksUser() : modelCan(facts, 'weights', 'groups')),
  args: [
    {
      name: 'user',
      type: 'user',
      position: 0,
      doc: 'The user (default: that of --query, else the first of the sample).',
    },
  ],
  examples: ['weights', 'weights u-00412 --preset 618 --weight search=1.6'],
  run: async (context, args) => {
    const { settings, store } = await context.workspace();
    const first =
      textArg(args, 'query') === undefined && context.baseQuery === null
        ? store.listUsers({ limit: 1 })[0]?.userId
        : undefined;
    const query = await queryFromArgs(context, args, textArg(args, 'user') ?? first);
    const weights = settings.groups.map(({ name, source, kinds, ownKinds, maxItems, windowMs }): WeightRow => ({
      group: name,
      weight: query.weights[name] ?? 1,
      trained: 1,
      min: minWeight,
      max: maxWeight,
      source,
      kinds: [...new Set([...ownKinds, ...kinds])],
      maxItems,
      windowMs,
    }));
    return { schema: 'weights', query, data: { weights } };
  },
};
