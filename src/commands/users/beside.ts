import { createEngine } from '../../engine/create-engine.ts';
import { openWorkspaceAt } from '../../workspace/open.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { textArg } from '../../console/arg-values.ts';
import type { ArgValues, CommandContext } from '../../console/command.ts';
import type { ArgSpec } from '../../answers/help.ts';

/** A second workspace is `--beside DIR` in every command that can ask one. */
export const besideArg = (doc: string): ArgSpec => ({ name: 'beside', type: 'path', doc });

export interface Beside {
  readonly workspace: Workspace;
  /** The same context over the second workspace. */
  readonly context: CommandContext;
  readonly close: () => Promise<void>;
}

/** Opens the second workspace; null where none is named. Throws as `openWorkspaceAt`. */
export const openBeside = async (context: CommandContext, args: ArgValues): Promise<Beside | null> => {
  const dir = textArg(args, 'beside');
  if (dir === undefined) return null;
  const workspace = await openWorkspaceAt(dir, { tools: context.tools, createEngine, signal: context.signal });
  return {
    workspace,
    context: { ...context, workspace: () => Promise.resolve(workspace) },
    close: () => workspace.close(),
  };
};
