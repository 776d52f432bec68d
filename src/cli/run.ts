import { lazy } from '../base/lazy.ts';
import type { Result } from '../answers/answers.ts';
import { issueError, type ParseIssue } from '../console/issue.ts';
import type { Command, CommandContext } from '../console/command.ts';
import { flagArg, textArg } from '../console/arg-values.ts';
import { globalArgs } from '../console/globals.ts';
import { parseArgv, type ParsedCommand } from '../console/parse.ts';
import { envWith, readConfig, type ReadConfig } from '../commands/help/config-file.ts';
import { exportFormats, type ExportFormat } from '../commands/export/rows.ts';
import { exportText } from '../commands/export/text.ts';
import { safeJson } from '../base/unsafe-text.ts';
import { RecallError } from '../errors.ts';
import { commandHelp, programHelp } from '../views/text/help.ts';
import { linesOf } from '../views/answers/answer-views.ts';
import { sanitiseLines } from '../views/text/sanitise.ts';
import { envelope } from './envelope.ts';
import type { CliIo } from './io.ts';
import type { CliDeps, Library, OpenedWorkspace } from './library.ts';
import { failure, output, type Output } from './output.ts';
import { progressReporter, type ProgressReporter } from './progress.ts';
import { drawReport, reporterOf } from './report.ts';

/** Exit codes: 0 ok, 1 regression, failed check or empty search, 2 unusable input, 70 a bug, 130 interrupted. */
export const run = async (argv: readonly string[], io: CliIo, deps: CliDeps): Promise<number> => {
  const config = readConfig(io.env);
  // A config that cannot be read stops the command that needs it, no other.
  const out = output({ ...io, env: await config.then((read) => envWith(read.config, io.env)).catch(() => io.env) });
  const debug = argv.includes('--debug');
  try {
    const outcome = parseArgv(argv, { commands: deps.commands, globals: globalArgs });
    if (!outcome.ok) return await failure(out, usageError(outcome.issue), debug);
    return await dispatch(outcome.parsed, { io, deps, out, config });
  } catch (error) {
    return failure(out, error, debug);
  }
};

const usageError = (issue: ParseIssue): RecallError => {
  const error = issueError(issue, 'recall-tui ');
  return error.todo === undefined
    ? new RecallError('usage', error.message, {
        ...(error.at === undefined ? {} : { at: error.at }),
        ...(error.expected === undefined ? {} : { expected: error.expected }),
        todo: 'recall-tui --help',
      })
    : error;
};

/** The context of one run of the program. */
interface Run {
  readonly io: CliIo;
  readonly deps: CliDeps;
  readonly out: Output;
  readonly config: ReturnType<typeof readConfig>;
}

const dispatch = async (parsed: ParsedCommand, here: Run): Promise<number> => {
  const { deps, out } = here;
  const { command, globals } = parsed;
  if (flagArg(globals, 'version')) return out.data([`recall-tui ${deps.version}`]).then(() => 0);
  if (flagArg(globals, 'help'))
    return out
      .lines(command === null ? programHelp(deps.commands, out.width) : commandHelp(command, out.width))
      .then(() => 0);
  if (command === null) throw noCommand(deps.commands);
  return execute(command, parsed, here);
};

/** The message when there is no command and no terminal for the screen (docs/design.md, "The headless contract"). */
export const noCommand = (commands: readonly Command[]): RecallError =>
  new RecallError('usage', 'no command, and no terminal for the screen', {
    expected: `one of ${commands.map((c) => c.id).join(', ')}`,
    todo: 'recall-tui demo prints a report; recall-tui recall USER --json answers; recall-tui --help tells the rest',
  });

