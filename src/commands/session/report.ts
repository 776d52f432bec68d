import type { Report, ReportEntry } from '../../answers/report.ts';
import type { ReportForm } from '../../answers/session.ts';
import type { Result } from '../../answers/answers.ts';
import { RecallError } from '../../errors.ts';
import { answerOf } from '../../session/answer.ts';
import { judge, listsOf } from '../../session/judge.ts';
import type { Mask } from '../../session/mask.ts';
import type { Answer, SessionStep } from '../../session/format.ts';
import { openStep, underRules } from '../../session/open-step.ts';
import { readSession } from '../../session/read.ts';
import { checkKey } from '../../session/replay.ts';
import type { OpenedStep } from '../../session/run-step.ts';
import { differingUnits } from '../../session/units.ts';
import { createUnsealer } from '../../session/unseal.ts';
import { openVault, type Vault } from '../../session/vault.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { flagArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { compareQueries } from '../recall/compare.ts';
import { differencesOf } from '../recall/compare-differences.ts';
import { formOf, lineOf, maskOf, reportOf, writeReport } from './report-parts.ts';
import { runnerOf, type Table } from './tools.ts';

/** The session named, else what was recorded or asked here. Throws `usage`. */
const sessionOf = (context: CommandContext, args: ArgValues): string => {
  const { session } = context;
  const path = textArg(args, 'session') ?? session?.path() ?? session?.ended() ?? session?.autosaved?.() ?? null;
  if (path !== null) return path;
  throw new RecallError('usage', 'no session is named, and nothing was asked here', {
    expected: 'SESSION',
    todo: 'recall-tui sessions lists them; --report FILE on any command reports that answer alone',
  });
};

interface Run {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly vault: Vault;
  readonly table: Table;
  readonly mask: Mask;
}

const commandOf = (table: Table, id: string): Command =>
  table().find((one) => one.id === id) ??
  ((): never => {
    throw new RecallError('unsupported', 'this version does not have this command', { found: JSON.stringify(id) });
  })();

/** The whole answer of a step, where a replay takes what it judges alone. */
const answerStep = async ({ context, workspace }: Run, command: Command, step: OpenedStep): Promise<Result> => {
  if (step.other !== null && step.query !== null) {
    const { data, timingsMs } = await compareQueries(workspace, step.other, step.query, context);
    return {
      schema: 'compare',
      query: step.query,
      data: { ...data, ...(await differencesOf(workspace, data)) },
      timingsMs,
    };
  }
  const own: CommandContext = { ...context, workspace: () => Promise.resolve(workspace), baseQuery: step.query };
  return command.run(own, step.args);
};

const failed = (step: SessionStep, error: RecallError): ReportEntry => ({
  command: step.command,
  line: '',
  result: null,
  error: error.lines().join('; '),
  step: step.step,
  status: 'fail',
  notes: step.notes ?? [],
});

const stepEntries = async (run: Run, steps: readonly SessionStep[]): Promise<ReportEntry[]> => {
  const { workspace, vault, table, mask, context } = run;
  const runner = runnerOf(table, context);
  const unsealer = createUnsealer(
    workspace.store,
    workspace.settings.groups.map(({ name }) => name),
    vault,
  );
  const answers = new Map<number, Answer>();
  const entries: ReportEntry[] = [];
  for (const step of steps) {
    context.progress({ stage: 'report', done: entries.length, total: steps.length });
    try {
      runner.check(step.command);
      const command = commandOf(table, step.command);
      const opened = underRules(openStep(step, unsealer, runner), step, workspace.rules);
      // Before it runs: an error may quote what was asked.
      const line = lineOf(workspace, { command, args: opened.args, query: opened.query }, mask);
      const result = await answerStep(run, command, opened);
      const answer = answerOf(result, vault);
      answers.set(step.step, answer);
      const { status, failures, notes } = judge(step, answer, listsOf(answers));
      entries.push({
        command: step.command,
        line,
        result: mask.result(result),
        error: null,
        step: step.step,
        status,
        notes: [...notes, ...failures.map(({ message }) => message)],
      });
    } catch (error) {
      if (!(error instanceof RecallError) || error.code === 'cancelled' || error.code === 'internal') throw error;
      entries.push(failed(step, error));
    }
  }
  return entries;
};

