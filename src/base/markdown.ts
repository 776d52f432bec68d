import { unsafeText } from './unsafe-text.ts';

/**
 * Text of the data as Markdown: on one line, with no Markdown and no HTML of its own, and characters that act on a
 * terminal shown as ␦.
 */
export const markdownText = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(unsafeText, '␦')
    .replace(/[\\`*_{}[\]<>|#!~&]/g, '\\$&');

/** Markdown may not end its cell: a bar within it is escaped, a line break is a blank. */
const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`;

/** A table of cells that are Markdown. */
export const grid = (titles: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] => [
  row(titles),
  `|${titles.map(() => '---|').join('')}`,
  ...rows.map(row),
];

export const number = (value: number | null, digits = 4): string => (value === null ? '–' : value.toFixed(digits));
export const iso = (ms: number | null): string => (ms === null ? '–' : new Date(ms).toISOString());
