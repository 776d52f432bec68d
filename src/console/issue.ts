import stringWidth from 'string-width';
import { controls } from '../base/unsafe-text.ts';
import { RecallError } from '../errors.ts';

/** A fault of a command line with its place: `at` and `length` are code units into `source`. */
export interface ParseIssue {
  readonly message: string;
  readonly source: string;
  readonly at: number;
  readonly length: number;
  readonly expected?: string;
  readonly hint?: string;
}

const cells = (text: string): number => stringWidth(text.replace(controls, (run) => '?'.repeat(run.length)));

/** The caret that goes under `prefix + source`, wide characters counted as two cells. */
export const caretOf = (issue: ParseIssue, prefix = ''): string => {
  const before = cells(prefix + issue.source.slice(0, issue.at)) + Math.max(0, issue.at - issue.source.length);
  const width = Math.max(1, cells(issue.source.slice(issue.at, issue.at + issue.length)));
  return `${' '.repeat(before)}^${'~'.repeat(width - 1)}`;
};

/** The issue as an error for a person: the line, with a caret under the word that is wrong. */
export const issueError = (issue: ParseIssue, prefix = ''): RecallError =>
  new RecallError('usage', issue.message, {
    at: [`${prefix}${issue.source}`, caretOf(issue, prefix)],
    ...(issue.expected === undefined ? {} : { expected: issue.expected }),
    ...(issue.hint === undefined ? {} : { todo: issue.hint }),
  });
