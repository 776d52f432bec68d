import { t } from '../../base/texts.ts';
import type { AppState } from '../../state/state.ts';
import { span, type Line } from '../text/line.ts';

/** Lines for a rectangle, and how far they can be scrolled. */
export interface Drawn {
  readonly lines: readonly Line[];
  readonly most: number;
}

/** What is all on the screen. */
export const still = (lines: readonly Line[]): Drawn => ({ lines, most: 0 });

/** The content of a pane for one state: `reads` is all it is drawn from, so it is drawn again when one of it changes. */
export interface Content {
  readonly reads: readonly unknown[];
  readonly draw: (width: number, height: number, ascii: boolean) => Drawn;
}

/** A pane as it looks; the component puts it in its frame. */
export interface PaneView {
  /** Without the number. */
  readonly title: (state: AppState) => Line;
  /** What stands at the right of the frame's top. */
  readonly note: (state: AppState) => Line;
  readonly content: (state: AppState) => Content;
}

type Draw<Read> = (read: Read, width: number, height: number, ascii: boolean) => Drawn;

/** A content drawn from some fields of the state: `draw` is given those only, so that none can be forgotten. */
export const reading =
  <K extends keyof AppState>(keys: readonly K[], draw: Draw<Pick<AppState, K>>): PaneView['content'] =>
  (state) => ({
    reads: keys.map((key) => state[key]),
    draw: (width, height, ascii) => draw(state, width, height, ascii),
  });

/** The same from less than fields: what `select` takes of them. */
export const readingOf =
  <Read extends object>(select: (state: AppState) => Read, draw: Draw<Read>): PaneView['content'] =>
  (state) => {
    const read = select(state);
    return { reads: Object.values(read), draw: (width, height, ascii) => draw(read, width, height, ascii) };
  };

/** `12–34 of 56`: which lines of a longer text are seen. */
export const scrollNote = (scroll: number, most: number, height: number): Line =>
  most === 0
    ? []
    : [
        span(
          t('{from}–{to} of {total}', {
            from: Math.min(scroll, most) + 1,
            to: Math.min(scroll, most) + height,
            total: most + height,
          }),
          'dim',
        ),
      ];
