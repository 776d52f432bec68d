import { t } from '../../base/texts.ts';
import type { PlainError } from '../../errors.ts';
import { fitCells } from '../text/cells.ts';
import { text, type Line } from '../text/line.ts';
import { hanging, sentence } from '../text/sentences.ts';

const label = (word: string): string => fitCells(word, 8);

/** What went wrong, what was expected, what to do; never a stack. */
export const errorLines = (error: PlainError, width: number): Line[] => [
  ...error.message.split('\n').flatMap((line, i) => sentence(i === 0 ? `✗ ${line}` : line, width, 'bad')),
  ...(error.expected === undefined ? [] : hanging(label(t('expected')), error.expected, width, { label: 'dim' })),
  ...(error.found === undefined ? [] : hanging(label(t('found')), error.found, width, { label: 'dim' })),
  ...(error.todo === undefined ? [] : hanging(label(t('to do')), error.todo, width, { label: 'accent' })),
  ...(error.code === 'internal' ? [text(t('This is a bug of recall-tui.'), 'dim')] : []),
];
