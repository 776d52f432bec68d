import { RecallError } from '../../errors.ts';
import { basename } from 'node:path';
import { isRecord, parseJson } from '../../base/json.ts';
import { arrayAsLines, isDamaged, lineBatches, type ReadOptions } from './lines.ts';
import { cellsOf, textsOf, type Cell } from './cells.ts';
import type { FileCounter } from './report.ts';
import { layoutOf, type RowHandler, type TableShape } from './table.ts';

/**
 * Where a number may stand that JSON cannot say: an integer of 16 digits and more, which a parser would round, and the
 * NaN and Infinity that Python writes for a number that is none. No repetition without an end: it would overflow the
 * stack on a long one.
 */
const unusualNumbers = /(?<![\d.eE+-])-?\d{16}|(?<![\w.])-?(?:NaN|Infinity)(?!\w)/g;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The text outside strings with such an integer as text, and what is no number as null. */
const withReadable = (text: string): string => {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: token, index } of text.matchAll(unusualNumbers)) {
    let end = index + token.length;
    if (/\d/.test(token)) {
      while (isDigit(text.charCodeAt(end))) end += 1;
      if (/[.eE]/.test(text.charAt(end))) continue;
    }
    parts.push(text.slice(from, index), /\d/.test(token) ? `"${text.slice(index, end)}"` : 'null');
    from = end;
  }
  return from === 0 ? text : parts.join('') + text.slice(from);
};

/** The place behind the string that begins at `from`, the length of the text where it does not end. */
const afterString = (text: string, from: number): number => {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (text[first - 1] === '\\') first -= 1;
    if ((at - first) % 2 === 0) return at + 1;
  }
  return text.length;
};

/** The line with unusual numbers written so that JSON can say them; what stands within strings stays as it is. */
const withReadableNumbers = (text: string): string => {
  if (text.search(unusualNumbers) < 0) return text;
  const parts: string[] = [];
  for (let from = 0; from < text.length;) {
    const quote = text.indexOf('"', from);
    const until = quote < 0 ? text.length : quote;
    parts.push(withReadable(text.slice(from, until)));
    from = quote < 0 ? until : afterString(text, quote);
    parts.push(text.slice(until, from));
  }
  return parts.join('');
};

type Row = Readonly<Record<string, unknown>>;

/** One line as an object, long integers as text, NaN as null; null: it is none. */
export const parseRow = (line: string): Row | null => {
  const value = parseJson(withReadableNumbers(line));
  return isRecord(value) ? value : null;
};

/** Every row is looked at for every field: names that are ids would make that the square of the rows. */
const mostNames = 4_096;

/** Objects need not have the same fields: the columns are those of all of them. */
const namesIn = async (path: string, read: ReadOptions): Promise<string[]> => {
  const names = new Set<string>();
  for await (const batch of lineBatches(path, read)) {
    for (const { text } of batch) for (const name of Object.keys(parseRow(text) ?? {})) names.add(name);
    if (names.size > mostNames)
      throw new RecallError('bad-input', `${basename(path)} has more than ${mostNames} different fields`, {
        expected: `at most ${mostNames} fields in all objects together`,
        found: `${names.size} up to line ${batch.at(-1)?.line ?? 0}, such as ${[...names].slice(-3).join(', ')}`,
        todo: 'write ids as values, not as names of fields',
      });
  }
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
      todo: `if it is one JSON array: ${arrayAsLines}`,
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
