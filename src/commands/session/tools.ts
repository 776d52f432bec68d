import { RecallError } from '../../errors.ts';
import { createStepRunner, type StepRunner } from '../../session/run-step.ts';
import type { ReplayOptions } from '../../session/judge.ts';
import { openVault } from '../../session/vault.ts';
import { listArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import type { ArgSpec } from '../../answers/help.ts';
import { besideArg, openBeside } from '../users/beside.ts';

/** The table, asked for at the run: session commands stand in it themselves. */
export type Table = () => readonly Command[];

export const sessionArg: ArgSpec = {
  name: 'session',
  type: 'path',
  position: 0,
  required: true,
  doc: "The session's file.",
};
/** The same, where the screen knows which one is meant. */
export const lastSessionArg: ArgSpec = {
  ...sessionArg,
  required: false,
  doc: "The session's file (default: the one recorded last on the screen or in this script).",
};

/** The session named, else the one whose recording was ended here last. Throws `usage`. */
export const sessionPath = (context: CommandContext, args: ArgValues): string => {
  const path = textArg(args, 'session') ?? context.session?.ended() ?? null;
  if (path === null)
    throw new RecallError('usage', 'no session is named, and none was recorded here', {
      expected: 'SESSION',
      todo: 'recall-tui sessions lists them; R on the screen records one',
    });
  return path;
};

export const recordedArg: ArgSpec = besideArg(
  'A workspace with the artefacts of the recording: the cause is then found by swapping one unit at a time.',
);

/** A file a command needs. Throws `usage`. */
export const requiredPath = (args: ArgValues, name: string): string => {
  const path = textArg(args, name) ?? listArg(args, name)[0];
  if (path === undefined) throw new RecallError('usage', `no ${name}`, { expected: name.toUpperCase() });
  return path;
};

export const runnerOf = (table: Table, context: CommandContext): StepRunner => createStepRunner(table(), context);

export interface Prepared {
  readonly options: ReplayOptions;
  readonly close: () => Promise<void>;
}

/** Everything a replay needs; the recording's workspace is opened where one is named. */
export const prepareReplay = async (table: Table, context: CommandContext, args: ArgValues): Promise<Prepared> => {
  const workspace = await context.workspace();
  const vault = await openVault(workspace);
  const beside = await openBeside(context, args);
  return {
    options: {
      workspace,
      vault,
      runner: runnerOf(table, context),
      recorded: beside?.workspace,
      signal: context.signal,
    },
    close: async () => {
      await beside?.close();
    },
  };
};
