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

interface Drawn extends Rect, Surface {
  /** As the surface gave them, and as they are painted: exactly as wide as the rectangle. */
  readonly given: readonly Line[];
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

const sameLine = (a: Line, b: Line): boolean =>
  a === b || (a.length === b.length && a.every((span, i) => span.text === b[i]?.text && span.style === b[i].style));

const sameParts = (a: readonly Line[], b: readonly Line[]): boolean =>
  a.length === b.length && a.every((part, i) => part === b[i]);

const sameRect = (a: Rect, b: Rect): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

/** The lines that make up row `y`, from left to right: what stands over the rest, else what stands there. */
const partsOf = (placed: readonly Drawn[], y: number): Line[] => {
  const parts: Line[] = [];
  let covered = false;
  for (const at of placed) {
    const line = at.lines[y - at.y];
    if (line === undefined || (covered && !at.over)) continue;
    if (at.over && !covered) parts.length = 0;
    covered ||= at.over;
    parts.push(line);
  }
  return parts;
};

export const createCanvas = (paintFrame: (lines: readonly Line[]) => void, ascii: boolean): Canvas => {
  const surfaces = new Map<DOMElement, Surface>();
  const drawn = new Map<DOMElement, Drawn>();
  /** Each line of the last frame, with the lines of the surfaces it was put together from. */
  let rows: ReadonlyArray<{ readonly parts: readonly Line[]; readonly line: Line }> = [];

  const fit = (line: Line, width: number): Line => {
    const whole = fitLine(line, width);
    return steadyLine(ascii ? asciiLine(whole) : whole);
  };

  /** The surface where it stands now; the lines of the last frame where they are the same. */
  const redraw = (box: DOMElement, surface: Surface): Drawn => {
    const rect = rectOf(box);
    const before = drawn.get(box);
    if (before !== undefined && before.draw === surface.draw && sameRect(before, rect)) return before;
    const given = surface.draw(rect.width, rect.height);
    const last = before?.width === rect.width ? before : undefined;
    const lines = Array.from({ length: rect.height }, (_, i): Line => {
      const known = last?.lines[i];
      const [now, then] = [given[i] ?? blank, last?.given[i] ?? blank];
      return known !== undefined && sameLine(now, then) ? known : fit(now, rect.width);
    });
    const made = { ...rect, ...surface, given, lines };
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
      const placed = [...surfaces].map(([box, surface]) => redraw(box, surface)).sort((a, b) => a.x - b.x);
      rows = Array.from({ length: height }, (_, y) => {
        const parts = partsOf(placed, y);
        const before = rows[y];
        if (before !== undefined && parts.length > 0 && sameParts(before.parts, parts)) return before;
        return { parts, line: parts.length === 0 ? fit(blank, width) : parts.flat() };
      });
      paintFrame(rows.map(({ line }) => line));
    },
  };
};
