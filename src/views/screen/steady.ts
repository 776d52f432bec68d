import { graphemesOf } from '../../base/graphemes.ts';
import { cellWidth } from '../text/cells.ts';
import type { Line, Span } from '../text/line.ts';
import { isAscii } from '../text/sanitise.ts';

const joined = /[\u200d\ufe0f\u20e3\u{1f3fb}-\u{1f3ff}]/u;

const isJoined = ({ text }: Span): boolean => !isAscii(text) && joined.test(text);

const steadyGrapheme = (grapheme: string): string => {
  if (!joined.test(grapheme)) return grapheme;
  const first = String.fromCodePoint(grapheme.codePointAt(0) ?? 0x20);
  return first + ' '.repeat(Math.max(0, cellWidth(grapheme) - cellWidth(first)));
};

/**
 * Terminals disagree about the width of joined emoji (a family takes 2, 4 or 6 cells), so that a frame's
 * right side would be torn. Each is drawn as its first picture, in the cells the layout counted.
 */
export const steadyLine = (line: Line): Line =>
  line.some(isJoined)
    ? line.map((s) =>
        isJoined(s) ? { ...s, text: [...graphemesOf(s.text)].map((g) => steadyGrapheme(g.segment)).join('') } : s,
      )
    : line;
