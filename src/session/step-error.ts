import type { RecallError } from '../errors.ts';
import type { Answer, SessionStep } from './format.ts';
import type { OpenedStep } from './run-step.ts';

type ErrorAnswer = Extract<Answer, { kind: 'error' }>;

/** Every text within a value. */
const texts = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
};

/** The clear texts of the opened step that the session hides, longest first, so that none stays in part. */
const hiddenTexts = (step: SessionStep, opened: OpenedStep | null): string[] => {
  if (opened === null) return [];
  const open = new Set(texts(step));
  return [...new Set(texts([opened.args, opened.query, opened.other]))]
    .filter((text) => text !== '' && !open.has(text))
    .sort((a, b) => b.length - a.length);
};

/**
 * An error as the answer of a step, in its own words. A report is pasted into chats: what the session hides stays
 * hidden in them, and the to-do, which may name others, is omitted. `opened`: null where the step could not even be
 * read.
 */
export const errorAnswer = (error: RecallError, step: SessionStep, opened: OpenedStep | null): ErrorAnswer => {
  const hidden = hiddenTexts(step, opened);
  const said = (text: string): string => hidden.reduce((now, one) => now.replaceAll(one, '…'), text);
  return {
    kind: 'error',
    code: error.code,
    message: said(error.message),
    ...(error.expected === undefined ? {} : { expected: said(error.expected) }),
    ...(error.found === undefined ? {} : { found: said(error.found) }),
    ...(opened === null ? { unread: true as const } : {}),
  };
};

/** The error's own words where they are known, else its code. */
export const errorWords = ({ code, message, expected, found }: ErrorAnswer): string =>
  `the command failed: ${message ?? code}${found === undefined ? '' : `; found ${found}`}${expected === undefined ? '' : `; expected ${expected}`}`;
