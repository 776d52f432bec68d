import type { Command, CommandContext } from '../console/command.ts';
import type { KeyRow } from '../answers/help.ts';
import type { Factories } from '../workspace/factories.ts';
import type { CliIo } from './io.ts';

export type OpenedWorkspace = Awaited<ReturnType<CommandContext['workspace']>>;

/** The library as the headless front end uses it; loaded only when a command really runs. */
export interface Library {
  readonly tools: Factories;
  /** `dir` 'demo' is the bundled demo. */
  readonly openWorkspace: (options: {
    readonly dir?: string | undefined;
    readonly cwd: string;
    readonly env: CliIo['env'];
    readonly onProgress?: (stage: string, done: number, total: number | null) => void;
    readonly signal?: AbortSignal;
  }) => Promise<OpenedWorkspace>;
}

export interface CliDeps {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly library: () => Promise<Library>;
  /** Every key of the screen, for the tables that list them. */
  readonly keys: () => Promise<readonly KeyRow[]>;
}
