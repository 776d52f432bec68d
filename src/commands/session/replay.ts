import type { ReplayReport, ReplayRow, ReplayData } from '../../answers/session.ts';
import { RecallError } from '../../errors.ts';
import { replaySession } from '../../session/replay.ts';
import { readSession } from '../../session/read.ts';
import { annotations, junitXml, type SessionReport } from '../../session/report-files.ts';
import { listArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';
import { prepareReplay, recordedArg, type Table } from './tools.ts';
import type { ReplayOptions } from '../../session/judge.ts';

const empty: ReplayReport = {
  note: '',
  differing: [],
  outcomes: [],
  passed: 0,
  changed: 0,
  failed: 0,
  pinned: 0,
  first: null,
};

const rowOf = ({ file, report, error, seconds }: SessionReport): ReplayRow => {
  const { outcomes, ...rest } = report ?? empty;
  return {
    file,
    error,
    ...rest,
    seconds,
    steps: outcomes.map(({ recorded, present, ...outcome }) =>
      outcome.status === 'pass' ? outcome : { ...outcome, recorded, present },
    ),
  };
};

/** Messages of errors name ids and files: a report that is pasted into a chat gets them only of the file itself. */
const replayFile = async (
  file: string,
  options: ReplayOptions,
  context: CommandContext,
): Promise<{ report: SessionReport; notices: readonly string[] }> => {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  try {
    const session = await readSession(file);
    const report = await replaySession(session, {
      ...options,
      onStep: (_, done, total) => {
        context.progress({ stage: file, done, total });
      },
    });
    if (report.outcomes.length === 0)
      throw new RecallError('bad-input', 'no step was run: nothing is checked', {
        expected: 'a session with steps',
        found:
          session.steps.length === 0
            ? 'a header alone'
            : `its first step is ${session.steps[0]?.step ?? 1}, after --until`,
      });
    return {
      report: { file, report, error: null, seconds: seconds(), lines: session.lines },
      notices: session.notices,
    };
  } catch (error) {
    if (!(error instanceof RecallError) || error.code === 'cancelled' || error.code === 'internal') throw error;
    return {
      report: { file, report: null, error: error.lines().join('; '), seconds: seconds(), lines: new Map() },
      notices: [],
    };
  }
};

export const replayCommand = (table: Table): Command<'replay'> => ({
  id: 'replay',
  title: 'Replay sessions and check them',
  doc: 'Runs recorded sessions on this workspace and checks their expectations: first which artefacts differ from the recording, then each step, then the cause of the first divergence. A step without an expectation is compared with the recorded answer. Exit 0 when everything passes, 1 on a regression, 2 when a session is unusable or has no steps.',
  family: 'session',
  needs: 'workspace',
  args: [
    { name: 'session', type: 'path', position: 0, repeat: true, required: true, doc: 'Session files.' },
    { name: 'junit', type: 'path', doc: 'Also write the outcome as JUnit XML to this file.' },
    { name: 'until', type: 'int', unit: 'step', doc: 'Run up to this step only.' },
    recordedArg,
  ],
  examples: ['replay sessions/smart-speaker.jsonl', 'replay sessions/cold-ad.jsonl --junit report.xml'],
  run: async (context, args) => {
    const { options, close } = await prepareReplay(table, context, args);
    try {
      const until = numberArg(args, 'until');
      const done = [];
      for (const file of listArg(args, 'session')) done.push(await replayFile(file, { ...options, until }, context));
      const reports = done.map(({ report }) => report);
      const junit = textArg(args, 'junit');
      if (junit !== undefined) await context.tools.files.atomicWrite(junit, junitXml(reports));
      const github = (context.env['GITHUB_ACTIONS'] ?? '') === 'true' ? annotations(reports) : [];
      const data = summary(reports);
      return {
        schema: 'replay',
        data,
        exitCode: data.unusable > 0 ? 2 : data.failed > 0 ? 1 : 0,
        notices: done.flatMap(({ notices }) => notices),
        annotations: github,
      };
    } finally {
      await close();
    }
  },
});

const summary = (reports: readonly SessionReport[]): ReplayData => {
  const sum = (count: (report: ReplayReport) => number): number =>
    reports.reduce((total, { report }) => total + (report === null ? 0 : count(report)), 0);
  const seconds = reports.reduce((total, report) => total + report.seconds, 0);
  return {
    sessions: reports.map(rowOf),
    passed: sum((r) => r.passed),
    changed: sum((r) => r.changed),
    failed: sum((r) => r.failed),
    pinned: sum((r) => r.pinned),
    unusable: reports.filter(({ report }) => report === null).length,
    stepsPerSecond: seconds === 0 ? 0 : Math.round(sum((r) => r.outcomes.length) / seconds),
  };
};
