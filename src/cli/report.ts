import type { Result } from '../answers/answers.ts';
import type { DrawReport } from '../answers/report.ts';
import { entryOf, formOf, lineOf, maskOf, reportOf, writeReport } from '../commands/session/report-parts.ts';
import { flagArg, textArg } from '../console/arg-values.ts';
import type { ArgValues, Command } from '../console/command.ts';
import { RecallError } from '../errors.ts';
import type { Factories } from '../workspace/factories.ts';
import type { OpenedWorkspace } from './library.ts';

/** Loaded for a report alone. */
export const drawReport: DrawReport = async (report, form) =>
  (await import('../views/report/draw-report.ts')).drawReport(report, form);

/** What `--report FILE` writes. */
export interface Reporter {
  /** An answer that was handed out as it came. */
  keep(answer: Result): void;
  write(result: Result, workspace: OpenedWorkspace | null, files: Factories['files']): Promise<void>;
}

const nothing: Reporter = { keep: () => undefined, write: () => Promise.resolve() };

/** The reporter of a run; it does nothing without `--report`. Throws `usage` before anything runs. */
export const reporterOf = (command: Command, args: ArgValues, globals: ArgValues): Reporter => {
  const file = textArg(globals, 'report');
  const reveal = flagArg(globals, 'reveal') || flagArg(args, 'reveal');
  if (file === undefined && flagArg(globals, 'reveal'))
    throw new RecallError('usage', '--reveal says how --report shows users', { expected: '--report FILE' });
  if (file === undefined) return nothing;
  const form = formOf(file);
  const answers: Result[] = [];
  return {
    keep: (answer) => answers.push(answer),
    write: async (result, workspace, files) => {
      const mask = await maskOf(workspace, reveal);
      const line = lineOf(workspace, { command, args, query: null }, mask);
      const all = result.streamed === true && answers.length > 0 ? answers : [result];
      const entries = all.map((answer) => entryOf(line, command.id, mask.result(answer)));
      const report = reportOf(workspace, { title: '', masked: !reveal, differing: [], entries });
      await writeReport(files, drawReport, report, file, form);
    },
  };
};
