import { graphemesOf } from '../../base/graphemes.ts';
import { memoText } from '../../base/memo.ts';
import stringWidth from 'string-width';
import { isAscii, sanitise } from './sanitise.ts';

/** Widths in terminal cells. Wide characters (广告, emoji) take two. All texts are sanitised first. */

/**
 * Characters that stand for themselves whatever is beside them: Latin-1, the signs we draw with, CJK punctuation, kana, Han,
 * Hangul syllables. From CJK punctuation on each takes two cells. `string-width` says the same of them, after compiling a
 * table of all emoji: 15 ms of the first frame.
 */
const plainCharacters =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff\u0394\u2010-\u2027\u2190-\u2193\u2200-\u22ff\u2500-\u259f\u25b2\u25b8\u25bc\u25cf\u2713\u2717\u3001-\u3029\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]*$/;
const firstWide = 0x3001;

const plainWidth = (text: string): number => {
  let width = text.length;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= firstWide) width++;
  return width;
};

/** The graphemes of a text; characters that stand for themselves without the tables of those that join. */
const pieces = (text: string): readonly string[] =>
  plainCharacters.test(text) ? text.split('') : [...graphemesOf(text)].map(({ segment }) => segment);

/** The text by columns: a wide character stands in its first, the second holds ''; a mark alone belongs to the cell before it. */
export const columnsOf = (text: string): readonly string[] => {
  const cells: string[] = [];
  for (const piece of pieces(text)) {
    const width = cellWidth(piece);
    if (width > 0) cells.push(piece);
    else if (cells.length > 0) cells[cells.length - 1] += piece;
    for (let i = 1; i < width; i++) cells.push('');
  }
  return cells;
};

/**
 * Marks that take a cell of their own, and letters that one cluster joins (क्ष, ក្រ): terminals give each code point its
 * cells, `string-width` gives the whole cluster one. Hangul is composed in the cells of its first letter.
 */
const spreads = /\p{Mc}|\p{L}[\p{M}\u200c\u200d]*\p{L}/u;
const hangul = /\p{Script=Hangul}/u;
const takesNone = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** Cells of one grapheme, as terminals count them. */
const graphemeWidth = (piece: string): number => {
  if (!spreads.test(piece) || hangul.test(piece)) return stringWidth(piece);
  return Array.from(piece).reduce((sum, c) => sum + (takesNone.test(c) ? 0 : Math.max(1, stringWidth(c))), 0);
};

const joins = /[\p{Mc}\p{Mn}\u0e33\u0eb3]/u;

const widthOf = memoText(4000, (text) => {
  if (plainCharacters.test(text)) return plainWidth(text);
  const clean = sanitise(text);
  return joins.test(clean) ? pieces(clean).reduce((sum, piece) => sum + graphemeWidth(piece), 0) : stringWidth(clean);
});

/** Cells the (sanitised) text takes. */
export const cellWidth = (text: string): number => (isAscii(text) ? text.length : widthOf(text));

interface Measured {
  readonly ends: readonly number[];
  readonly widths: readonly number[];
}

/** Where each grapheme ends and how many cells it takes. An entry takes about a kilobyte; a screen shows a few hundred. */
const measured = memoText(2000, (text): Measured => {
  let end = 0;
  const parts = pieces(text);
  return { ends: parts.map((part) => (end += part.length)), widths: parts.map(cellWidth) };
});

/** Characters that are looked at before the rest of a long text is. */
const headLength = (width: number): number => width + 32;

/**
 * The longest prefix of whole graphemes within `width` cells. Of a long text only as much is measured as that takes: a
 * description of 20,000 characters in a title costs what its first line costs.
 */
const prefixWithin = (text: string, width: number): string => {
  if (isAscii(text)) return text.slice(0, Math.max(0, width));
  for (let length = headLength(width); ; length *= 2) {
    const whole = length >= text.length;
    const { ends, widths } = measured(whole ? text : text.slice(0, length));
    let used = 0;
    let end = 0;
    for (const [i, own] of widths.entries()) {
      // The last grapheme of a part may go on behind it.
      if (!whole && i === widths.length - 1) break;
      used += own;
      if (used > width) return text.slice(0, end);
      end = ends[i] ?? end;
    }
    if (whole) return text.slice(0, end);
  }
};

/** Does the text take at most `width` cells? */
const fitsIn = (text: string, width: number): boolean =>
  text.length <= headLength(width) ? cellWidth(text) <= width : prefixWithin(text, width).length === text.length;

/** At most `width` cells; what is cut ends in `…`. Never one cell over, also on 广告 and emoji. */
export const truncateCells = (text: string, width: number, mark = '…'): string => {
  if (width <= 0) return '';
  const clean = sanitise(text);
  if (fitsIn(clean, width)) return clean;
  const room = width - cellWidth(mark);
  return room < 0 ? prefixWithin(clean, width) : prefixWithin(clean, room) + mark;
};

const spaces = (count: number): string => ' '.repeat(Math.max(0, count));

export type Align = 'left' | 'right';

/** Exactly `width` cells: cut or filled with spaces. */
export const fitCells = (text: string, width: number, align: Align = 'left', mark = '…'): string => {
  const cut = truncateCells(text, width, mark);
  const fill = spaces(width - cellWidth(cut));
  return align === 'right' ? fill + cut : cut + fill;
};

/** Words of a text on lines of at most `width` cells; a word that is too long is cut into pieces. */
export const wrapCells = (text: string, width: number): string[] => {
  if (width <= 0) return [];
  const lines: string[] = [];
  let line = '';
  const push = (): void => {
    if (line !== '') lines.push(line);
    line = '';
  };
  for (let word of sanitise(text).split(/ +/)) {
    if (line !== '' && !fitsIn(word, width - cellWidth(line) - 1)) push();
    while (line === '' && !fitsIn(word, width)) {
      const piece = prefixWithin(word, width) || truncateCells(word, width);
      if (piece === '…' || piece === '') {
        word = piece;
        break;
      }
      lines.push(piece);
      word = word.slice(piece.length);
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  push();
  return lines;
};
