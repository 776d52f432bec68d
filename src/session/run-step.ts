import type { ArgSpec, ArgValues, Command, CommandContext, CommandResult } from '../commands/command.ts';
import { compareQueries } from '../commands/compare.ts';
import { queryArgs } from '../commands/query-specs.ts';
import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import type { SessionWorkspace } from './workspace.ts';

/** A step with its ids and text in clear, ready to run. */
export interface OpenedStep {
  readonly command: string;
  readonly args: ArgValues;
  readonly query: RecallQuery | null;
  /** `compare`: its first query. */
  readonly other: RecallQuery | null;
}

/** The command table as sessions see it. */
export interface StepRunner {
  specsOf(command: string): readonly ArgSpec[];
  run(step: OpenedStep, workspace: SessionWorkspace, signal?: AbortSignal): Promise<CommandResult>;
}

const unrecorded: ReadonlySet<string> = new Set(['session', 'start', 'help', 'data', 'build', 'learn']);

/** Asks a question or changes the query: what a session is made of. Building, session commands and the presets' file are not. */
export const isRecordable = (command: Pick<Command, 'id' | 'needs' | 'family'>): boolean =>
  command.needs === 'workspace' && command.id !== 'presets' && !unrecorded.has(command.family);

/** The arguments that the resolved query does not hold: those of the query itself, its user and its files go. */
export const ownArgs = (args: ArgValues, specs: readonly ArgSpec[], query: RecallQuery | undefined): ArgValues => Object.fromEntries(
  Object.entries(args).filter(([name, value]) => {
    const spec = specs.find((one) => one.name === name);
    if (value === undefined || (spec?.default !== undefined && spec.default === value)) return false;
    if (query === undefined) return true;
    return !queryArgs.some((one) => one.name === name) && spec?.type !== 'path' && !(spec?.type === 'user' && value === query.userId);
  }),
);

/** Runs steps by the commands of a table, each on its own complete query. */
export const createStepRunner = (table: readonly Command[], context: Pick<CommandContext, 'tools' | 'env' | 'progress' | 'signal'>): StepRunner => {
  const commandOf = (id: string): Command => table.find((one) => one.id === id)
    ?? ((): never => { throw new RecallError('unsupported', 'this version has no such command', { found: JSON.stringify(id) }); })();
  return {
    specsOf: (id) => table.find((one) => one.id === id)?.args ?? [],
    run: async ({ command: id, args, query, other }, workspace, signal = context.signal) => {
      const command = commandOf(id);
      if (!isRecordable(command)) throw new RecallError('unsupported', 'a session does not run this command', { found: JSON.stringify(id) });
      if (other !== null && query !== null) {
        const { data, timingsMs } = await compareQueries(workspace, other, query, { signal });
        return { schema: 'compare', query: data.queries.b, data: { ...data }, timingsMs };
      }
      return command.run({
        workspace: () => Promise.resolve(workspace), tools: context.tools, env: context.env, progress: context.progress, signal, baseQuery: query,
        stdin: () => Promise.reject(new RecallError('usage', 'a session has no standard input')),
      }, args);
    },
  };
};
