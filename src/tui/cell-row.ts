import { memoText } from '../base/memo.ts';
import { columnsOf } from '../views/text/cells.ts';
import type { Line, Span, Style } from '../views/text/line.ts';

/** One row of the screen by columns. A wide character stands in its first column; the second holds ''. */
export interface CellRow {
  readonly texts: readonly string[];
  readonly styles: ReadonlyArray<Style | undefined>;
}

/** The text by columns. */
export const cellsOf = memoText(2500, columnsOf);

export const toRow = (line: Line): CellRow => {
  const texts: string[] = [];
  const styles: Array<Style | undefined> = [];
  for (const { text, style } of line) {
    for (const cell of cellsOf(text)) {
      texts.push(cell);
      styles.push(style);
    }
  }
  return { texts, styles };
};

/** A stretch of columns to draw again, from column `from`. */
export interface Run {
  readonly from: number;
  readonly spans: Line;
}

/** Moving the cursor costs about as many bytes as this many unchanged cells. */
const bridged = 7;

const spansOf = ({ texts, styles }: CellRow, from: number, to: number): Span[] => {
  const spans: Array<{ text: string; style?: Style }> = [];
  for (let i = from; i < to; i++) {
    const style = styles[i];
    const last = spans.at(-1);
    if (last !== undefined && last.style === style) last.text += texts[i] ?? '';
    else spans.push(style === undefined ? { text: texts[i] ?? '' } : { text: texts[i] ?? '', style });
  }
  return spans;
};

const differs = (a: CellRow, b: CellRow, i: number): boolean =>
  a.texts[i] !== b.texts[i] || a.styles[i] !== b.styles[i];

/** What of `now` has to be drawn over `before`; whole characters only. Both rows have the same width. */
export const changedRuns = (before: CellRow, now: CellRow): Run[] => {
  const runs: Array<{ from: number; to: number }> = [];
  const width = Math.max(before.texts.length, now.texts.length);
  for (let i = 0; i < width; i++) {
    if (!differs(before, now, i)) continue;
    let from = i;
    while (from > 0 && (now.texts[from] === '' || before.texts[from] === '')) from--;
    let to = i + 1;
    while (to < width && (now.texts[to] === '' || before.texts[to] === '')) to++;
    const last = runs.at(-1);
    if (last !== undefined && from - last.to <= bridged) last.to = Math.max(last.to, to);
    else runs.push({ from, to });
  }
  return runs.map(({ from, to }) => ({ from, spans: spansOf(now, from, to) }));
};
