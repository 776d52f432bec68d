import { controls } from '../base/unsafe-text.ts';
/** A line of a script that is a command. `number` counts all lines, from 1. */
export interface ScriptLine {
  readonly text: string;
  readonly number: number;
}

/**
 * Commands of a script or of a paste: without blank lines and `#` comments; a leading `:` is that of the prompt;
 * control characters are none of a line's.
 */
export const scriptLines = (script: string): readonly ScriptLine[] =>
  script
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .map((text, i): ScriptLine => ({
      text: text.replace(controls, ' ').trim().replace(/^:/, '').trim(),
      number: i + 1,
    }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
