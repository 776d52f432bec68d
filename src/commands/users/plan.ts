import type { RecallQuery } from '../../domain/query.ts';
import type { UsersPlan } from '../../engine/blast.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { listArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, CommandContext } from '../../console/command.ts';
import { defaultQuery } from '../../console/query-defaults.ts';
import { queryFromArgs } from '../query/args.ts';

/** Events are of one user: the same flag would knock out nothing of the others. Throws `usage`. */
export const refuseExclude = (args: ArgValues): void => {
  if (listArg(args, 'exclude').length > 0)
    throw new RecallError('usage', '--exclude means other events for every user', {
      todo: 'use blast --exclude FILTER',
    });
};

/** The query of the arguments for many users: each at their own as-of, unless one was chosen. Throws `usage`, `unsupported`. */
export const usersPlan = async (context: CommandContext, args: ArgValues): Promise<UsersPlan> => {
  const workspace = await context.workspace();
  refuseExclude(args);
  const somebody = context.baseQuery !== null || textArg(args, 'query') !== undefined;
  return planOf(workspace, await queryFromArgs(context, args, somebody ? undefined : firstUser(workspace)));
};

export const planOf = (workspace: Workspace, query: RecallQuery): UsersPlan => {
  const own = defaultQuery(workspace, query.userId).asOf;
  return { query, asOf: query.asOf === own ? null : query.asOf, defaultAsOf: workspace.manifest.asOf };
};

export const firstUser = ({ store }: Workspace): string => {
  const [first] = store.listUsers({ limit: 1 });
  if (first === undefined) throw new RecallError('unsupported', 'the workspace has no users');
  return first.userId;
};
