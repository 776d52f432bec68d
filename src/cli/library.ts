import type { Command, CommandContext, KeyRow } from '../commands/command.ts';
import type { Tools } from '../engine/tools.ts';
import type { CliIo } from './io.ts';

export type OpenedWorkspace = Awaited<ReturnType<CommandContext['workspace']>>;

/** What the library gives the headless front end; loaded only when a command really runs. */
export interface Library {
  readonly tools: Tools;
  readonly openWorkspace: (options: { dir?: string; cwd: string; env: CliIo['env']; signal?: AbortSignal }) => Promise<OpenedWorkspace>;
}

export interface CliDeps {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly library: () => Promise<Library>;
  /** Every key of the screen, for the tables that list them. */
  readonly keys: () => Promise<readonly KeyRow[]>;
}
