import { t } from '../../base/texts.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { cellWidth, truncateCells, type Align } from './cells.ts';
import { sanitise } from './sanitise.ts';

/** What a piece of text means; the renderers decide how that looks, and nothing is shown by it alone. */
export type Style = 'dim' | 'bold' | 'accent' | 'good' | 'bad' | 'warn' | 'selected';

export interface Span {
  readonly text: string;
  readonly style?: Style;
}
export type Line = readonly Span[];

export interface ViewOptions {
  /** Plain ASCII instead of blocks and arrows. */
  readonly ascii?: boolean;
  /** What the answer was asked with; absent where it is not known. */
  readonly query?: RecallQuery | null;
}

export const span = (text: string, style?: Style): Span => (style === undefined ? { text } : { text, style });

/** A line of one span. */
export const text = (content: string, style?: Style): Line => [span(content, style)];

export const blank: Line = [];

export const lineWidth = (line: Line): number => line.reduce((sum, s) => sum + cellWidth(s.text), 0);

const clean = (s: Span): Span => {
  const text = sanitise(s.text);
  return text === s.text ? s : { ...s, text };
};

/** The line with every character shown instead of obeyed; itself where none acts on a terminal. */
const cleaned = (line: Line): Line => (line.every((s) => clean(s) === s) ? line : line.map(clean));

/** The line cut to `width` cells, styles kept; `own` are the cells it takes. */
export const truncateLine = (line: Line, width: number, mark = '…', own = lineWidth(line)): Line => {
  if (own <= width) return cleaned(line);
  const out: Span[] = [];
  let room = width;
  for (const [i, s] of line.entries()) {
    const own = cellWidth(s.text);
    const last = i === line.length - 1;
    // Room for the mark is kept as long as anything follows that will not fit.
    if (own < room || (last && own <= room)) {
      out.push({ ...s, text: truncateCells(s.text, own) });
      room -= own;
      continue;
    }
    const cut = own > room ? truncateCells(s.text, room, mark) : truncateCells(`${s.text}${mark}`, room, mark);
    return [...out, { ...s, text: cut }];
  }
  return out;
};

/** Exactly `width` cells; `own` are the cells the line takes. */
export const fitLine = (line: Line, width: number, align: Align = 'left', own = lineWidth(line)): Line => {
  const cut = truncateLine(line, width, '…', own);
  const missing = width - (own <= width ? own : lineWidth(cut));
  if (missing <= 0) return cut;
  const fill = span(' '.repeat(missing));
  return align === 'right' ? [fill, ...cut] : [...cut, fill];
};

/** No line wider than `width`; at most `height` lines, the last with the number of those left out. */
export const fitLines = (lines: readonly Line[], width: number, height = Number.POSITIVE_INFINITY): Line[] => {
  if (height <= 0) return [];
  const shown =
    lines.length <= height
      ? lines
      : [...lines.slice(0, height - 1), text(t('… {n} more', { n: lines.length - height + 1 }), 'dim')];
  return shown.map((line) => truncateLine(line, width));
};
