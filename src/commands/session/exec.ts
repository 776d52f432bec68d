import { readText } from '../../base/text-file.ts';
import type { Result } from '../../answers/answers.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import { createLiveSession, type LiveSession } from '../../session/live.ts';
import { isRecordable } from '../../session/run-step.ts';
import { flagArg, textArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';
import { issueError } from '../../console/issue.ts';
import type { ParsedCommand } from '../../console/parse.ts';
import { nextQuery } from '../../console/next-query.ts';
import { parseTyped } from '../../console/prompt-grammar.ts';
import { scriptLines, type ScriptLine } from '../../console/script-lines.ts';
import type { Table } from './tools.ts';

const scriptOf = async (context: CommandContext, file: string): Promise<string> => {
  if (file === '-') return context.stdin();
  return readText(file).catch((cause: unknown) => {
    if (cause instanceof RecallError) throw cause;
    throw new RecallError('bad-input', `the script cannot be read: ${file}`, {
      found: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
};

const parse = ({ text, number }: ScriptLine, table: readonly Command[], current: RecallQuery | null): ParsedCommand => {
  const outcome = parseTyped(text, table, { userId: current?.userId ?? null, adId: null });
  if (outcome.ok) return outcome.parsed;
  const error = issueError(outcome.issue);
  throw new RecallError('usage', `line ${number}: ${error.message}`, {
    at: error.at,
    expected: error.expected,
    todo: error.todo,
  });
};

const atLine = (number: number, error: unknown): unknown =>
  error instanceof RecallError
    ? new RecallError(error.code, `line ${number}: ${error.message}`, {
        at: error.at,
        expected: error.expected,
        found: error.found,
        todo: error.todo,
        cause: error,
      })
    : error;

interface Run {
  readonly answers: Result[];
  exitCode: 0 | 1 | 2;
}

const runScript = async (
  lines: readonly ScriptLine[],
  table: readonly Command[],
  context: CommandContext,
  session: LiveSession,
): Promise<Run> => {
  const run: Run = { answers: [], exitCode: 0 };
  let current = context.baseQuery;
  const scripted = table.filter((one) => one.id !== 'exec');
  for (const line of lines) {
    const { command, args } = parse(line, scripted, current);
    if (command === null) continue;
    if (context.signal.aborted) throw new RecallError('cancelled', 'the script was interrupted');
    try {
      const result = await command.run({ ...context, baseQuery: current, session }, args);
      current = nextQuery(current, result);
      if (isRecordable(command)) session.record(command.id, args, result);
      if (context.emit === undefined) run.answers.push(result);
      else await context.emit(result);
      if (result.exitCode !== undefined && result.exitCode > run.exitCode) run.exitCode = result.exitCode;
    } catch (error) {
      throw atLine(line.number, error);
    }
  }
  return run;
};

export const execCommand = (table: Table): Command<'exec'> => ({
  id: 'exec',
  title: 'Run a script',
  doc: 'Runs commands from a file or stdin, one per line as at the prompt, and prints one line of JSON for each. Each line starts from the query of the line before, so its user may be omitted; # starts a comment. With --record all questions go into a session, and note and expect write into it. Stops at the first line that fails.',
  family: 'session',
  needs: 'workspace',
  args: [
    { name: 'file', type: 'path', position: 0, default: '-', doc: 'The script, or - for stdin.' },
    { name: 'record', type: 'path', doc: 'Record the session to this new file.' },
    { name: 'title', type: 'string', personal: 'words', doc: "The session's note." },
    { name: 'with-text', type: 'flag', doc: 'Leave searched text and context readable in the session.' },
  ],
  examples: ['exec script.recall', 'exec script.recall --record session.jsonl'],
  run: async (context, args) => {
    const commands = table();
    const lines = scriptLines(await scriptOf(context, textArg(args, 'file') ?? '-'));
    const session = createLiveSession({
      workspace: context.workspace,
      tools: context.tools,
      specsOf: (id) => commands.find((one) => one.id === id)?.args ?? [],
    });
    const file = textArg(args, 'record');
    if (file !== undefined)
      await session.start(file, { note: textArg(args, 'title') ?? '', text: flagArg(args, 'with-text') });
    try {
      const { answers, exitCode } = await runScript(lines, commands, context, session);
      return {
        schema: 'exec',
        data: { lines: lines.length, ...(context.emit === undefined ? { answers } : {}) },
        exitCode,
        streamed: context.emit !== undefined,
      };
    } catch (error) {
      await session.abandon();
      throw error;
    } finally {
      if (session.path() !== null) await session.stop();
    }
  },
});