const execute = async (
  command: Command,
  { args, globals }: ParsedCommand,
  { io, deps, out, config: read }: Run,
): Promise<number> => {
  const abort = new AbortController();
  const progress = progressReporter(io);
  // `demo` means the bundled world wherever it is called; -w still names another.
  const dir = textArg(globals, 'workspace') ?? (command.id === 'demo' ? 'demo' : undefined);
  const library = lazy(deps.library);
  const opened = opener(io, library, {
    dir,
    signal: abort.signal,
    onProgress: (stage, done, total) => progress.report({ stage, done, total }),
  });
  const reporter = reporterOf(command, args, globals);
  const stopListening = io.onInterrupt(() => (abort.signal.aborted ? io.exitNow(130) : abort.abort()));
  try {
    const { tools } = await library();
    const { config, notice }: Pick<ReadConfig, 'config' | 'notice'> =
      command.needs === 'workspace' ? await read : { config: {} };
    const context: CommandContext = {
      config,
      workspace: opened.open,
      tools,
      signal: abort.signal,
      progress: progress.report,
      baseQuery: null,
      // Stdin can be read once; a command may ask for it twice.
      stdin: lazy(io.stdin),
      env: io.env,
      keys: deps.keys,
      // A script answers line by line, each a JSON object of its own, whatever reads it.
      draw: drawReport,
      line: async (json) => {
        await progress.clear();
        await out.raw(`${safeJson(json)}\n`);
      },
      emit: async (answer) => {
        await progress.clear();
        reporter.keep(answer);
        await printJson(answer, opened.current(), out);
      },
      ...(io.ask === undefined ? {} : { ask: asking(io.ask, progress) }),
    };
    const result = await command.run(context, args);
    await progress.clear();
    if (notice !== undefined) await out.message(`note: ${notice}`);
    await reporter.write(result, opened.current(), tools.files);
    const code = await print(result, opened.current(), formatOf(globals), out);
    // A command that keeps the best so far (train) answers and ends normally; it was interrupted all the same.
    return abort.signal.aborted ? 130 : code;
  } catch (error) {
    await progress.clear();
    throw abort.signal.aborted && !(error instanceof RecallError)
      ? new RecallError('cancelled', 'interrupted', { cause: error })
      : error;
  } finally {
    stopListening();
    await opened.current()?.close();
  }
};

interface Opener {
  readonly open: () => Promise<OpenedWorkspace>;
  readonly current: () => OpenedWorkspace | null;
}

type OpenOptions = Omit<Parameters<Library['openWorkspace']>[0], 'cwd' | 'env'>;

const opener = (io: CliIo, library: CliDeps['library'], options: OpenOptions): Opener => {
  let pending: Promise<OpenedWorkspace> | null = null;
  let current: OpenedWorkspace | null = null;
  const open = async (): Promise<OpenedWorkspace> => {
    const { openWorkspace } = await library();
    current = await openWorkspace({ ...options, cwd: io.cwd, env: io.env });
    return current;
  };
  return { open: () => (pending ??= open()), current: () => current };
};

/** A question replaces the line of progress. What it shows may quote data. */
const asking =
  (ask: NonNullable<CliIo['ask']>, progress: ProgressReporter) =>
  async (text: string): Promise<string | null> => {
    await progress.clear();
    return ask(sanitiseLines(text));
  };

/** `--json` is `--format json`; they may not contradict each other. */
const formatOf = (globals: ParsedCommand['globals']): ExportFormat | 'text' => {
  const named = exportFormats.find((f) => f === textArg(globals, 'format'));
  if (flagArg(globals, 'json') && textArg(globals, 'format') !== undefined && named !== 'json')
    throw new RecallError('usage', '--json and --format say different things', { expected: 'one of them' });
  return flagArg(globals, 'json') ? 'json' : (named ?? 'text');
};

const printJson = (result: Result, workspace: OpenedWorkspace | null, out: Output): Promise<void> =>
  out.raw(`${safeJson(envelope(result, workspace))}\n`);

const print = async (
  result: Result,
  workspace: OpenedWorkspace | null,
  format: ExportFormat | 'text',
  out: Output,
): Promise<number> => {
  for (const notice of [...(workspace?.notices ?? []), ...(result.notices ?? [])]) await out.message(`note: ${notice}`);
  await out.annotations(result.annotations ?? []);
  if (result.streamed === true) return result.exitCode ?? 0;
  if (format === 'json') await printJson(result, workspace, out);
  else if (format !== 'text') await out.raw(exportText(format, result, {}));
  else await out.lines(linesOf(result, out.width, { ascii: out.ascii }));
  return result.exitCode ?? 0;
};
