import { basename } from 'node:path';
import { RecallError } from '../../errors.ts';
import { delimiterOf, quotesOf, splitQuoted } from '../../base/delimited.ts';
import { isDamaged, lineBatches, type ReadOptions, type SourceLine } from './lines.ts';
import type { FileCounter } from './report.ts';

export interface TableShape {
  /** Default: what cuts the header into most fields, a comma, semicolon or tab; without a header, a comma. */
  readonly delimiter?: string;
  /** Fields may be quoted (RFC 4180). Default: true. */
  readonly quotes?: boolean;
  /** Columns to hand over, in this order; with `header: false`, the columns of the file. */
  readonly columns: readonly string[];
  readonly header: boolean;
  /** Columns that may be absent from the header; they read as ''. */
  readonly optional?: readonly string[];
  /** Names a header cell by another name before columns are looked up. */
  readonly rename?: (header: string) => string;
  /** Called with the file's columns; its result is passed on after `columns`. */
  readonly select?: (names: readonly string[]) => readonly string[];
}

/** Is this column one that a row can do without? What `select` adds is. */
export const isOptional = ({ columns, optional = [] }: TableShape, name: string): boolean =>
  !columns.includes(name) || optional.includes(name);

/** null: kept. A text: why it was rejected. */
export type RowHandler = (values: readonly string[], line: number) => string | null;

/** A record may span lines when a quote is open; one that spans more is a lost quote, not a long text. */
const longestRecord = 50;

interface Layout {
  readonly positions: readonly number[];
  readonly width: number;
}

/** Where each wanted column stands among `names`, −1 where an optional one is absent. Throws `bad-input`. */
export const layoutOf = (path: string, names: readonly string[], shape: TableShape): Layout => {
  // The first of each name; a header may have hundreds of thousands of them.
  const places = new Map<string, number>();
  let repeated: string | undefined;
  for (const [i, name] of names.entries()) {
    if (!places.has(name)) places.set(name, i);
    else if (shape.columns.includes(name)) repeated ??= name;
  }
  if (repeated !== undefined) {
    throw new RecallError('bad-input', `${basename(path)}: the header has ${repeated} twice`, {
      expected: 'each column once',
      found: printable(names.join(', ')),
    });
  }
  const missing = shape.columns.filter((column) => !places.has(column) && !(shape.optional ?? []).includes(column));
  if (missing.length > 0) {
    throw new RecallError('bad-input', `${basename(path)}: the header has no column ${missing.join(', ')}`, {
      expected: shape.columns.join(', '),
      found: printable(names.join(', ')),
      todo: 'check that this is the right file and format, or give a header mapping (--mapping FILE, csv only)',
    });
  }
  return {
    positions: [...shape.columns, ...(shape.select?.(names) ?? [])].map((column) => places.get(column) ?? -1),
    width: names.length,
  };
};

const printable = (text: string): string => text.slice(0, 400).replace(/\p{Cc}/gu, '.');

/**
 * Joins lines into records: [first line number, text]. A quote that was never closed would swallow the rows behind it
 * up to the next quote: where the joined lines do not make a row of the file, the first line is given up and the others
 * are read again, so that each lost row is counted and the rest is kept.
 */
const recordsOf = (
  { quotes: quoted = true }: TableShape,
  counter: FileCounter,
  delimiterIn: () => string,
  widthOf: () => number | null,
): { push: (line: SourceLine) => SourceLine[]; end: () => SourceLine[] } => {
  let open: SourceLine[] = [];
  const fieldsIn = (text: string): number | null => splitQuoted(text, delimiterIn())?.length ?? null;
  const giveUp = (): SourceLine[] => {
    const [first, ...others] = open;
    open = [];
    if (first !== undefined) counter.reject(first.line, 'unclosed-quote', first.text);
    return others.flatMap(push);
  };
  /**
   * Several lines are one record where they have the fields of a row, and those in the middle are not rows themselves.
   */
  const isRecord = (text: string): boolean => {
    const width = widthOf();
    if (width === null) return true;
    const inner = open.slice(1, -1);
    return (
      fieldsIn(text) === width &&
      (inner.length === 0 || width === 1 || inner.some((line) => fieldsIn(line.text) !== width))
    );
  };
  const push = (line: SourceLine): SourceLine[] => {
    if (!quoted) return [line];
    if (open.length === 0 && quotesOf(line.text, delimiterIn()) !== 'open') return [line];
    open.push(line);
    if (open.length === 1) return [];
    // Without a quote it goes on as it was: the lines are joined where one may end.
    if (!line.text.includes('"')) return open.length > longestRecord ? giveUp() : [];
    const text = open.map((part) => part.text).join('\n');
    const quotes = quotesOf(text, delimiterIn());
    if (quotes === 'open') return open.length > longestRecord ? giveUp() : [];
    if (quotes === 'broken' || !isRecord(text)) return giveUp();
    const first = open[0]?.line ?? line.line;
    open = [];
    return [{ line: first, text }];
  };
  const end = (): SourceLine[] => {
    const rest: SourceLine[] = [];
    while (open.length > 0) rest.push(...giveUp());
    return rest;
  };
  return { push, end };
};

/**
 * Reads a delimited file row by row. Rows that are not UTF-8, have broken quotes or another number of
 * fields are rejected with their line; a header without the wanted columns throws `bad-input`.
 */
export const readTable = async (
  path: string,
  shape: TableShape,
  read: ReadOptions,
  counter: FileCounter,
  onRow: RowHandler,
): Promise<void> => {
  const { quotes = true, rename = (name: string): string => name } = shape;
  let delimiter = shape.delimiter ?? (shape.header ? null : ',');
  const delimiterIn = (): string => delimiter ?? ',';
  let layout: Layout | null = shape.header ? null : layoutOf(path, shape.columns, shape);
  const split = (text: string): string[] | null =>
    quotes ? splitQuoted(text, delimiterIn()) : text.split(delimiterIn());
  const problemOf = (text: string, { width, positions }: Layout, line: number): string | null => {
    if (isDamaged(text)) return 'not-utf-8';
    const fields = split(text);
    if (fields === null) return 'bad-quotes';
    return fields.length === width
      ? onRow(
          positions.map((position) => fields[position] ?? ''),
          line,
        )
      : 'wrong-field-count';
  };
  const row = ({ line, text }: SourceLine): void => {
    if (text === '') return;
    if (layout === null) {
      layout = layoutOf(
        path,
        (split(text) ?? [text]).map((name) => rename(name.trim())),
        shape,
      );
      return;
    }
    const problem = problemOf(text, layout, line);
    if (problem === null) counter.keep();
    else counter.reject(line, problem, text);
  };
  const records = recordsOf(shape, counter, delimiterIn, () => layout?.width ?? null);
  for await (const batch of lineBatches(path, read))
    for (const line of batch) {
      if (line.text !== '') delimiter ??= delimiterOf(line.text);
      for (const record of records.push(line)) row(record);
    }
  for (const record of records.end()) row(record);
  if (layout === null)
    throw new RecallError('bad-input', `${basename(path)} is empty`, {
      expected: `a header: ${shape.columns.join(', ')}`,
      found: 'no line',
    });
};
