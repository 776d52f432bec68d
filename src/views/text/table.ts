import { t } from '../../base/texts.ts';
import { cellWidth, type Align } from './cells.ts';
import { fitLine, lineWidth, span, truncateLine, type Line, type Span } from './line.ts';

export interface Column<Row> {
  readonly title: string;
  readonly align?: Align;
  /** Least cells before the column is dropped or the line is cut. Default: the title's width. */
  readonly min?: number;
  readonly max?: number;
  /** Takes a share of spare or missing cells; without it the column keeps its natural width. */
  readonly flex?: number;
  /** On a narrow screen, columns with the highest value go first; without it the column stays. */
  readonly drop?: number;
  readonly cell: (row: Row, index: number) => string | Span | Line;
}

export interface TableOptions {
  /** No header line. */
  readonly bare?: boolean;
  /** Cells between columns. */
  readonly gap?: number;
}

const asLine = (cell: string | Span | Line): Line => {
  if (typeof cell === 'string') return [span(cell)];
  return 'text' in cell ? [cell] : cell;
};

/** A line and the cells it takes. */
interface Cell {
  readonly line: Line;
  readonly width: number;
}

const measured = (line: Line): Cell => ({ line, width: lineWidth(line) });

const nothing: Cell = { line: [], width: 0 };

interface Laid<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly Cell[];
  readonly natural: number;
  readonly least: number;
}

const lay = <Row>(column: Column<Row>, rows: readonly Row[], bare: boolean): Laid<Row> => {
  const cells = rows.map((row, i) => measured(asLine(column.cell(row, i))));
  const title = bare ? 0 : cellWidth(column.title);
  const widest = cells.reduce((most, cell) => Math.max(most, cell.width), title);
  const natural = Math.max(Math.min(widest, column.max ?? widest), Math.min(column.min ?? 0, widest));
  const least = column.flex === undefined ? natural : Math.min(natural, column.min ?? Math.max(4, title));
  return { column, cells, natural, least };
};

const total = (widths: readonly number[], gap: number): number =>
  widths.reduce((a, b) => a + b, 0) + gap * Math.max(0, widths.length - 1);

/** Drops the most expendable columns until the rest fits at its least widths. */
const keep = <Row>(laid: readonly Laid<Row>[], width: number, gap: number): readonly Laid<Row>[] => {
  let kept = [...laid];
  while (
    total(
      kept.map((l) => l.least),
      gap,
    ) > width
  ) {
    const first = Math.max(...kept.map((l) => l.column.drop ?? Number.NEGATIVE_INFINITY));
    if (first === Number.NEGATIVE_INFINITY) break;
    kept = kept.filter((l) => l.column.drop !== first);
  }
  return kept;
};

/** Natural widths, shrunk by turns on the flexible columns (the widest per share first). */
const widthsOf = <Row>(laid: readonly Laid<Row>[], width: number, gap: number): number[] => {
  const widths = laid.map((l) => l.natural);
  for (let over = total(widths, gap) - width; over > 0; over--) {
    let pick = -1;
    laid.forEach((l, i) => {
      const size = (widths[i] ?? 0) / (l.column.flex ?? 1);
      if ((widths[i] ?? 0) > l.least && (pick < 0 || size > (widths[pick] ?? 0) / (laid[pick]?.column.flex ?? 1)))
        pick = i;
    });
    if (pick < 0) break;
    widths[pick] = (widths[pick] ?? 0) - 1;
  }
  return widths;
};

/** Rows as aligned lines, none wider than `width`. The first line is the header unless `bare`. */
export const table = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
  options: TableOptions = {},
): Line[] => {
  const gap = options.gap ?? 2;
  const bare = options.bare === true;
  const laid = keep(
    columns.map((c) => lay(c, rows, bare)),
    width,
    gap,
  );
  const widths = widthsOf(laid, width, gap);
  const space = span(' '.repeat(gap));
  // Cells of their column's width make a row of the table's: only a table that is still too wide is cut again.
  const over = total(widths, gap) > width;
  const row = (cellOf: (l: Laid<Row>) => Cell | undefined): Line => {
    const line = laid.flatMap((l, i) => {
      const { line, width: own } = cellOf(l) ?? nothing;
      const last = i === laid.length - 1 && l.column.align !== 'right';
      const cell = last
        ? truncateLine(line, widths[i] ?? 0, '…', own)
        : fitLine(line, widths[i] ?? 0, l.column.align, own);
      return i === 0 ? cell : [space, ...cell];
    });
    return over ? truncateLine(line, width) : line;
  };
  const header = bare ? [] : [row((l) => measured([span(l.column.title, 'dim')]))];
  return [...header, ...rows.map((_, r) => row((l) => l.cells[r]))];
};

/** How an ad moved between two lists: `▲ 12`, `▼ 9`, `▲ in`, `▼ out`, `=`. */
export const rankArrow = (from: number | null, to: number | null, ascii = false): Span => {
  const up = ascii ? '^' : '▲';
  const down = ascii ? 'v' : '▼';
  if (from === null) return span(to === null ? '' : `${up} ${t('in')}`, 'good');
  if (to === null) return span(`${down} ${t('out')}`, 'bad');
  if (from === to) return span('=', 'dim');
  return to < from ? span(`${up} ${from - to}`, 'good') : span(`${down} ${to - from}`, 'bad');
};
