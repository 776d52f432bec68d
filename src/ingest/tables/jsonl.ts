import { RecallError } from '../../errors.ts';
import { basename } from 'node:path';
import { isRecord, parseJson } from '../../base/json.ts';
import { isDamaged, lineBatches, type ReadOptions } from './lines.ts';
import { cellsOf, textsOf, type Cell } from './cells.ts';
import type { FileCounter } from './report.ts';
import { layoutOf, type RowHandler, type TableShape } from './table.ts';

/**
 * Strings as they are; integers of 16 digits and more, which JSON.parse would round; and the NaN and Infinity that Python
 * writes for a number that is none.
 */
const unusualNumbers = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])|(?<![\w.])-?(?:NaN|Infinity)(?!\w)/g;

const readable = (token: string): string => {
  if (token.startsWith('"')) return token;
  return /[NI]/.test(token) ? 'null' : `"${token}"`;
};

type Row = Readonly<Record<string, unknown>>;

/** One line as an object, long integers as text, NaN as null; null: it is none. */
export const parseRow = (line: string): Row | null => {
  const value = parseJson(line.replace(unusualNumbers, readable));
  return isRecord(value) ? value : null;
};

/** Objects need not have the same fields: the columns are those of all of them. */
const namesIn = async (path: string, read: ReadOptions): Promise<string[]> => {
  const names = new Set<string>();
  for await (const batch of lineBatches(path, read))
    for (const { text } of batch) for (const name of Object.keys(parseRow(text) ?? {})) names.add(name);
  return [...names];
};

/** Reads JSON lines, one object a line; a nested value rejects its row only in a column that every row must have. Throws `bad-input`. */
export const readJsonl = async (
  path: string,
  shape: TableShape,
  read: ReadOptions,
  counter: FileCounter,
  onRow: RowHandler,
): Promise<void> => {
  const theirs = await namesIn(path, { ...read, onBytes: () => undefined });
  if (theirs.length === 0)
    throw new RecallError('bad-input', `${basename(path)} has no JSON object`, {
      expected: `one object a line, with ${shape.columns.join(', ')}`,
      found: 'no line that is one',
    });
  const ours = theirs.map((name) => (shape.rename ?? String)(name));
  const { positions } = layoutOf(path, ours, shape);
  const cells = cellsOf(theirs, ours, positions, shape);
  for await (const batch of lineBatches(path, read)) {
    for (const { line, text } of batch) {
      if (text.trim() === '') continue;
      const problem = problemOf(text, cells, counter, (texts) => onRow(texts, line));
      if (problem === null) counter.keep();
      else counter.reject(line, problem, text);
    }
  }
};

const problemOf = (
  text: string,
  cells: readonly Cell[],
  counter: FileCounter,
  onRow: (texts: readonly string[]) => string | null,
): string | null => {
  if (isDamaged(text)) return 'not-utf-8';
  const row = parseRow(text);
  if (row === null) return 'not-a-json-object';
  const texts = textsOf(
    cells.map(({ theirs }) => (theirs === null ? null : row[theirs])),
    cells,
    counter,
  );
  return typeof texts === 'string' ? texts : onRow(texts);
};
