import type { Judged } from './answer.ts';
import type { ArgValues, Command, CommandContext } from '../console/command.ts';
import type { ArgSpec } from '../answers/help.ts';
import { queryArgs } from '../console/query-specs.ts';
import type { RecallQuery } from '../domain/query.ts';
import { readsModel } from '../domain/sources.ts';
import { recallPlaced } from '../engine/retrieve.ts';
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
  /** Throws `unsupported` for what a session does not run. */
  check(command: string): void;
  /** Lists come without what is not judged. */
  run(step: OpenedStep, workspace: SessionWorkspace, signal?: AbortSignal): Promise<Judged>;
}

const unrecorded: ReadonlySet<string> = new Set(['session', 'start', 'help', 'data', 'build', 'learn']);
/** They read or write files of their own. */
const withFiles: ReadonlySet<string> = new Set(['presets', 'triage', 'gate']);

/** Asks a question or changes the query: what a session is made of. Building, session commands and the presets' file are not. */
export const isRecordable = (command: Pick<Command, 'id' | 'needs' | 'family'>): boolean =>
  command.needs === 'workspace' && !withFiles.has(command.id) && !unrecorded.has(command.family);

/** What a command writes besides its answer: a replay writes nothing. */
const writes: ReadonlySet<string> = new Set(['save', 'replace']);

/** The arguments that the resolved query does not hold: those of the query itself, its user and its files go. */
export const ownArgs = (args: ArgValues, specs: readonly ArgSpec[], query: RecallQuery | undefined): ArgValues =>
  Object.fromEntries(
    Object.entries(args).filter(([name, value]) => {
      const spec = specs.find((one) => one.name === name);
      if (writes.has(name)) return false;
      if (value === undefined || (spec?.default !== undefined && spec.default === value)) return false;
      if (query === undefined) return true;
      return (
        !queryArgs.some((one) => one.name === name) &&
        spec?.type !== 'path' &&
        !(spec?.type === 'user' && value === query.userId)
      );
    }),
  );

/** Arguments that leave a list as it is. */
const sameList: ReadonlySet<string> = new Set(['user', 'check-ann', 'with-vectors']);

type ListStep = Extract<Judged, { schema: 'recall' }>;

/**
 * `recall` encodes the user of every query, for the model's opinion of each ad. A list that no model made can fail
 * by that in what the query adds to the user's recorded behaviour: only there it must be tried.
 */
const needsEncoding = (query: RecallQuery): boolean =>
  !readsModel(query) &&
  (query.excludedEvents.length > 0 || query.extraEvents.length > 0 || Object.keys(query.context).length > 0);

const listOf = async ({ engine }: SessionWorkspace, query: RecallQuery, signal: AbortSignal): Promise<ListStep> => {
  if (needsEncoding(query)) {
    const { query: ran, candidates } = await engine.recall(query, { signal });
    return { schema: 'recall', query: ran, data: { candidates } };
  }
  const { query: ran, ads } = await recallPlaced(engine.core, query, { signal });
  return { schema: 'recall', query: ran, data: { candidates: ads } };
};

/**
 * The lists of a step that asks for nothing else, null where it does. A step is judged by ids, scores and
 * channels: titles, ground truth, funnel and the model's opinion of what the rules chose cost more than the list.
 */
const bareLists = async (
  { command, args, query, other }: OpenedStep,
  workspace: SessionWorkspace,
  signal: AbortSignal,
): Promise<Judged | null> => {
  if (query === null) return null;
  if (other === null)
    return command === 'recall' && Object.keys(args).every((name) => sameList.has(name))
      ? listOf(workspace, query, signal)
      : null;
  const [a, b] = [await listOf(workspace, other, signal), await listOf(workspace, query, signal)];
  return { schema: 'compare', query, data: { a: a.data.candidates, b: b.data.candidates } };
};

/** Runs steps by the commands of a table, each on its own complete query. */
export const createStepRunner = (
  table: readonly Command[],
  context: Pick<CommandContext, 'tools' | 'env' | 'progress' | 'signal'>,
): StepRunner => {
  const commandOf = (id: string): Command =>
    table.find((one) => one.id === id) ??
    ((): never => {
      throw new RecallError('unsupported', 'this version does not have this command', { found: JSON.stringify(id) });
    })();
  const recordable = (id: string): Command => {
    const command = commandOf(id);
    if (!isRecordable(command))
      throw new RecallError('unsupported', 'a session does not run this command', { found: JSON.stringify(id) });
    return command;
  };
  return {
    check: (id) => {
      recordable(id);
    },
    specsOf: (id) => table.find((one) => one.id === id)?.args ?? [],
    run: async (step, workspace, signal = context.signal) => {
      const command = recordable(step.command);
      return (
        (await bareLists(step, workspace, signal)) ??
        command.run(
          {
            workspace: () => Promise.resolve(workspace),
            tools: context.tools,
            env: context.env,
            progress: context.progress,
            signal,
            baseQuery: step.query,
            stdin: () => Promise.reject(new RecallError('usage', 'a session cannot read standard input')),
          },
          step.args,
        )
      );
    },
  };
};
