import type { PlainError } from '../../errors.ts';
import { text, type Line } from '../text/line.ts';
import { hanging, sentence } from '../text/sentences.ts';

/** What went wrong, what was expected, what to do; never a stack. */
export const errorLines = (error: PlainError, width: number): Line[] => [
  ...error.message.split('\n').flatMap((line, i) => sentence(i === 0 ? `✗ ${line}` : line, width, 'bad')),
  ...(error.expected === undefined ? [] : hanging('expected', error.expected, width, { label: 'dim' })),
  ...(error.found === undefined ? [] : hanging('found   ', error.found, width, { label: 'dim' })),
  ...(error.todo === undefined ? [] : hanging('to do   ', error.todo, width, { label: 'accent' })),
  ...(error.code === 'internal' ? [text('This is a bug of recall-tui.', 'dim')] : []),
];
