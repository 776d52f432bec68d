import { renderAnsi, type ColourLevel } from '../views/text/render.ts';
import type { Line, Span } from '../views/text/line.ts';
import { cellsOf, changedRuns, toRow, type CellRow } from './cell-row.ts';

/**
 * Draws frames on a terminal: only the cells that changed, each stretch at its own place, so that a
 * change of weights stays within a few KB on a slow link.
 */
export interface Painter {
  /** A whole frame, each line exactly as wide as the terminal. */
  paint(lines: readonly Line[]): void;
  /** The screen was cleared, resized or taken by another program: the next frame is drawn in full. */
  forget(): void;
  /** The last frame again, after `forget`. */
  repaint(): void;
}

/** Synchronized output: the terminal shows the frame when it is whole. */
const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';
/** What an erased line shows. */
const blankRow = (width: number): CellRow => ({ texts: Array.from({ length: width }, () => ' '), styles: [] });

const risky = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{M}]/u;
const erase = '\u001b[0m\u001b[2J';

export const createPainter = (write: (bytes: string) => void, level: ColourLevel): Painter => {
  let shown: readonly Line[] = [];
  let rows: readonly CellRow[] = [];
  let fresh = true;

  const paintSpan = (span: Span): string => renderAnsi([[span]], level)[0] ?? '';

  /** A picture whose width terminals disagree about: its cells are blanked, and what follows has its place given. */
  const steady = (span: Span, x: number): string => {
    let column = x;
    return cellsOf(span.text)
      .map((text, i, cells) => {
        const at = column++;
        if (!risky.test(text)) return text === '' ? '' : paintSpan({ ...span, text });
        let width = 1;
        while (cells[i + width] === '') width++;
        return `${paintSpan({ ...span, text: ' '.repeat(width) })}\u001b[${at + 1}G${paintSpan({ ...span, text })}\u001b[${at + width + 1}G`;
      })
      .join('');
  };

  const place = (y: number, x: number, spans: Line): string => {
    let column = x;
    const drawn = spans.map((span) => {
      const at = column;
      column += cellsOf(span.text).length;
      return risky.test(span.text) ? steady(span, at) : paintSpan(span);
    });
    return `\u001b[${y + 1};${x + 1}H${drawn.join('')}`;
  };

  const drawRow = (row: CellRow, y: number): string => {
    const before = fresh ? undefined : rows[y];
    return changedRuns(before ?? blankRow(row.texts.length), row)
      .map(({ from, spans }) => place(y, from, spans))
      .join('');
  };

  const painter: Painter = {
    paint(lines) {
      if (!fresh && lines === shown) return;
      // Rows below a frame that has become shorter would stay: begin anew.
      if (lines.length !== shown.length) fresh = true;
      // A line that is the last frame's own holds the same cells.
      const next = lines.map((line, y) => (line === shown[y] ? rows[y] : undefined) ?? toRow(line));
      const out = next.map((row, y) => (!fresh && row === rows[y] ? '' : drawRow(row, y))).join('');
      if (out !== '' || fresh) write(`${begin}${fresh ? erase : ''}${out}${end}`);
      shown = lines;
      rows = next;
      fresh = false;
    },
    forget() {
      fresh = true;
    },
    repaint() {
      painter.paint(shown);
    },
  };
  return painter;
};
