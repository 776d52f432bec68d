import type { RecallData } from '../../answers/recall.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { RecallResult } from '../../domain/result.ts';
import { engagementsOf } from '../../engine/hydrate.ts';
import { labelOf } from '../../engine/live-scan.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { flagArg, textArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';
import { queryFromArgs } from '../query/args.ts';
import { lacksUser } from '../../console/needs.ts';

/** A result as `recall` answers it. */
export const recallData = (workspace: Workspace, result: RecallResult): RecallData => {
  const candidates = workspace.engine.hydrate(result);
  const { cutoff, funnel, ann, leak, leaks, silent, notices, approximations } = result;
  const truth = {
    engaged: engagementsOf(workspace, result.query).size,
    recalled: candidates.filter((c) => c.engaged).length,
  };
  return { candidates, cutoff, funnel, ann, leak, leaks, silent, notices, approximations, truth };
};

/** Runs a query and hydrates its rows; what the TUI and `recall` both show. */
export const runRecall = async (
  workspace: Workspace,
  query: RecallQuery,
  context: Pick<CommandContext, 'signal'>,
  checkAnn = false,
): Promise<{ result: RecallResult; data: RecallData }> => {
  const result = await workspace.engine.recall(query, { checkAnn, signal: context.signal });
  return { result, data: recallData(workspace, result) };
};

/** Enough to check a claim with other tools: the user vector, and which ad each label of the index is. */
const vectorsOf = ({ index, catalog }: Workspace, result: RecallResult): Record<string, unknown> => ({
  userVector: result.userVector,
  ...(index === null
    ? {}
    : {
        workspace: {
          index: {
            path: index.path,
            space: index.space,
            dim: index.dim,
            labels: Array.from({ length: catalog.adCount }, (_, ordinal) => ordinal).flatMap((ordinal) => {
              const label = labelOf(index, ordinal);
              return label === null ? [] : [[label, catalog.idOf(ordinal)]];
            }),
          },
        },
      }),
});

export const recallCommand: Command<'recall'> = {
  id: 'recall',
  title: 'Recall ads for a user',
  doc: 'Recalls ads for a user: each with rank, score, the channel that placed it, every channel that found it with its evidence, and whether the user really engaged with it after as-of.',
  family: 'recall',
  needs: 'workspace',
  takesQuery: true,
  when: ({ userId }) => userId !== null || lacksUser(),
  args: [
    { name: 'user', type: 'user', position: 0, doc: 'The user (default: that of --query).' },
    {
      name: 'check-ann',
      type: 'flag',
      doc: 'Compare the list with the exact scan: recall at k, and the ads that the index missed.',
    },
    {
      name: 'with-vectors',
      type: 'flag',
      doc: 'Add the user vector, and the index with its labels: [label, ad id] of each ad that it holds.',
    },
  ],
  examples: [
    'recall u-00412',
    'recall u-00412 --weight search=1.6 --check-ann',
    'recall u-00412 --json | jq .query | recall-tui recall --query - --json',
  ],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const { result, data } = await runRecall(workspace, query, context, flagArg(args, 'check-ann'));
    return {
      schema: 'recall',
      query: result.query,
      data: { ...data, ...(flagArg(args, 'with-vectors') ? vectorsOf(workspace, result) : {}) },
      timingsMs: result.timingsMs,
    };
  },
};
