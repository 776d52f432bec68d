import type { WhatIfData } from '../../answers/change.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import { withoutWhatIf } from '../../engine/what-if.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';
import { titledMovement } from '../../domain/movement.ts';
import { queryFromArgs } from '../query/args.ts';
import { runRecall } from '../recall/recall.ts';
import { lacksUser } from '../../console/needs.ts';

/** The query against the same one without its knock-outs and hypothetical events. */
export const whatIf = async (
  workspace: Workspace,
  query: RecallQuery,
  context: Pick<CommandContext, 'signal'>,
): Promise<WhatIfData> => {
  const plain = await runRecall(workspace, withoutWhatIf(query), context);
  const changed = await runRecall(workspace, query, context);
  return {
    queries: { plain: plain.result.query, changed: changed.result.query },
    excluded: changed.result.query.excludedEvents,
    added: changed.result.query.extraEvents,
    movement: titledMovement(plain.data.candidates, changed.data.candidates),
    candidates: changed.data.candidates,
    approximations: changed.data.approximations,
  };
};

export const whatIfCommand: Command<'what-if'> = {
  id: 'what-if',
  title: 'Add or knock out behaviours and compare',
  doc: 'Knocks behaviours out (--exclude) or adds hypothetical ones (--search --view --purchase --friend), and shows what moves against the same query without these changes. Knock-outs act on the model’s inputs; item-to-item, keyword, popular and trend statistics stay as they are.',
  family: 'change',
  needs: 'workspace',
  takesQuery: true,
  when: ({ userId }) => userId !== null || lacksUser(),
  args: [{ name: 'user', type: 'user', position: 0, doc: 'The user (default: that of --query).' }],
  examples: [
    'what-if u-00412 --exclude kind:view',
    'what-if u-00412 --exclude platform:web,since:2025-06-17 --search 扫地机器人',
    'what-if u-00412 --friend u-00007',
  ],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    if (query.excludedEvents.length + query.extraEvents.length === 0) {
      throw new RecallError('usage', 'nothing is knocked out and nothing is added', {
        expected: 'at least one of --exclude, --search, --view, --purchase, --friend that names something',
        todo: 'recall-tui events USER lists what can be knocked out',
      });
    }
    const data = await whatIf(workspace, query, context);
    return { schema: 'what-if', query: data.queries.changed, data };
  },
};
