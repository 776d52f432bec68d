import type { Line, Style } from '../text/line.ts';

/** A part of a score, or an amount: its bar starts at zero. */
export interface BarRow {
  readonly name: string;
  readonly value: number;
  /** The value as it is printed. */
  readonly figure: string;
  readonly note: string;
}

export interface ReportColumn {
  readonly title: string;
  readonly align?: 'right';
  readonly id?: true;
}

export interface PathPoint {
  readonly level: number;
  readonly score: number;
  readonly name: string;
}

export interface MoveRow {
  readonly name: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** A piece of a report, in no form yet: HTML and Markdown are both made of it. */
export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly style?: Style }
  | { readonly kind: 'heading'; readonly text: string }
  /** `signed`: bars to both sides of zero; else amounts. */
  | { readonly kind: 'bars'; readonly label: string; readonly signed: boolean; readonly rows: readonly BarRow[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly ReportColumn[];
      readonly rows: ReadonlyArray<readonly string[]>;
    }
  /** A search: the score of each node that it went through, and the score of the ad that it looked for. */
  | { readonly kind: 'path'; readonly label: string; readonly points: readonly PathPoint[]; readonly goal: number }
  /** Two lists and where each ad went, to the rank `depth`. */
  | { readonly kind: 'moves'; readonly label: string; readonly rows: readonly MoveRow[]; readonly depth: number }
  /** The text view of an answer. */
  | { readonly kind: 'lines'; readonly lines: readonly Line[] };

/** An answer: what it is about, the verdict, and what shows it. */
export interface Section {
  readonly subject: string;
  readonly lead: string;
  readonly blocks: readonly Block[];
}

export const heading = (text: string): Block => ({ kind: 'heading', text });
export const paragraph = (text: string, style?: Style): Block =>
  style === undefined ? { kind: 'text', text } : { kind: 'text', text, style };

/** A table with a heading; nothing where it has no row. `most`: the rows that are shown. */
export const titledTable = (
  title: string,
  columns: readonly ReportColumn[],
  rows: ReadonlyArray<readonly string[]>,
): Block[] => (rows.length === 0 ? [] : [heading(title), { kind: 'table', columns, rows }]);
