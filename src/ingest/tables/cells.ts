import type { FileCounter } from './report.ts';
import { isOptional, type TableShape } from './table.ts';

/** One column that a row is read from. `theirs` null: an optional one the file does not have. */
export interface Cell {
  readonly theirs: string | null;
  readonly ours: string;
  readonly optional: boolean;
}

/** The columns of a file in the order in which a row hands them over. `positions`: −1 where one is absent. */
export const cellsOf = (
  theirs: readonly string[],
  ours: readonly string[],
  positions: readonly number[],
  shape: TableShape,
): Cell[] =>
  positions.map((position, i) => {
    const name = ours[position] ?? shape.columns[i] ?? '';
    return { theirs: theirs[position] ?? null, ours: name, optional: isOptional(shape, name) };
  });

/** A value as the text a CSV would hold, or why it has none. 64-bit integers stay exact, times become ms. */
export const cellText = (value: unknown): string | { readonly problem: string } => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? { problem: 'bad-time' } : String(value.getTime());
  return { problem: ArrayBuffer.isView(value) ? 'binary-value' : 'nested-value' };
};

const numberText = (value: number): string | { readonly problem: string } => {
  if (Number.isNaN(value)) return '';
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? { problem: 'inexact-number' } : String(value);
};

/** A targeting is an object by nature: it goes on as the JSON text a CSV would hold. One too deep to write stays. */
const flat = (value: unknown, { ours }: Cell): unknown => {
  if (ours !== 'targeting' || typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  try {
    return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item));
  } catch {
    return value;
  }
};

/** The texts of a row, or why it cannot be read. What an optional column cannot say costs the cell, not the row. */
export const textsOf = (
  values: readonly unknown[],
  cells: readonly Cell[],
  counter: Pick<FileCounter, 'empty'>,
): readonly string[] | string => {
  const texts: string[] = [];
  for (const [i, cell] of cells.entries()) {
    const text = cellText(flat(values[i], cell));
    if (typeof text === 'string') texts.push(text);
    else if (cell.optional) {
      counter.empty(cell.theirs ?? cell.ours, text.problem);
      texts.push('');
    } else return text.problem;
  }
  return texts;
};
