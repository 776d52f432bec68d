import { grid, markdownText } from '../../base/markdown.ts';
import type { Result } from '../../answers/answers.ts';
import { safeJson, unsafeText } from '../../base/unsafe-text.ts';
import { exportTable, type ExportFormat } from './rows.ts';

type Json = Readonly<Record<string, unknown>>;

/** Control characters have no place in a table that a person opens: each is shown as ␦. */
const shown = (text: string): string => text.replace(unsafeText, '␦');

/** A spreadsheet reads a cell that begins so as a formula, except for a plain number. */
const isFormula = (text: string): boolean =>
  /^[=+\-@\t\r]/.test(text) && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);

/** RFC 4180: quoted where it holds a comma, a quote or a line break; an apostrophe keeps a formula a text. */
export const csvCell = (value: string): string => {
  const text = isFormula(value) ? `'${shown(value)}` : shown(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const csv = (result: Result): string => {
  const { columns, rows } = exportTable(result);
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
};

const md = (result: Result): string => {
  const { columns, rows } = exportTable(result);
  const { query } = result;
  const about =
    query === undefined
      ? ''
      : ` of ${markdownText(query.userId)}, as of ${new Date(query.asOf).toISOString()}, mode ${query.mode}`;
  return [
    `## ${result.schema}${about}`,
    '',
    ...(columns.length === 0
      ? ['No rows.']
      : grid(
          columns.map(markdownText),
          rows.map((cells) => cells.map(markdownText)),
        )),
    '',
  ].join('\n');
};

/** An answer as a file: the JSON object of the headless contract, its main list as CSV, or as a Markdown table. */
export const exportText = (format: ExportFormat, result: Result, whole: Json): string => {
  switch (format) {
    case 'json':
      return `${safeJson(whole)}\n`;
    case 'csv':
      return csv(result);
    case 'md':
      return md(result);
  }
};