/** Errors and notes are sentences of people and of other lines: they may quote anyone. */
const entryMasked = (entry: ReportEntry, mask: Mask): ReportEntry => ({
  ...entry,
  error: entry.error === null ? null : mask.text(entry.error),
  notes: entry.notes.map(mask.text),
});

const formFor = (args: ArgValues): ReportForm => {
  const out = textArg(args, 'out');
  if (flagArg(args, 'brief')) return 'paragraph';
  if (out !== undefined) return formOf(out);
  throw new RecallError('usage', 'no file for the report', {
    expected: '--out FILE that ends in .html or .md, or --brief for a paragraph here',
  });
};

const makeReport = async (table: Table, context: CommandContext, args: ArgValues): Promise<Report> => {
  const workspace = await context.workspace();
  const session = await readSession(sessionOf(context, args));
  const vault = await openVault(workspace);
  checkKey(session, vault);
  const reveal = flagArg(args, 'reveal');
  const until = numberArg(args, 'until') ?? Number.POSITIVE_INFINITY;
  const steps = session.steps.filter(({ step }) => step <= until);
  if (steps.length === 0) throw new RecallError('bad-input', 'the session has no step to report');
  const mask = await maskOf(workspace, reveal);
  const told = await stepEntries({ context, workspace, vault, table, mask }, steps);
  // Last: every step has named its users and searches by now.
  const entries = told.map((entry) => entryMasked(entry, mask));
  return reportOf(workspace, {
    title: mask.text(textArg(args, 'title') ?? session.header.note),
    masked: !reveal,
    differing: differingUnits(session.header, workspace),
    entries,
  });
};

export const reportCommand = (table: Table): Command<'report'> => ({
  id: 'report',
  title: 'Write what was found, for a ticket',
  doc: 'Runs a session again and writes its answers as one file: HTML or Markdown by the name’s ending. The file needs no script and no network. It has the verdict first, then scores, funnels, paths and lists, the artefacts they were computed from, and the command that gives each figure. Users, events and searched text stand under the names that a session gives them; --reveal shows them, and the file is then for its owner alone. --brief is one paragraph of Markdown, here or in the file. On any other command, --report FILE writes its answer so.',
  family: 'session',
  needs: 'workspace',
  args: [
    {
      name: 'session',
      type: 'path',
      position: 0,
      doc: 'The session (default: the one being recorded, else the one recorded last, else all that was asked on the screen).',
    },
    { name: 'out', type: 'path', doc: 'The file to write: .html or .md.' },
    { name: 'brief', type: 'flag', doc: 'One paragraph of Markdown.' },
    { name: 'title', type: 'string', personal: 'words', doc: 'The heading (default: the note of the session).' },
    { name: 'until', type: 'int', unit: 'step', doc: 'Report up to this step only.' },
    { name: 'reveal', type: 'flag', doc: 'Show users, events and searched text as they are.' },
  ],
  examples: ['report sessions/smart-speaker.jsonl --out ticket.html', 'report sessions/cold-ad.jsonl --brief'],
  run: async (context, args) => {
    const { draw } = context;
    if (draw === undefined) throw new RecallError('unsupported', 'reports are not drawn here');
    const form = formFor(args);
    const report = await makeReport(table, context, args);
    const file = textArg(args, 'out') ?? null;
    if (file !== null) await writeReport(context.tools.files, draw, report, file, form);
    return {
      schema: 'report',
      data: {
        file,
        form,
        answers: report.entries.length,
        differing: report.entries.filter(({ status }) => status !== 'pass' && status !== null).length,
        masked: report.masked,
        text: file === null ? await draw(report, form) : null,
      },
    };
  },
});
