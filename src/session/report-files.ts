import { controls } from '../base/unsafe-text.ts';
import type { ReplayReport, StepOutcome } from '../answers/session.ts';

/** One session's replay, as it is reported. `error`: it could not be read or run at all. */
export interface SessionReport {
  readonly file: string;
  readonly report: ReplayReport | null;
  readonly error: string | null;
  readonly seconds: number;
  /** Line of the file each step stands on, by the step's number: amendments stand between them. */
  readonly lines: ReadonlyMap<number, number>;
}

/** XML 1.0 knows no control characters, escaped or not. */
export const xmlText = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"'\n\r\t]/g, (c) => `&#${c.charCodeAt(0)};`);

const why = (report: ReplayReport, outcome: StepOutcome): string =>
  report.first?.step === outcome.step ? `\ncause: ${report.first.cause.text}` : '';

const messages = (outcome: StepOutcome): string =>
  outcome.failures.map(({ kind, message }) => `${kind}: ${message}`).join('; ');

const testCase = (file: string, report: ReplayReport, outcome: StepOutcome): string => {
  const open = `    <testcase classname="${xmlText(file)}" name="step ${outcome.step}: ${xmlText(outcome.command)}"`;
  if (outcome.status !== 'fail') return `${open}/>`;
  return `${open}><failure message="${xmlText(messages(outcome))}">${xmlText(messages(outcome) + why(report, outcome))}</failure></testcase>`;
};

const suite = ({ file, report, error, seconds }: SessionReport): string => {
  const name = xmlText(file);
  if (report === null)
    return `  <testsuite name="${name}" tests="1" failures="0" errors="1" time="${seconds.toFixed(3)}">\n    <testcase classname="${name}" name="read"><error message="${xmlText(error ?? '')}"/></testcase>\n  </testsuite>`;
  const cases = report.outcomes.map((outcome) => testCase(file, report, outcome)).join('\n');
  return `  <testsuite name="${name}" tests="${report.outcomes.length}" failures="${report.failed}" errors="0" time="${seconds.toFixed(3)}">\n${cases}\n  </testsuite>`;
};

/** JUnit XML: a suite per session, a case per step. Ids and text are those of the session: hidden. */
export const junitXml = (sessions: readonly SessionReport[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${sessions.map(suite).join('\n')}\n</testsuites>\n`;

const escapeData = (text: string): string =>
  text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(controls, '\ufffd');
const escapeProperty = (text: string): string => escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/** GitHub's workflow commands: one error per failing session, at the line of its first diverging step. */
export const annotations = (sessions: readonly SessionReport[]): string[] =>
  sessions.flatMap(({ file, report, error, lines }) => {
    if (report === null) return [`::error file=${escapeProperty(file)},line=1::${escapeData(error ?? 'unusable')}`];
    const { first } = report;
    if (first === null || first.status !== 'fail') return [];
    const line = lines.get(first.step) ?? 1;
    const text = `step ${first.step} (${first.command}): ${first.failures.map(({ message }) => message).join('; ')}. Cause: ${first.cause.text}`;
    return [
      `::error file=${escapeProperty(file)},line=${line},title=${escapeProperty('recall session diverges')}::${escapeData(text)}`,
    ];
  });
