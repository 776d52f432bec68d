import { RecallError } from '../../errors.ts';
import { basename } from 'node:path';
import { isRecord, parseJson } from '../../base/json.ts';
import { damaged, lineBatches, type ReadOptions } from './lines.ts';
import { textsOf } from './parquet.ts';
import type { FileCounter } from './report.ts';
import { layoutOf, type RowHandler, type TableShape } from './table.ts';

/** Strings as they are; integers of 16 digits and more: JSON.parse would round them. */
const longIntegers = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

type Row = Readonly<Record<string, unknown>>;

/** One line as an object, long integers as text; null: it is none. */
export const parseRow = (line: string): Row | null => {
  const value = parseJson(line.replace(longIntegers, (token) => (token.startsWith('"') ? token : `"${token}"`)));
  return isRecord(value) ? value : null;
};

/** Objects need not have the same fields: the columns are those of all of them. */
const namesIn = async (path: string, read: ReadOptions): Promise<string[]> => {
  const names = new Set<string>();
  for await (const batch of lineBatches(path, read))
    for (const { text } of batch) for (const name of Object.keys(parseRow(text) ?? {})) names.add(name);
  return [...names];
};

/** A targeting is an object by nature; it goes on as the JSON text a CSV would hold. */
const flat = (value: unknown, isJson: boolean): unknown =>
  isJson && typeof value === 'object' && value !== null ? JSON.stringify(value) : value;

/** Reads JSON lines, one object a line; a nested value in a wanted column rejects its row. Throws `bad-input`. */
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
  const wanted = positions.map((position) => ({ name: theirs[position], isJson: ours[position] === 'targeting' }));
  for await (const batch of lineBatches(path, read)) {
    for (const { line, text } of batch) {
      if (text.trim() === '') continue;
      const problem = problemOf(text, wanted, (texts) => onRow(texts, line));
      if (problem === null) counter.keep();
      else counter.reject(line, problem, text);
    }
  }
};

const problemOf = (
  text: string,
  wanted: ReadonlyArray<{ readonly name: string | undefined; readonly isJson: boolean }>,
  onRow: (texts: readonly string[]) => string | null,
): string | null => {
  if (damaged(text)) return 'not-utf-8';
  const row = parseRow(text);
  if (row === null) return 'not-a-json-object';
  const texts = textsOf(wanted.map(({ name, isJson }) => (name === undefined ? null : flat(row[name], isJson))));
  return typeof texts === 'string' ? texts : onRow(texts);
};
