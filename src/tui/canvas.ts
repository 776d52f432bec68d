import type { DOMElement } from 'ink';
import { asciiLine } from '../views/text/ascii.ts';
import { fitLine, type Line } from '../views/text/line.ts';
import { steadyLine } from '../views/screen/steady.ts';

/** A part of the screen in cells, where Yoga put it. */
interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lines for a rectangle; the same function again for what has not changed. */
export type Draw = (width: number, height: number) => readonly Line[];

export interface Surface {
  readonly draw: Draw;
  /** Over what else stands there, in whole rows. */
  readonly over: boolean;
}

/**
 * Where components leave what they draw: each a box of Ink's and lines for it. After a commit, when Yoga has laid the
 * boxes out, the frame is put together and painted once; what has neither moved nor changed is not drawn again.
 */
export interface Canvas {
  /** Of this box; until `remove`, or another surface takes its place. */
  place(box: DOMElement, surface: Surface): void;
  remove(box: DOMElement): void;
  paint(width: number, height: number): void;
}

interface Drawn extends Rect {
  readonly draw: Draw;
  readonly lines: readonly Line[];
}

const blank: Line = [];

const rectOf = (box: DOMElement): Rect => {
  let [x, y] = [0, 0];
  for (let at: DOMElement | undefined = box; at !== undefined; at = at.parentNode) {
    x += at.yogaNode?.getComputedLeft() ?? 0;
    y += at.yogaNode?.getComputedTop() ?? 0;
  }
  return { x, y, width: box.yogaNode?.getComputedWidth() ?? 0, height: box.yogaNode?.getComputedHeight() ?? 0 };
};

const sameSize = (a: Rect, b: Rect): boolean => a.width === b.width && a.height === b.height;

const sameLine = (a: Line, b: Line): boolean =>
  a === b || (a.length === b.length && a.every((span, i) => span.text === b[i]?.text && span.style === b[i].style));

const sameParts = (a: readonly Line[], b: readonly Line[]): boolean =>
  a.length === b.length && a.every((part, i) => part === b[i]);

export const createCanvas = (paintFrame: (lines: readonly Line[]) => void, ascii: boolean): Canvas => {
  const surfaces = new Map<DOMElement, Surface>();
  const drawn = new Map<DOMElement, Drawn>();
  /** Each line as the painter has it, with the lines of the surfaces it was put together from. */
  let rows: ReadonlyArray<{ readonly parts: readonly Line[]; readonly line: Line }> = [];
  /** Lines made to fit, by the lines a surface gave: it may give them again. */
  const fitted = new WeakMap<Line, { readonly width: number; readonly line: Line }>();

  const fit = (line: Line, width: number): Line => {
    const known = fitted.get(line);
    if (known?.width === width) return known.line;
    const whole = fitLine(line, width);
    const made = steadyLine(ascii ? asciiLine(whole) : whole);
    fitted.set(line, { width, line: made });
    return made;
  };

  const redraw = (box: DOMElement, { draw }: Surface): Drawn => {
    const rect = rectOf(box);
    const before = drawn.get(box);
    if (before !== undefined && before.draw === draw && sameSize(before, rect)) {
      const same = before.x === rect.x && before.y === rect.y ? before : { ...before, ...rect };
      drawn.set(box, same);
      return same;
    }
    const given = draw(rect.width, rect.height);
    const lines = Array.from({ length: rect.height }, (_, i): Line => {
      const line = fit(given[i] ?? blank, rect.width);
      const last = before?.lines[i];
      return last !== undefined && sameLine(last, line) ? last : line;
    });
    const made = { ...rect, draw, lines };
    drawn.set(box, made);
    return made;
  };

  return {
    place(box, surface) {
      surfaces.set(box, surface);
    },
    remove(box) {
      surfaces.delete(box);
      drawn.delete(box);
    },
    paint(width, height) {
      const inOrder = [...surfaces]
        .map(([box, surface]) => ({ ...redraw(box, surface), over: surface.over }))
        .sort((a, b) => a.x - b.x);
      const empty = fit(blank, width);
      rows = Array.from({ length: height }, (_, y) => {
        const here = inOrder.filter((at) => y >= at.y && y < at.y + at.height);
        const top = here.some(({ over }) => over) ? here.filter(({ over }) => over) : here;
        const parts = top.length === 0 ? [empty] : top.map(({ lines, y: first }) => lines[y - first] ?? empty);
        const before = rows[y];
        return before !== undefined && sameParts(before.parts, parts) ? before : { parts, line: parts.flat() };
      });
      paintFrame(rows.map(({ line }) => line));
    },
  };
};
