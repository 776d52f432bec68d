import { t } from '../../base/texts.ts';
import type { PlainError } from '../../errors.ts';
import { fitLine, text, type Line } from '../text/line.ts';
import { errorLines } from './error.ts';

/** Over the lower end of the screen where the host has ended: why, and the two keys that are left. */
export const crashLines = (error: PlainError, width: number): Line[] =>
  [
    text('─'.repeat(width), 'bad'),
    ...errorLines(error, width - 2).map((one): Line => [{ text: ' ' }, ...one]),
    text(` ${t('Every step that was answered is kept. Enter reopens the workspace, q quits.')}`, 'bold'),
  ].map((one) => fitLine(one, width));
