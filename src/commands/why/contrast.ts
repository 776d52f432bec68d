import { contrast } from '../../engine/explain/contrast.ts';
import { modelCan } from '../../console/abilities.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { eventArgs, eventOptions, requiredText } from './explain.ts';
import { queryFromArgs } from '../query/args.ts';
import { titlesOf } from '../../engine/titles.ts';
import { lacksUser } from '../../console/needs.ts';

export const contrastCommand: Command<'contrast'> = {
  id: 'contrast',
  title: 'Explain why one ad scores above another',
  doc: 'Explains why one ad scores above another: differences by feature group and by event, which sum to the difference of the two model scores.',
  family: 'why',
  needs: 'workspace',
  takesQuery: true,
  when: (facts) => (facts.userId === null ? lacksUser() : modelCan(facts, 'groups')),
  args: [
    { name: 'user', type: 'user', position: 0, required: true, doc: 'The user.' },
    { name: 'ad', type: 'ad', position: 1, required: true, doc: 'Ad A.' },
    { name: 'other', type: 'ad', position: 2, required: true, doc: 'Ad B.' },
    ...eventArgs,
  ],
  examples: ['contrast u-00412 ad-05313 ad-14789'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const started = workspace.clock.tick();
    const { query: _, ...data } = await contrast(
      workspace.engine,
      query,
      requiredText(args, 'ad'),
      requiredText(args, 'other'),
      eventOptions(context, args),
    );
    const titles = titlesOf(workspace.catalog, [
      data.a.adId,
      data.b.adId,
      ...data.events.flatMap((event) => event.adId ?? []),
    ]);
    return {
      schema: 'contrast',
      query,
      data: { ...data, titles: Object.fromEntries(titles) },
      timingsMs: { total: workspace.clock.tick() - started },
    };
  },
};
